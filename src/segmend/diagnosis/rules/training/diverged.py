"""T103: the training loss became no number, or went away from where it was."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from segmend.artifacts.chart import Chart
from segmend.artifacts.edits import FRESH
from segmend.artifacts.finding import Finding, Remedy, Severity
from segmend.core.task import Kind
from segmend.diagnosis import remedies
from segmend.diagnosis.broken_loss import broken_loss
from segmend.diagnosis.curves import Course, courses
from segmend.diagnosis.rates import rate_of
from segmend.diagnosis.rule import Rule
from segmend.diagnosis.symptoms import LOST, Broken, broken, kept_best
from segmend.diagnosis.wording import number


class Diverged(Rule):
    """Training ran away: the loss is no number any more, or much worse than it was.

    What it finds:
        A training loss that is NaN or infinite from some epoch on to the end, or whose level at the end lies above
        its lowest by more than half of what it had gained (and by four standard errors of its scatter).

    Why it matters:
        Once a weight is NaN, every answer is, and no later epoch repairs it. A loss that climbs for good means that
        each step undoes more than it learns: the weights are worse than those of an earlier epoch.

    Evidence:
        The first epoch without a number, or the best epoch and both levels, with the threshold. A spike that the
        training recovers from is not counted. Where there is no number, the loss is tried on labels with the same
        probability for every class: if that is no number either, the loss itself is at fault, and classes that do not
        occur in training are named.

    Remedy:
        Take the weights of an earlier epoch if they were saved. Train again with a rate ten times lower (the value is
        worked out where the rate is known) and with clipped gradients; look for NaN in the signals and labels, for a
        logarithm of 0 in a loss of one's own, and for weights of an absent class that are infinite.

    Known limits:
        A log that leaves out the loss of some rows is read as a number that is not there; only where the rest of the
        training has none it counts. A loss that rises because its weights change from epoch to epoch looks the same.
    """

    name = "diverged"
    code = "T103"
    spent_as_info = True
    needs: ClassVar[tuple[str, ...]] = ("history",)
    explains: ClassVar[tuple[str, ...]] = (
        "non-finite-weights",
        "dead-units",
        "underfitting",
        "single-class-collapse",
        "missed-class",
        "over-segmentation",
        "under-segmentation",
        "missed-segments",
        "spurious-segments",
        "count-bias",
    )
    kinds: ClassVar[tuple[Kind, ...]] = ("segmentation", "classification")

    def examine(self, chart: Chart) -> Iterator[Finding]:
        """At most one finding; a loss without a number before one that rose."""
        assert chart.history is not None
        found = [(course, seen) for course in courses(chart.history) if (seen := broken(course)) is not None]
        if found:
            yield self._of(chart, *min(found, key=lambda each: each[1].number))

    def _of(self, chart: Chart, course: Course, seen: Broken) -> Finding:
        if seen.number:
            message = (
                f"The training loss is lowest around epoch {seen.epoch} ({number(seen.best or 0.0)}) and "
                f"{number(seen.end or 0.0)} at the end of {len(course.loss)} epochs: training ran away"
            )
        else:
            last = "" if seen.best is None else f"; the last number was {number(seen.best)}"
            since = f"from epoch {seen.epoch} of {len(course.loss)} on" if seen.epoch > 1 else "in any epoch"
            message = f"The training loss is no number (NaN or infinite) {since}{last}"
        loss = None if seen.number else broken_loss(chart)
        if loss is not None:
            message = f"{message}. {loss.told}"
        kept = kept_best(chart, course)
        return self.finding(
            message,
            severity=Severity.INFO if kept and seen.number else Severity.ERROR,
            evidence={
                "epoch": seen.epoch,
                "loss": seen.best,
                "loss_end": seen.end,
                "threshold": LOST if seen.number else 0,
                "epochs": len(course.loss),
                **({"member": course.member} if course.member else {}),
                **({"absent": list(loss.absent)} if loss is not None else {}),
            },
            remedies=[loss.remedy] if loss is not None else _remedies(chart, course),
            gain=0.0 if kept and seen.number else 1.0,
        )


def _remedies(chart: Chart, course: Course) -> list[Remedy]:
    rate = rate_of(chart, course)
    name, lower = (rate.optimizer, rate.value / 10) if rate else ("Adam", 1e-4)
    return [
        remedies.train_again(
            "lower-the-rate-and-clip",
            f"Train again from new weights with optimizer=keras.optimizers.{name}(learning_rate={lower:.2g}, "
            "global_clipnorm=1.0).",
            {**FRESH, "training.learning_rate": lower},
        ),
        Remedy(
            name="look-for-what-is-no-number",
            safety="manual",
            advice="Check np.isfinite(x).all() and np.isfinite(y).all(), weights of classes, and any logarithm or "
            "division in a loss of your own; stop at once next time by keras.callbacks.TerminateOnNaN().",
        ),
    ]
