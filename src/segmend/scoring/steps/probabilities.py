"""Judged steps of all recordings beside what was said of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from segmend.core.labels import IGNORE
from segmend.core.types import BoolArray, FloatArray, IntArray
from segmend.errors import InputError

SUM_TOLERANCE = 1e-2
"""How far from 1 the probabilities of a step may sum, for they may have been stored in half precision."""


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """Judged steps, whatever their recordings' rank.

    Attributes:
        y_true: class number of each step, shape (steps,); multilabel: 0 or 1, shape (steps, classes).
        y_prob: probability of each class, shape (steps, classes).
        multilabel: which of the two.
    """

    y_true: IntArray
    y_prob: FloatArray
    multilabel: bool

    @property
    def classes(self) -> int:
        """Number of classes."""
        return int(self.y_prob.shape[1])

    @property
    def probable(self) -> bool:
        """Whether the scores are probabilities: from 0 to 1, and of sum 1 where a step has one label."""
        if not self.y_prob.size:
            return True
        inside = float(self.y_prob.min()) >= 0 and float(self.y_prob.max()) <= 1
        return inside and (self.multilabel or bool(np.abs(self.y_prob.sum(axis=1) - 1).max() < SUM_TOLERANCE))

    def holds(self, label: int) -> BoolArray:
        """Where a class is, shape (steps,)."""
        found: BoolArray = self.y_true[:, label] == 1 if self.multilabel else self.y_true == label
        return found

    def one_hot(self) -> BoolArray:
        """Where each class is, shape (steps, classes)."""
        found: BoolArray = self.y_true == 1 if self.multilabel else self.y_true[:, None] == np.arange(self.classes)
        return found


def judged_steps(y_true: Sequence[IntArray], y_prob: Sequence[FloatArray], *, multilabel: bool = False) -> Judged:
    """The steps that are judged, recordings one after the other.

    Args:
        y_true: as for ``count_steps``.
        y_prob: probability of each class, shape (*spatial, classes) per recording.
        multilabel: whether a step may carry several labels.

    Raises:
        InputError: shapes differ.

    Examples:
        >>> steps = judged_steps([np.array([0, -1, 1])], [np.array([[0.9, 0.1], [0.5, 0.5], [0.3, 0.7]])])
        >>> steps.y_true, steps.y_prob[:, 1]
        (array([0, 1]), array([0.1, 0.7]))
    """
    true, prob = [], []
    for k, (rows, said) in enumerate(zip(y_true, y_prob, strict=True)):
        classes = np.shape(said)[-1]
        expected = (*np.shape(rows)[:-1], classes) if multilabel else (*np.shape(rows), classes)
        if np.shape(said) != expected:
            raise InputError(f"y_prob[{k}]: expected shape {expected}. Received {np.shape(said)}")
        flat = np.reshape(rows, (-1, classes) if multilabel else -1)
        keep = np.all(flat != IGNORE, axis=1) if multilabel else flat != IGNORE
        true.append(flat[keep])
        prob.append(np.reshape(said, (-1, classes))[keep])
    return Judged(np.concatenate(true), np.concatenate(prob), multilabel)
