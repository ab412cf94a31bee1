"""T301: the learning rate is far above the usual one, and training shows it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from segmend.artifacts.chart import Chart
from segmend.artifacts.edits import FRESH
from segmend.artifacts.finding import Finding, Remedy, Severity
from segmend.core.task import Kind
from segmend.diagnosis import remedies
from segmend.diagnosis.curves import Course, courses, finite, level
from segmend.diagnosis.rates import Rate, rate_of
from segmend.diagnosis.rule import Rule
from segmend.diagnosis.skill import unlearnt
from segmend.diagnosis.symptoms import broken, kept_best, swinging
from segmend.diagnosis.wording import number

TIMES = 5.0
"""Three times the usual rate still trains most networks; at ten times it, few."""

FLAT = 0.05


class LearningRateTooHigh(Rule):
    """The learning rate is far above what is usual for the optimizer, and training suffers from it.

    What it finds:
        A rate of at least 5 times the usual one for the optimizer, together with a training loss that became no
        number or ran away, that goes up and down, or that never fell by more than 5 % although there was much to
        learn.

    Why it matters:
        Steps that are too long jump over every valley. Rectified units can die for good in the first of them, and
        then the model says the same of everything.

    Evidence:
        The highest rate, by the history or by the compiled optimizer, the usual one, how many times it that is, and
        what the loss does. A high rate alone is no fault: large batches and normalised networks stand it. So it must
        show in the curve.

    Remedy:
        The usual rate, worked out, with new weights, since dead units do not come back; a rise over the first steps
        (warm-up) if a high rate is wanted.

    Known limits:
        The compiled optimizer tells the rate at the end, not the one it began with, unless the history has a column
        of it. An optimizer that is not known by name counts as one like Adam.
    """

    name = "learning-rate-too-high"
    code = "T301"
    spent_as_info = True
    needs: ClassVar[tuple[str, ...]] = ("history", "anatomy", "anatomy.optimizer")
    explains: ClassVar[tuple[str, ...]] = (
        "diverged",
        "oscillating",
        "dead-units",
        "non-finite-weights",
        "underfitting",
        "single-class-collapse",
        "missed-class",
    )
    kinds: ClassVar[tuple[Kind, ...]] = ("segmentation", "classification")

    def examine(self, chart: Chart) -> Iterator[Finding]:
        """At most one finding."""
        assert chart.history is not None
        for course in courses(chart.history):
            rate = rate_of(chart, course)
            if rate is None or rate.times < TIMES:
                continue
            symptom = _symptom(chart, course)
            if symptom:
                yield self._of(chart, course, rate, *symptom)
                return

    def _of(self, chart: Chart, course: Course, rate: Rate, rule: str, seen: str) -> Finding:
        kept = kept_best(chart, course) and rule == "oscillating"
        grave = {"diverged": Severity.ERROR, "oscillating": Severity.WARNING, "underfitting": Severity.WARNING}[rule]
        return self.finding(
            f"The learning rate was {rate.value:.2g}, {number(rate.times)} times the usual {rate.usual:.2g} of "
            f"{rate.optimizer}, and {seen}",
            severity=Severity.INFO if kept else grave,
            evidence={
                "learning_rate": rate.value,
                "usual": rate.usual,
                "times": rate.times,
                "threshold": TIMES,
                "optimizer": rate.optimizer,
                "shows_as": rule,
                **({"member": course.member} if course.member else {}),
            },
            remedies=_remedies(rate),
            gain=1.0 if rule == "diverged" else 0.0,
        )


def _symptom(chart: Chart, course: Course) -> tuple[str, str] | None:
    """The rule whose fault the rate causes, and how the loss shows it."""
    gone = broken(course)
    if gone is not None:
        what = "ran away" if gone.number else "became no number"
        return "diverged", f"the training loss {what} from epoch {gone.epoch} on"
    swings = swinging(course)
    if swings is not None and swings.column == "loss":
        return "oscillating", f"the training loss moves by {number(swings.move)} from epoch to epoch"
    loss = finite(course.loss)
    if len(loss) >= 3 and loss[0] - level(loss) < FLAT * abs(float(loss[0])) and unlearnt(chart, course):
        return "underfitting", f"the training loss stayed at {number(level(loss))} in {len(loss)} epochs"
    return None


def _remedies(rate: Rate) -> list[Remedy]:
    usual = f"{rate.usual:.2g}"
    return [
        remedies.train_again(
            "take-the-usual-rate",
            f"Train from new weights with optimizer=keras.optimizers.{rate.optimizer}(learning_rate={usual}).",
            {**FRESH, "training.learning_rate": rate.usual},
        ),
        Remedy(
            name="warm-up",
            safety="manual",
            advice=f"Let the rate rise over the first steps: learning_rate=keras.optimizers.schedules.CosineDecay(0.0, "
            f"decay_steps=steps, warmup_target={3 * rate.usual:.2g}, warmup_steps=steps // 20), where steps is the "
            "number of batches in all epochs.",
        ),
    ]
