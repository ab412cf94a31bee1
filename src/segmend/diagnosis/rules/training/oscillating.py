"""T104: a loss goes up and down from epoch to epoch."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import numpy as np

from segmend.artifacts.chart import Chart
from segmend.artifacts.finding import Finding, Remedy, Severity
from segmend.core.task import Kind
from segmend.diagnosis import remedies
from segmend.diagnosis.curves import Course, courses, finite
from segmend.diagnosis.rates import rate_of
from segmend.diagnosis.rule import Rule
from segmend.diagnosis.symptoms import Swings, broken, kept_best, of_scores, swinging
from segmend.diagnosis.wording import number, percent


class Oscillating(Rule):
    """A loss goes up and down from epoch to epoch instead of settling.

    What it finds:
        In the later half of training, a training loss that rises by more than 10 % of its level in at least every
        fifth epoch, or a validation loss that rises by more than 25 % of its level as often; and moves that are no
        trifle beside what training gained in all (at least 5 %, of validation 10 %).

    Why it matters:
        Where training ends is then a matter of luck: the epoch before or after would give another model. The steps
        are too long for the place that the weights are in, or the batches differ too much from each other.

    Evidence:
        The column, how far it moves from one epoch to the next at the median, its level, how often it rises, and the
        thresholds. The training loss is a mean over a whole epoch, which batches alone do not move by 10 %. A
        validation loss of few recordings is rougher, hence the wider bound. Severity is by how much the validation
        score, where one was logged, moves from epoch to epoch; otherwise swings of the training loss are a warning.

    Remedy:
        A rate three times lower, or one that falls to nothing at the end (the numbers are worked out where the rate
        is known), larger batches, or the running mean of the weights, which needs no other change.

    Known limits:
        Under 10 epochs are not judged. A cyclic schedule makes a loss swing on purpose.
    """

    name = "oscillating"
    code = "T104"
    spent_as_info = True
    needs: ClassVar[tuple[str, ...]] = ("history",)
    explains: ClassVar[tuple[str, ...]] = ("underfitting",)
    kinds: ClassVar[tuple[Kind, ...]] = ("segmentation", "classification")

    def examine(self, chart: Chart) -> Iterator[Finding]:
        """At most one finding, of the training loss rather than the validation loss."""
        assert chart.history is not None
        judged = [each for each in courses(chart.history) if broken(each) is None]
        found = [(course, seen) for course in judged if (seen := swinging(course)) is not None]
        if found:
            yield self._of(chart, *min(found, key=lambda each: (each[1].column, -each[1].ups)))

    def _of(self, chart: Chart, course: Course, seen: Swings) -> Finding:
        kind = "training" if seen.column == "loss" else "validation"
        name, moves = _score_moves(course)
        otherwise = Severity.WARNING if kind == "training" else Severity.INFO
        kept = kept_best(chart, course)
        return self.finding(
            f"In the later half of {len(course.loss)} epochs the {kind} loss moves by {number(seen.move)} from one "
            f"epoch to the next, around a level of {number(seen.level)}, and rises in {percent(seen.ups)} of them",
            severity=Severity.INFO if kept else of_scores(name, moves, otherwise),
            evidence={
                "column": seen.column,
                "move": seen.move,
                "level": seen.level,
                "rises": seen.ups,
                "threshold": seen.up,
                "gained": seen.gained,
                **({"score": name, "score_moves": moves} if name else {}),
                **({"member": course.member} if course.member else {}),
            },
            remedies=_remedies(chart, course),
            gain=0.0 if kept else moves,
        )


def _score_moves(course: Course) -> tuple[str | None, float]:
    """The validation score that was logged, and by how much it moves from epoch to epoch in the later half."""
    found = course.score()
    if found is None or found[2] is None or len(known := finite(found[2])) < 4:
        return None, 0.0
    return f"val_{found[0]}", float(np.median(np.abs(np.diff(known[len(known) // 2 :]))))


def _remedies(chart: Chart, course: Course) -> list[Remedy]:
    rate = rate_of(chart, course)
    name, lower = (rate.optimizer, rate.value / 3) if rate else ("Adam", 3e-4)
    total = chart.history.steps_per_epoch if chart.history else None
    steps = f"{total * len(course.loss)}" if total else "steps"
    unit = "" if total else ", where steps is the number of batches in all epochs"
    return [
        Remedy(
            name="average-the-weights",
            safety="manual",
            advice=f"Compile with optimizer=keras.optimizers.{name}(use_ema=True, ema_momentum=0.99) and fit with "
            "callbacks=[keras.callbacks.SwapEMAWeights(swap_on_epoch=True)].",
        ),
        remedies.train_again(
            "lower-the-rate",
            f"Train with learning_rate={lower:.2g}, or let it fall to nothing: learning_rate="
            f"keras.optimizers.schedules.CosineDecay({3 * lower:.2g}, {steps}){unit}.",
            {"training.learning_rate": lower},
        ),
        Remedy(name="enlarge-the-batches", safety="manual", advice="Train with batches that are four times as large."),
    ]
