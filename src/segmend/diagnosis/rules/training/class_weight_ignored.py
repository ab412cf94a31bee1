"""T201: class weights were asked for, but what Keras applies is something else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from segmend.artifacts.chart import Chart
from segmend.artifacts.finding import Finding, Severity
from segmend.core.task import Kind
from segmend.diagnosis import remedies
from segmend.diagnosis.linking import lowers
from segmend.diagnosis.rule import Rule
from segmend.diagnosis.wording import holders

TOLERANCE = 1e-4


class ClassWeightIgnored(Rule):
    """The class weights that were given to fit do not weigh what they are meant to.

    What it finds:
        A ``class_weight`` by which Keras' loss of one batch differs from the same loss computed by hand, in which
        every label counts by the weight of its class; or with which ``fit`` fails.

    Why it matters:
        Keras reduces labels to one class for each sample before it looks a weight up. With a label for each step or
        pixel it takes the wrong axis, and where several labels hold it takes one of them: training runs, without a
        word, with weights that nobody meant. Some losses do not take any.

    Evidence:
        The loss of the batch as ``fit`` reports it, by hand, and without weights, tried on the model's own outputs
        with a learning rate of 0. They must agree to one in ten thousand.

    Remedy:
        Weights that Keras does apply for this kind of labels, as code: a sample_weight for each step, or a loss that
        takes class weights inside.

    Known limits:
        Tried are models with one output and one loss, on at most 16 recordings of one size. A batch whose loss the
        weights do not change proves nothing and is left alone.
    """

    name = "class-weight-ignored"
    code = "T201"
    needs: ClassVar[tuple[str, ...]] = ("probe",)
    explains: ClassVar[tuple[str, ...]] = (
        "single-class-collapse",
        "missed-class",
        "missed-segments",
        "wrong-threshold",
    )
    kinds: ClassVar[tuple[Kind, ...]] = ("segmentation", "classification")

    def examine(self, chart: Chart) -> Iterator[Finding]:
        """At most one finding."""
        seen = (chart.probe or {}).get("class_weight")
        if not seen or seen["applied"] is not False:
            return
        fails = seen["by_keras"] is None
        yield self.finding(
            f"The class_weight given to fit was tried on {seen['recordings']} {holders(chart.task)}: "
            f"{_shortened(seen['message'])}",
            severity=Severity.ERROR if fails else Severity.WARNING,
            evidence={
                "loss_by_keras": seen["by_keras"],
                "loss_by_hand": seen["by_hand"],
                "loss_unweighted": seen["unweighted"],
                "threshold": TOLERANCE,
                "recordings": seen["recordings"],
                "class_weight": {
                    str(number): w for number, w in (chart.fit_arguments.get("class_weight") or {}).items()
                },
            },
            remedies=[remedies.weigh(chart.task)],
        )

    def causes(self, mine: Finding, other: Finding) -> bool:
        """A weight that has no effect explains thresholds that are too high, not too low ones."""
        return super().causes(mine, other) and not (other.rule == "wrong-threshold" and not lowers(other))


def _shortened(message: str) -> str:
    """The verdict on one line that is not too long."""
    return f"{' '.join(message.split()):.240}"
