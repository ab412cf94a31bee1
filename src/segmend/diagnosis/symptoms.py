"""What curves of a training show, for the several rules that look at the same."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from segmend.artifacts.chart import Chart
from segmend.artifacts.finding import Severity
from segmend.core.types import FloatArray
from segmend.diagnosis import severity
from segmend.diagnosis.curves import Course, finite, level, noise, smooth, tenth

CERTAIN = 4.0
"""Standard errors beyond which a difference of levels is no chance, also after the best of many epochs was picked."""

RISE = 0.15
"""Early stopping with a patience of a tenth of the epochs leaves the loss up to a tenth above its best."""

RISE_OF_GAINED = 0.05
FELL = 0.05
GAP = 0.10
MUCH = 0.5
FEWEST = 5

LOST = 0.5
EXPLODED = 0.5

UP, VAL_UP = 0.10, 0.25
MOVES, VAL_MOVES = 0.05, 0.10
OFTEN = 0.2


class Overfit(NamedTuple):
    """A validation loss that rose while the training loss fell.

    Attributes:
        epoch: of the lowest smoothed validation loss, from 1.
        best, end: validation loss there and at the end; ``rise`` is their difference over the best.
        train_best, train_end: training loss at the same two places.
        rise: share by which the validation loss rose.
        score: name of the validation score by which the cost is told, None where none was logged.
        lost: what that score lost since its best, 0 where none was logged.
        gap: by how much the training score is above the validation score at the end.
    """

    epoch: int
    best: float
    end: float
    train_best: float
    train_end: float
    rise: float
    score: str | None
    lost: float
    gap: float


class Broken(NamedTuple):
    """A training loss that went away.

    Attributes:
        epoch: from 1; the first without a number, or the best one before the loss rose.
        best, end: the loss there and at the end; None where it is no number.
        number: whether it is one still.
    """

    epoch: int
    best: float | None
    end: float | None
    number: bool


class Swings(NamedTuple):
    """A loss that goes up and down.

    Attributes:
        column: "loss" or "val_loss".
        move: by how much it moves from one epoch to the next, in the later half.
        level: around which.
        gained: how far it has fallen in all.
        ups: share of the epochs of the later half in which it rises by more than ``up`` of its level.
    """

    column: str
    move: float
    level: float
    gained: float
    ups: float
    up: float


def overfit(course: Course) -> Overfit | None:
    """Whether the validation loss rose for good while the training loss went on falling; None of under 5 epochs."""
    epochs, loss, val = course.paired
    if len(val) < FEWEST:
        return None
    calm, end = smooth(val), level(val)
    k = int(np.argmin(calm[: len(val) - tenth(len(val)) // 2]))
    best, rise = float(calm[k]), end - float(calm[k])
    chance = CERTAIN * noise(val) * math.sqrt(2 / tenth(len(val)))
    least = max(RISE * abs(best), RISE_OF_GAINED * float(val[0] - best), chance)
    train_best, train_end = float(smooth(loss)[k]), level(loss)
    fell = train_best - train_end
    if rise <= least or fell <= max(FELL * abs(train_best), noise(loss) * math.sqrt(2 / tenth(len(val)))):
        return None
    name, lost, gap = _cost(course)
    share = rise / abs(best) if best else math.inf
    return Overfit(int(epochs[k]) + 1, best, end, train_best, train_end, share, name, lost, gap)


def _cost(course: Course) -> tuple[str | None, float, float]:
    """Name of the score, what validation lost of it since its best, and the gap to training."""
    found = course.score()
    if found is None or found[2] is None or len(finite(found[2])) < FEWEST:
        return None, 0.0, 0.0
    name, train, val = found[0], finite(found[1]), finite(found[2])
    return f"val_{name}", float(max(0.0, smooth(val).max() - level(val))), max(0.0, level(train) - level(val))


def grade_of(chart: Chart, course: Course, seen: Overfit) -> Severity:
    """How grave it is to have overfitted: by what the validation score lost, or by the rise where none was logged."""
    if kept_best(chart, course):
        return Severity.INFO
    without = Severity.WARNING if seen.rise >= MUCH else Severity.INFO
    gap = Severity.WARNING if seen.gap >= GAP else Severity.INFO
    return severity.worst(of_scores(seen.score, seen.lost, without), gap)


def broken(course: Course) -> Broken | None:
    """Whether the training loss became no number, or lost most of what it had gained."""
    known = np.flatnonzero(np.isfinite(course.loss))
    last = int(known[-1]) + 1 if known.size else 0
    if last < len(course.loss) and not _measured(course.val_loss, last):
        before = float(course.loss[last - 1]) if last else None
        return Broken(last + 1, before, None, number=False)
    loss = course.loss[known]
    if len(loss) < FEWEST:
        return None
    calm, end = smooth(loss), level(loss)
    k = int(np.argmin(calm))
    best, first = float(min(calm[k], loss[0])), float(loss[0])
    chance = CERTAIN * noise(loss) * math.sqrt(2 / tenth(len(loss)))
    gained = max(first - best, EXPLODED * abs(best))
    if end - best <= max(LOST * gained, chance) or len(loss) - k <= tenth(len(loss)) // 2:
        return None
    return Broken(int(known[k]) + 1, best, end, number=True)


def _measured(val: FloatArray | None, since: int) -> bool:
    """Whether validation goes on where the loss is missing: then the log has rows of its own for either."""
    return val is not None and bool(np.isfinite(val[since:]).all())


def swinging(course: Course) -> Swings | None:
    """Whether the training loss, or else the validation loss, goes up and down."""
    seen = _swings(course.loss, "loss", up=UP, share=MOVES)
    return seen or _swings(course.val_loss, "val_loss", up=VAL_UP, share=VAL_MOVES)


def _swings(values: FloatArray | None, column: str, *, up: float, share: float) -> Swings | None:
    known = finite(values)
    later = known[len(known) // 2 :]
    if len(later) < FEWEST:
        return None
    steps = np.diff(later)
    around, gained = float(np.median(later)), float(max(known[0] - known.min(), 0.0))
    move, rises = float(np.median(np.abs(steps))), steps > up * abs(around)
    ups = float(rises.mean())
    if rises.sum() < 2 or ups < OFTEN or move < share * gained:
        return None
    return Swings(column, move, around, gained, ups, up)


def kept_best(chart: Chart, course: Course) -> bool:
    """Whether the weights of the best epoch were kept, as segmend's own training does."""
    return (chart.history is not None and chart.history.best_epoch is not None) or "val_objective" in course.columns


def reached(chart: Chart) -> tuple[float, float]:
    """The macro F1 of a linear model and of this one; the same where one of them is not known."""
    known = chart.fingerprint.separability if chart.fingerprint else None
    own = chart.scores.step.get("macro_f1") if chart.scores else None
    if known is None or known.macro_f1 is None or own is None or not math.isfinite(own):
        return 0.0, 0.0
    return known.macro_f1, float(own)


def of_scores(name: str | None, lost: float, otherwise: Severity) -> Severity:
    """Severity from what a validation score loses; where none was logged, as told."""
    return otherwise if name is None else severity.of_change(lost, 0.0)
