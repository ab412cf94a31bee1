"""A fitted separability floor, to ask for out-of-sample probabilities."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from segmend.artifacts.separability import Separability
from segmend.core.recording import Recording
from segmend.core.types import FloatArray
from segmend.fingerprinting.ridge import apply
from segmend.fingerprinting.rows import Rows
from segmend.fingerprinting.sampling import Sampler
from segmend.fingerprinting.windowed import everywhere

PLACES = 1 << 14
"""Places whose probabilities are computed together."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Floor:
    """A fitted floor.

    Attributes:
        facts: what it reaches.
        sampler: how its features are measured.
        fold: of each group, or recording where there is one group only, that it was fitted on; by name.
        weights: of each fold, fitted on the others, and at last of all; shape (folds + 1, 1 + features, classes).
    """

    facts: Separability
    sampler: Sampler
    fold: dict[str, int]
    weights: FloatArray

    def unit(self, recording: Recording) -> str:
        """What a recording is held out with: its group, or itself where there is one group only."""
        return recording.group if self.facts.folds_by == "groups" else recording.name

    def said(self, recording: Recording, rows: Rows) -> FloatArray:
        """Probabilities of the rows of a recording, by the model that was not fitted on it, shape (n, classes)."""
        weights = self.weights[self.fold[self.unit(recording)]]
        return probable(apply(weights, rows.found), self.sampler.task.labels == "multilabel")

    def probabilities(self, recording: Recording) -> FloatArray:
        """Probability of each class by the model that was not fitted on the recording's group.

        Returns:
            Shape (*spatial, classes), or (classes,) where whole recordings are classified.
        """
        sampler, weights = self.sampler, self.weights[self.fold.get(self.unit(recording), -1)]
        multilabel = sampler.task.labels == "multilabel"
        if sampler.task.kind == "classification":
            return probable(apply(weights, sampler.of_whole(recording, np.random.default_rng(0))), multilabel)[0]
        shape = np.array(recording.shape)
        rest = int(np.prod(shape[1:]))
        rows = max(1, PLACES // rest)
        found = np.empty((*recording.shape, len(sampler.labels)))
        for first in range(0, recording.shape[0], rows):
            last = min(first + rows, recording.shape[0])
            start, stop = np.zeros_like(shape), shape.copy()
            start[0], stop[0] = max(0, first - sampler.margin), min(shape[0], last + sampler.margin)
            places = everywhere((last - first, *recording.shape[1:]))
            places[:, 0] += first
            said = probable(apply(weights, sampler.at(recording, places, start, stop)), multilabel)
            found[first:last] = said.reshape(last - first, *recording.shape[1:], -1)
        return found


def probable(scores: FloatArray, multilabel: bool) -> FloatArray:
    """Least-squares scores, which estimate probabilities, brought to where probabilities lie.

    >>> probable(np.array([[1.5, 0.5, -0.2]]), False).round(3).tolist()
    [[0.667, 0.333, 0.0]]
    """
    within = np.clip(scores, 1e-6, 1)
    return within if multilabel else within / within.sum(axis=-1, keepdims=True)
