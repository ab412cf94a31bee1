"""Partners of recordings within a batch."""

from __future__ import annotations

from keras import ops

from segmend.augmentation.base import Batch, Transform


def partners(transform: Transform, batch: Batch) -> Batch:
    """The batch in another order, in which no recording meets itself unless it is alone."""
    size = ops.shape(batch.x)[0]
    by = 1 + ops.cast(ops.floor(transform.uniform(()) * ops.cast(size - 1, "float32")), "int32")
    order = ops.mod(ops.arange(size, dtype="int32") + by, size)
    return Batch(*(None if part is None else ops.take(part, order, axis=0) for part in batch))
