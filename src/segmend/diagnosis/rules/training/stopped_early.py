"""T105: training ended while the loss was still falling."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar, NamedTuple

import numpy as np

from segmend.artifacts.chart import Chart
from segmend.artifacts.edits import PLANNED
from segmend.artifacts.finding import Finding, Remedy, Severity
from segmend.core.task import Kind
from segmend.core.types import FloatArray
from segmend.diagnosis import remedies
from segmend.diagnosis.curves import Course, Forecast, courses, finite, forecast, level
from segmend.diagnosis.rates import annealed
from segmend.diagnosis.rule import Rule
from segmend.diagnosis.severity import worst
from segmend.diagnosis.symptoms import UP, broken, of_scores, reached, swinging
from segmend.diagnosis.wording import number, percent

SHARE = 0.08
SHARE_OF_TRAINING = 0.15
MUCH = 0.15
FEWEST, BRIEF = 8, 0.2
BELOW_LINEAR = 0.02
LONGER = 2
"""Times the epochs that are advised: an exponential that lacks 8 % in half as many epochs again is then done."""


class Lacking(NamedTuple):
    """What a training that was cut short lacks.

    Attributes:
        loss: "validation" or "training", the one that tells.
        end: where that stands.
        to_come: what is to come of it.
        threshold: share of what was gained from which on that is much.
    """

    loss: str
    end: float
    to_come: Forecast
    threshold: float


class StoppedEarly(Rule):
    """Training ended while the model was still getting better.

    What it finds:
        A validation loss that, going on as it did, would fall by another 8 % or more of what it has gained in half as
        many epochs again; where there is no validation loss, 15 % of the training loss. Of 2 to 7 epochs, losses that
        fell in every one of them, and one of them in the last by 20 % or more of all that it fell, and by 10 % of its
        level, where a linear model on the same data reaches a macro F1 that is better by 0.02 or more.

    Why it matters:
        The model could have been better for nothing but time. What looks like a model that is too small, or data that
        are too hard, may be one that was not finished.

    Evidence:
        What was gained, and what half as many epochs would bring at least. To the last three fifths of the curve
        approaches to a floor are fitted; of those that fit nearly as well as the best, the most pessimistic is taken,
        so that noise does not pass for progress. A training of four time constants would bring 2 % more, one of two
        time constants 10 %. Severity is what the validation score, where one was logged, would gain in the same way;
        without one, 15 % or more is a warning.

    Remedy:
        Train for twice as many epochs with early stopping, so that nothing is lost if it does not help; raise the
        patience if it was early stopping that ended this training, or the budget.

    Known limits:
        Nothing is said where the rate had fallen to a tenth by the end: then a training is over as planned. Of under 8
        epochs no forecast is made: what the last one brought is all that is known. A plateau before a second fall is
        taken for the end.
    """

    name = "stopped-early"
    code = "T105"
    spent_as_info = True
    needs: ClassVar[tuple[str, ...]] = ("history",)
    explains: ClassVar[tuple[str, ...]] = (
        "underfitting",
        "single-class-collapse",
        "missed-class",
        "flickering",
        "over-segmentation",
        "spurious-segments",
        "missed-segments",
        "shifted-boundaries",
        "confused-pair",
        "wrong-threshold",
    )
    kinds: ClassVar[tuple[Kind, ...]] = ("segmentation", "classification")

    def examine(self, chart: Chart) -> Iterator[Finding]:
        """At most one finding, of the network that lacks most."""
        assert chart.history is not None
        found = [
            (course, seen)
            for course in courses(chart.history)
            if not annealed(chart, course) and (seen := _lacking(chart, course)) is not None
        ]
        if found:
            yield self._of(chart, *max(found, key=lambda each: each[1].to_come.share))

    def _of(self, chart: Chart, course: Course, lacking: Lacking) -> Finding:
        epochs, seen = len(course.loss), lacking.to_come
        name, more = _score_to_come(course)
        otherwise = Severity.WARNING if seen.share >= MUCH and course.val_loss is not None else Severity.INFO
        told = f"{epochs // 2} more epochs would bring at least another {percent(seen.share)} of what was gained"
        if epochs < FEWEST:
            told = f"the last epoch alone brought {percent(seen.share)} of what was gained"
        return self.finding(
            f"After {epochs} epochs the {lacking.loss} loss is {number(lacking.end)} and still falling: {told}",
            severity=worst(of_scores(name, more, otherwise), Severity.WARNING if epochs < FEWEST else Severity.INFO),
            evidence={
                "epochs": epochs,
                "gained": seen.gained,
                "to_come": seen.more,
                "share": seen.share,
                "threshold": lacking.threshold,
                **({"score": name, "score_to_come": more} if name else {}),
                **({"planned_epochs": planned} if (planned := _planned(chart)) else {}),
                **({"member": course.member} if course.member else {}),
            },
            remedies=[_remedy(chart, epochs)],
            gain=more,
        )


def _lacking(chart: Chart, course: Course) -> Lacking | None:
    """What is to come, where that is much and the curve is one that can be continued."""
    name, curve, least = "training", course.loss, SHARE_OF_TRAINING
    if course.val_loss is not None:
        name, curve, least = "validation", course.val_loss, SHARE
    known = finite(curve)
    if broken(course):
        return None
    if 2 <= len(known) < FEWEST:
        linear, own = reached(chart)
        curves = {name: known, "training": finite(course.loss)}
        return _brief(curves) if linear - own >= BELOW_LINEAR else None
    seen = forecast(known)
    if len(known) < FEWEST or seen.share < least or swinging(course):
        return None
    return Lacking(name, level(known), seen, least)


def _brief(curves: Mapping[str, FloatArray]) -> Lacking | None:
    """What the last of a few epochs brought, where every one brought something, and the last one much of one loss."""
    falls = {name: -np.diff(curve) for name, curve in curves.items() if len(curve) > 1}
    if min(fall.min() for fall in falls.values()) <= 0:
        return None
    for name, fall in falls.items():
        end, gained, last = float(curves[name][-1]), float(fall.sum()), float(fall[-1])
        if last >= BRIEF * gained and last >= UP * abs(end):
            return Lacking(name, end, Forecast(gained, last, last / gained), BRIEF)
    return None


def _score_to_come(course: Course) -> tuple[str | None, float]:
    """The validation score that was logged, and what it would gain."""
    found = course.score()
    if found is None or found[2] is None or len(known := finite(found[2])) < 2:
        return None, 0.0
    if len(known) < FEWEST:
        return f"val_{found[0]}", max(0.0, float(known[-1] - known[-2]))
    return f"val_{found[0]}", min(forecast(-known).more, 1 - level(known))


def _planned(chart: Chart) -> int | None:
    return chart.history.planned_epochs if chart.history else None


def _remedy(chart: Chart, epochs: int) -> Remedy:
    planned = _planned(chart)
    patience = max(5, epochs // 5)
    why = "" if planned is None or planned <= epochs else f" Early stopping ended this one at {epochs} of {planned}."
    return remedies.train_again(
        "train-longer",
        f"Train for epochs={LONGER * max(epochs, planned or 0)} with keras.callbacks.EarlyStopping("
        f'monitor="val_loss", patience={patience}, restore_best_weights=True).{why}',
        {"training.steps": PLANNED},
    )
