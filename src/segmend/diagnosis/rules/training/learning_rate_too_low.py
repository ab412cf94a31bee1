"""T302: the learning rate is far below the usual one, and the loss creeps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from segmend.artifacts.chart import Chart
from segmend.artifacts.finding import Finding, Remedy, Severity
from segmend.core.task import Kind
from segmend.diagnosis import remedies
from segmend.diagnosis.curves import Course, courses, finite, forecast, level
from segmend.diagnosis.rates import Rate, annealed, rate_of
from segmend.diagnosis.rule import Rule
from segmend.diagnosis.skill import unlearnt
from segmend.diagnosis.symptoms import broken
from segmend.diagnosis.wording import number, percent

TIMES = 10.0
CREEPS = 0.10
FLAT = 0.05
MUCH = 0.3


class LearningRateTooLow(Rule):
    """The learning rate is far below what is usual for the optimizer, and training creeps.

    What it finds:
        A rate of at most a tenth of the usual one for the optimizer, together with a training or validation loss that
        is far from done: half as many epochs again would bring another 10 % or more of what was gained; or that never
        fell by more than 5 % although there was much to learn.

    Why it matters:
        The weights hardly leave the place where they began. What the model could do does not show, in any time that
        one would wait, and it looks as if it were too small or the data too hard.

    Evidence:
        The highest rate, by the history or by the compiled optimizer, the usual one, and how far the loss would still
        fall at least. A low rate alone is no fault: fine-tuning wants one.

    Remedy:
        The usual rate, worked out, and a schedule that lowers it to nothing at the end.

    Known limits:
        The compiled optimizer tells the rate at the end, not the one it began with, unless the history has a column
        of it; then a rate that was lowered to nothing by the end is recognised. Under 6 epochs, creeping is not seen.
    """

    name = "learning-rate-too-low"
    code = "T302"
    needs: ClassVar[tuple[str, ...]] = ("history", "anatomy", "anatomy.optimizer")
    explains: ClassVar[tuple[str, ...]] = (
        "stopped-early",
        "underfitting",
        "single-class-collapse",
        "missed-class",
        "confused-pair",
        "wrong-threshold",
        "missed-segments",
    )
    kinds: ClassVar[tuple[Kind, ...]] = ("segmentation", "classification")

    def examine(self, chart: Chart) -> Iterator[Finding]:
        """At most one finding."""
        assert chart.history is not None
        for course in courses(chart.history):
            rate = rate_of(chart, course)
            if rate is None or rate.times > 1 / TIMES or annealed(chart, course) or broken(course):
                continue
            creeping = _creeping(chart, course)
            if creeping is not None:
                yield self._of(course, rate, *creeping)
                return

    def _of(self, course: Course, rate: Rate, share: float | None, grave: Severity) -> Finding:
        loss = finite(course.loss)
        still = f"it stayed at {number(level(loss))} in {len(loss)} epochs"
        if share is not None:
            more = len(loss) // 2
            still = f"{more} more epochs would still bring at least another {percent(share)} of what was gained"
        return self.finding(
            f"The learning rate was {rate.value:.2g}, {number(1 / rate.times)} times less than the usual "
            f"{rate.usual:.2g} of {rate.optimizer}, and the loss creeps: {still}",
            severity=grave,
            evidence={
                "learning_rate": rate.value,
                "usual": rate.usual,
                "times": rate.times,
                "threshold": 1 / TIMES,
                "optimizer": rate.optimizer,
                "share_to_come": share,
                "loss_first": float(loss[0]),
                "loss_end": level(loss),
                **({"member": course.member} if course.member else {}),
            },
            remedies=_remedies(rate),
        )


def _creeping(chart: Chart, course: Course) -> tuple[float | None, Severity] | None:
    """What is still to come, and how grave that is; None of a loss that is nearly done."""
    loss, nothing = finite(course.loss), unlearnt(chart, course) is not None
    if len(loss) >= 3 and loss[0] - level(loss) < FLAT * abs(float(loss[0])) and nothing:
        return None, Severity.WARNING
    share = max(forecast(loss).share, 0.0 if course.val_loss is None else forecast(finite(course.val_loss)).share)
    return (share, Severity.WARNING if nothing or share >= MUCH else Severity.INFO) if share >= CREEPS else None


def _remedies(rate: Rate) -> list[Remedy]:
    return [
        remedies.train_again(
            "take-the-usual-rate",
            f"Train with optimizer=keras.optimizers.{rate.optimizer}(learning_rate={rate.usual:.2g}).",
            {"training.learning_rate": rate.usual},
        ),
        Remedy(
            name="let-the-rate-fall",
            safety="manual",
            advice=f"Train with learning_rate=keras.optimizers.schedules.CosineDecay({3 * rate.usual:.2g}, steps), "
            "where steps is the number of batches in all epochs.",
        ),
    ]
