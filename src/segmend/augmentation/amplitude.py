"""Signals changed where they stand, labels kept."""

from __future__ import annotations

from typing import Any

from keras import ops

from segmend.augmentation.base import Batch, Transform


class Amplitude(Transform):
    """Base of the transforms that keep labels and weights; a subclass writes ``signal``."""

    def signal(self, x: Any) -> Any:
        """The new signal, float32, of the shape of ``x``."""
        raise NotImplementedError

    def change(self, batch: Batch) -> Batch:
        """The batch with another signal."""
        return batch._replace(x=self.signal(batch.x))


def mean_of(x: Any) -> Any:
    """The mean of each channel of each recording, ``(batch, 1, ..., channels)``."""
    return ops.mean(x, axis=_spatial(x), keepdims=True)


def deviation_of(x: Any) -> Any:
    """The standard deviation of each channel of each recording, ``(batch, 1, ..., channels)``.

    Examples:
        >>> import numpy as np
        >>> np.asarray(deviation_of(np.array([[[1.0, 5.0], [3.0, 5.0]]], "float32"))).tolist()
        [[[1.0, 0.0]]]
    """
    return ops.std(x, axis=_spatial(x), keepdims=True)


def channel_shape(x: Any) -> tuple[Any, ...]:
    """The shape of one number per recording and channel that broadcasts over ``x``."""
    size = ops.shape(x)
    return (size[0], *(1,) * (len(size) - 2), size[-1])


def _spatial(x: Any) -> tuple[int, ...]:
    return tuple(range(1, len(x.shape) - 1))
