"""T303: so few, so large batches that the weights were moved only a few times."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import ClassVar, NamedTuple

from segmend.artifacts.chart import Chart
from segmend.artifacts.edits import PLANNED
from segmend.artifacts.finding import Finding, Remedy, Severity
from segmend.core.task import Kind
from segmend.diagnosis import remedies
from segmend.diagnosis.curves import Course, courses, finite, forecast, level
from segmend.diagnosis.rates import annealed, rate_of
from segmend.diagnosis.rule import Rule
from segmend.diagnosis.skill import unlearnt
from segmend.diagnosis.symptoms import UP, broken
from segmend.diagnosis.wording import holders, percent

FEW_STEPS = 10
FEW_UPDATES = 1000
UNDONE = 0.08
SMALL = 16
"""Examples in a batch below which it is small by any measure."""

OFF = 5.0
AIM = 30
"""Batches in an epoch that are aimed at: enough for some thousand updates in the usual hundred epochs."""


class ToCome(NamedTuple):
    """What half as many epochs again would bring at least.

    Attributes:
        share: of what the training loss has gained.
        of_val_loss: of the level of the validation loss, 0 where there is none.
    """

    share: float
    of_val_loss: float

    @property
    def much(self) -> bool:
        """Whether training is not done."""
        return self.share >= UNDONE or self.of_val_loss >= UP

    @property
    def told(self) -> str:
        """What they would do."""
        if self.share >= UNDONE:
            return f"bring another {percent(self.share)}"
        return f"lower the validation loss by {percent(self.of_val_loss)}"


class BatchTooLarge(Rule):
    """The batches are so large that there are only a few steps in an epoch, and training is not done.

    What it finds:
        At most 10 batches in an epoch and 1000 in the whole training, each with a tenth of the training data or more
        and at least 16 examples where their number is known; and a training loss that half as many epochs again would
        lower by another 8 % of what was gained, or a validation loss that they would lower by 10 % of where it stands,
        or a training that shows hardly any learning.

    Why it matters:
        Every batch moves the weights once. An epoch of 4 large batches costs as much time as one of 60 small ones, but
        moves the weights 4 times; and the noise of small batches helps against learning by heart.

    Evidence:
        Batches in an epoch and in all, the batch size where the number of training recordings is known, and what is
        still to come at least. Few steps alone are no fault, if they were enough.

    Remedy:
        A batch size with which there are about 30 batches in an epoch, worked out; or as many more epochs.

    Known limits:
        Where the learning rate is 5 times the usual one or a fifth of it, that is looked at first. Only the History
        that ``fit`` returns tells the number of batches; a dict or a CSV file of it does not. Where windows are cut
        from recordings on the way, the batch size cannot be told.
    """

    name = "batch-too-large"
    code = "T303"
    needs: ClassVar[tuple[str, ...]] = ("history", "history.steps_per_epoch")
    explains: ClassVar[tuple[str, ...]] = ("stopped-early", "underfitting")
    kinds: ClassVar[tuple[Kind, ...]] = ("segmentation", "classification")

    def examine(self, chart: Chart) -> Iterator[Finding]:
        """At most one finding."""
        assert chart.history is not None
        steps = chart.history.steps_per_epoch or 0
        examples = _examples(chart)
        if not 1 <= steps <= FEW_STEPS or (examples is not None and examples < SMALL * steps):
            return
        for course in courses(chart.history):
            rate = rate_of(chart, course)
            if rate is not None and not 1 / OFF < rate.times < OFF:
                continue
            left = _to_come(course)
            undone, nothing = left.much and not annealed(chart, course), unlearnt(chart, course) is not None
            if steps * len(course.loss) <= FEW_UPDATES and (undone or nothing) and not broken(course):
                yield self._of(chart, course, steps, examples, left, Severity.WARNING if nothing else Severity.INFO)
                return

    def _of(
        self, chart: Chart, course: Course, steps: int, examples: int | None, left: ToCome, grave: Severity
    ) -> Finding:
        epochs = len(course.loss)
        size = None if examples is None else math.ceil(examples / steps)
        told = f" of {size} {holders(chart.task)}" if size else ""
        more = f": {epochs // 2} more epochs would still {left.told}" if left.much else ""
        return self.finding(
            f"An epoch has {steps} batch{'es' * (steps != 1)}{told}, so the weights were moved {steps * epochs} times "
            f"in {epochs} epochs, and training is not done{more}",
            severity=grave,
            evidence={
                "steps_per_epoch": steps,
                "threshold": FEW_STEPS,
                "updates": steps * epochs,
                "updates_threshold": FEW_UPDATES,
                "batch_size": size,
                "examples": examples,
                "share_to_come": left.share,
                "val_loss_to_come": left.of_val_loss,
            },
            remedies=[_remedy(epochs, steps, examples)],
        )


def _to_come(course: Course) -> ToCome:
    val = finite(course.val_loss)
    below = forecast(val).more / abs(level(val)) if val.size and level(val) else 0.0
    return ToCome(forecast(finite(course.loss)).share, below)


def _examples(chart: Chart) -> int | None:
    """Number of training recordings; None where nobody says."""
    if chart.fingerprint is None:
        return None
    recordings = chart.fingerprint.recordings
    trained = [each for each in recordings if each.role == "train" or "train" in each.also_in]
    return len(trained or [each for each in recordings if each.role is None]) or None


def _remedy(epochs: int, steps: int, examples: int | None) -> Remedy:
    times = math.ceil(AIM / steps)
    if examples is None:
        advice = f"Train with batches {times} times smaller, or for epochs={times * epochs}."
    else:
        size = max(1, examples // AIM)
        times = math.ceil(math.ceil(examples / size) / steps)
        advice = f"Train with batch_size={size}, or for epochs={times * epochs}."
    return remedies.train_again("take-smaller-batches", advice, {"training.batch_size": PLANNED})
