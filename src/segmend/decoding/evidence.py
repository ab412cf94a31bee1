"""What the scores around a step tell about its class, and about a border there."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Self

import numpy as np

from segmend.core.types import FloatArray, IntArray
from segmend.decoding.base import log_probabilities
from segmend.decoding.regression import LogLinear

RIDGE = 0.1
CLASS_REACH = (0.25, 0.5, 1.0, 2.0)
"""Reach of the windows that a class is read off, in usual segments."""

EDGE_REACH = (0.15, 0.4, 0.8)
TOLERANCE = 0.1
"""A border counts as one up to this far away, in usual segments, by a share that falls to 0."""


class Shown(NamedTuple):
    """What is known about each cell of a recording.

    Attributes:
        raw: mean log probabilities as they came, shape (cells, classes).
        calibrated: log probabilities read off the windows, shape (cells, classes).
        edge: log odds that a segment begins, shape (cells,).
    """

    raw: FloatArray
    calibrated: FloatArray
    edge: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """Two ridge regressions on windows of scores: which class, and whether a segment begins.

    A cell is ``stride`` steps. Windows are as wide as parts of a usual segment, so that a network's score far from a
    step, and its score over the whole recording, tell about the step too. The calibrated scores stand beside the raw
    ones and do not replace them: they know more and have blunter borders.

    Attributes:
        stride: steps in a cell.
        unit: cells in a usual segment.
        classes: reads the class off windows.
        edges: reads off windows whether a segment begins.
    """

    stride: int
    unit: float
    classes: LogLinear
    edges: LogLinear

    @classmethod
    def fit(
        cls, y_prob: Sequence[FloatArray], y_true: Sequence[IntArray], classes: int, *, stride: int, unit: float
    ) -> Self:
        """Learn from labelled recordings.

        Args:
            y_prob: one (steps, classes) array per recording.
            y_true: class of each step; no step is ignored.
            classes: number of classes.
            stride: steps in a cell.
            unit: cells in a usual segment.
        """
        cells = [_cells(rows, stride) for rows in y_prob]
        middle = [np.minimum(np.arange(0, len(true), stride) + stride // 2, len(true) - 1) for true in y_true]
        label = np.concatenate([true[at] for true, at in zip(y_true, middle, strict=True)])
        edge = np.concatenate([_edges(true, stride, round(TOLERANCE * unit)) for true in y_true])
        windows = np.concatenate([_class_windows(raw, prob, unit) for raw, prob in cells])
        changes = np.concatenate([_edge_windows(raw, prob, unit) for raw, prob in cells])
        return cls(
            stride,
            unit,
            LogLinear.fit(windows, np.eye(classes, dtype=np.float32)[label], RIDGE),
            LogLinear.fit(changes, np.stack((1 - edge, edge), axis=1), RIDGE),
        )

    def __call__(self, y_prob: FloatArray) -> Shown:
        """What is known about each cell of a recording of probabilities, shape (steps, classes)."""
        raw, prob = _cells(y_prob, self.stride)
        edge = self.edges(_edge_windows(raw, prob, self.unit))
        return Shown(raw, self.classes(_class_windows(raw, prob, self.unit)), edge[:, 1] - edge[:, 0])

    def parameters(self) -> dict[str, Any]:
        """The learnt numbers as lists."""
        return {
            "stride": int(self.stride),
            "unit": float(self.unit),
            "classes": self.classes.parameters(),
            "edges": self.edges.parameters(),
        }

    @classmethod
    def from_parameters(cls, parameters: Mapping[str, Any]) -> Self:
        """The evidence back from ``parameters()``."""
        regressions = (LogLinear.from_parameters(parameters[key]) for key in ("classes", "edges"))
        return cls(int(parameters["stride"]), float(parameters["unit"]), *regressions)


def _cells(y_prob: FloatArray, stride: int) -> tuple[FloatArray, FloatArray]:
    """Mean log probabilities and mean probabilities of each cell, the last one perhaps shorter."""
    starts = np.arange(0, len(y_prob), stride)
    steps = np.diff(np.append(starts, len(y_prob)))[:, None]
    both = (log_probabilities(y_prob), np.asarray(y_prob, np.float64))
    raw, prob = (np.add.reduceat(rows, starts, axis=0) / steps for rows in both)
    return raw, prob


def _edges(true: IntArray, stride: int, reach: int) -> FloatArray:
    """1 in cells where a segment begins, falling to 0 over ``reach`` cells on both sides, shape (cells,)."""
    cells = math.ceil(len(true) / stride)
    edge = np.zeros(cells, np.float32)
    at = (np.flatnonzero(np.diff(true)) + 1) // stride
    for away in range(reach, -1, -1):
        for side in (at - away, at + away):
            edge[side[(side >= 0) & (side < cells)]] = 1 - away / (reach + 1)
    return edge


def _mean_between(total: FloatArray, low: int, high: int) -> FloatArray:
    """Means over cells t + low ... t + high - 1 for each cell t, of what there is of them, at least one cell.

    Args:
        total: running sums from 0, shape (cells + 1, columns).
        low: offset of the first cell.
        high: offset after the last cell, above ``low``.
    """
    cells = len(total) - 1
    first = np.clip(np.arange(cells) + low, 0, cells - 1)
    stop = np.clip(np.arange(cells) + high, first + 1, cells)
    return (total[stop] - total[first]) / (stop - first)[:, None]


def _running(rows: FloatArray) -> FloatArray:
    return np.concatenate((np.zeros((1, rows.shape[1])), np.cumsum(rows, axis=0)))


def _class_windows(raw: FloatArray, prob: FloatArray, unit: float) -> FloatArray:
    """Scores here, around, before and after each cell, and over the whole recording, shape (cells, 9 x classes)."""
    near, middle, far, farther = (max(1, round(unit * part)) for part in CLASS_REACH)
    centred = raw - raw.mean(axis=1, keepdims=True)
    log_total, total = _running(centred), _running(prob)
    whole = np.broadcast_to(total[-1] / len(prob), prob.shape)
    parts = [
        centred,
        _mean_between(log_total, -near, near + 1),
        _mean_between(log_total, -middle, middle + 1),
        _mean_between(log_total, -far, 0),
        _mean_between(log_total, 1, far + 1),
        _mean_between(total, -near, near + 1),
        _mean_between(total, -farther, 0),
        _mean_between(total, 1, farther + 1),
        whole,
    ]
    return np.concatenate(parts, axis=1)


def _edge_windows(raw: FloatArray, prob: FloatArray, unit: float) -> FloatArray:
    """How the scores before a cell differ from those from it on, at three widths, shape (cells, 21 + classes)."""
    log_total, total = _running(raw - raw.mean(axis=1, keepdims=True)), _running(prob)
    columns: list[FloatArray] = []
    for part in EDGE_REACH:
        reach = max(1, round(unit * part))
        before, after = _mean_between(total, -reach, 0), _mean_between(total, 0, reach)
        log_before, log_after = _mean_between(log_total, -reach, 0), _mean_between(log_total, 0, reach)
        step, log_step = after - before, log_after - log_before
        columns += [np.abs(step).sum(axis=1), np.sqrt(np.square(log_step).mean(axis=1)), (step * log_step).sum(axis=1)]
        columns += [before.max(axis=1), after.max(axis=1)]
        columns += [
            before.argmax(axis=1) != after.argmax(axis=1),
            log_before.argmax(axis=1) != log_after.argmax(axis=1),
        ]
        if part == EDGE_REACH[1]:
            columns += list(step.T)
    return np.stack(columns, axis=1).astype(np.float64)
