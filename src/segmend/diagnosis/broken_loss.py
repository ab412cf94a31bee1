"""A loss that is no number whatever the model says, and the absent class that often is behind it."""

from __future__ import annotations

from typing import NamedTuple

from segmend.artifacts.chart import Chart
from segmend.artifacts.finding import Remedy
from segmend.core.task import Task
from segmend.diagnosis import remedies
from segmend.diagnosis.parts import by_purpose, held
from segmend.diagnosis.wording import listed


class BrokenLoss(NamedTuple):
    """What is known of it.

    Attributes:
        absent: classes that occur nowhere in training, whose weight is infinite if it is one over their frequency.
        task: in whose words it is told.
    """

    absent: tuple[str, ...]
    task: Task

    @property
    def told(self) -> str:
        """One sentence."""
        text = (
            "The loss itself is at fault: on these labels it is no number even where every class gets the same "
            "probability"
        )
        if not self.absent:
            return text
        several = len(self.absent) > 1
        return (
            f"{text}. {listed(list(self.absent))} occur{'' if several else 's'} nowhere in training, so that a weight "
            f"of 1 / frequency is infinite"
        )

    @property
    def remedy(self) -> Remedy:
        """Finite weights, or a look at the loss."""
        if not self.absent:
            return Remedy(
                name="mend-the-loss",
                safety="manual",
                advice="Look for a division by zero, a logarithm of 0 and infinite weights in the loss, or compile "
                "with one of Keras' or segmend's own.",
            )
        advice = remedies.weigh(self.task).advice.removesuffix(".")
        return Remedy(
            name="finite-weights",
            safety="manual",
            advice=f"{advice}: there a class that does not occur weighs 0, not infinity.",
        )


def broken_loss(chart: Chart) -> BrokenLoss | None:
    """None where the loss is a number, where labels themselves are none, or where it was not tried."""
    values = (chart.targets or {}).get("values") or {}
    probe = chart.probe or {}
    if "even_loss" not in probe or probe["even_loss"] is not None or values.get("non_finite"):
        return None
    return BrokenLoss(_absent(chart), chart.task)


def _absent(chart: Chart) -> tuple[str, ...]:
    facts = chart.fingerprint
    if facts is None:
        return ()
    train = by_purpose(facts).get("train") or [each for each in facts.recordings if each.segments is not None]
    return tuple(name for number, name in enumerate(facts.labels) if not held(train, number))
