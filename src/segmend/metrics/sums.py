"""What a batch adds to the sums that a reading is read from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from keras import ops

from segmend.metrics.choice import Needs
from segmend.ops import Steps

COLUMNS: Mapping[Needs, Mapping[str, int]] = {
    "class": {"tp": 1, "fp": 1, "fn": 1, "total": 0},
    "classes": {"tp": 1, "fp": 1, "fn": 1, "total": 0},
    "right": {"right": 0, "total": 0},
    "confusion": {"confusion": 2},
}
"""The sums that a reading needs, and how many axes of classes each has."""


def count(steps: Steps, needs: Needs, threshold: Sequence[float] | None = None) -> dict[str, Any]:
    """Decode one batch and count it.

    Args:
        steps: the batch, read.
        needs: what the reading is read from.
        threshold: one for each class that may overlap with others; None where a step has one label: the likeliest.

    Examples:
        >>> import numpy as np
        >>> from segmend.ops import read_steps
        >>> steps = read_steps(np.array([[0, 0, 1]]), np.eye(2)[[[0, 1, 1]]])
        >>> np.asarray(count(steps, "confusion")["confusion"]).tolist()
        [[1.0, 1.0], [0.0, 1.0]]
    """
    classes, weight = steps.y_prob.shape[-1], ops.expand_dims(steps.weight, -1)
    if threshold is not None:
        said = ops.cast(steps.y_prob >= ops.convert_to_tensor(threshold, dtype="float32"), "float32")
    else:
        said = ops.one_hot(ops.argmax(steps.y_prob, axis=-1), classes, dtype="float32")
    if needs == "right":
        same = ops.cast(ops.all(ops.equal(steps.y_true > 0.5, said > 0.5), axis=-1), "float32")
        return {"right": ops.sum(same * steps.weight), "total": ops.sum(steps.weight)}
    there = weight * steps.y_true
    if needs == "confusion":
        rows, columns = (ops.reshape(side, (-1, classes)) for side in (there, said))
        return {"confusion": ops.matmul(ops.transpose(rows), columns)}
    axes = list(range(len(said.shape) - 1))
    both = ops.sum(there * said, axis=axes)
    return {
        "tp": both,
        "fp": ops.sum(weight * said, axis=axes) - both,
        "fn": ops.sum(there, axis=axes) - both,
        "total": ops.sum(steps.weight),
    }
