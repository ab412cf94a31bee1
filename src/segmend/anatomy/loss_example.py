"""A loss of overlap tried on a small example: does it count rare classes for themselves, or all of them together?"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import keras
import numpy as np

from segmend.artifacts.anatomy import OverlapProof
from segmend.core.types import FloatArray

NAMED = re.compile(r"dice|jaccard|iou|intersection|tversky|f1|overlap", re.IGNORECASE)
"""Names that people give to losses of overlap."""

RARE_STEPS = 4
"""Steps of each rare class in the example."""

RARE_SHARE = 0.05
MOST_CLASSES = 64
LEAST_LOSS, MOST_LOSS = 0.5, 1.5
"""A loss of overlap alone goes from 0 to about 1; what goes beyond has another loss added."""


def overlap_proof(loss: Any, name: str, shape: Sequence[int | None]) -> OverlapProof | None:
    """What a loss says of a prediction that never finds the rare classes; None where it is no loss of overlap alone.

    Args:
        loss: a Keras loss or a function of (y_true, y_pred).
        name: of the loss.
        shape: of the output without the batch axis.

    Examples:
        >>> proof = overlap_proof(keras.losses.Dice(), "Dice", (None, 3))
        >>> proof.steps, proof.rare_steps, round(proof.all_frequent, 2)
        (160, 8, 0.05)
    """
    classes = shape[-1] if shape else None
    if not NAMED.search(name) or classes is None or not 2 <= classes <= MOST_CLASSES:
        return None
    labels = example(classes)
    true = np.eye(classes, dtype="float32")[labels]
    frequent, wrong = np.eye(classes, dtype="float32")[[0 * labels, (labels + 1) % classes]]
    for target in (true, labels):
        try:
            said = [_value(loss, target, prob, len(shape)) for prob in (frequent, true, wrong)]
        except Exception:  # noqa: BLE001 - a stranger's loss may raise anything on labels of another form
            continue
        if np.isfinite(said).all() and said[1] < 0.1 and LEAST_LOSS < said[2] - said[1] <= MOST_LOSS:
            rare = int(np.sum(labels > 0))
            return OverlapProof(
                classes=classes,
                steps=len(labels),
                rare_steps=rare,
                all_frequent=said[0],
                perfect=said[1],
                all_wrong=said[2],
            )
    return None


def example(classes: int) -> Any:
    """Class numbers of which 0 holds all but a few steps, shape (steps,).

    Examples:
        >>> np.bincount(example(3)).tolist()
        [152, 4, 4]
    """
    rare = RARE_STEPS * (classes - 1)
    return np.concatenate(
        [np.zeros(round(rare / RARE_SHARE) - rare, int), np.repeat(np.arange(1, classes), RARE_STEPS)]
    )


def _value(loss: Callable[..., Any], target: FloatArray, prob: FloatArray, rank: int) -> float:
    """The mean loss of the example in the shape of a batch of outputs with ``rank`` axes."""

    def shaped(rows: FloatArray) -> FloatArray:
        spatial = {1: (len(rows),), 2: (1, len(rows))}.get(rank, (1, *(1,) * (rank - 2), len(rows)))
        return rows.reshape(*spatial, *rows.shape[1:])

    return float(np.mean(keras.ops.convert_to_numpy(loss(shaped(target), shaped(prob)))))
