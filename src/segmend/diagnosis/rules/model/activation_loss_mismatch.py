"""M203: the last activation, the loss and the labels do not belong together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from segmend.artifacts.anatomy import OutputFacts
from segmend.artifacts.chart import Chart
from segmend.artifacts.edits import ACTIVATION, PLANNED
from segmend.artifacts.finding import Finding, Remedy, Severity
from segmend.core.task import Kind, Task
from segmend.diagnosis import remedies
from segmend.diagnosis.endings import Ending, Fault, activation_fault, ending_of
from segmend.diagnosis.label_forms import label_fault
from segmend.diagnosis.rule import Rule


class ActivationLossMismatch(Rule):
    """The last activation, the loss and the labels do not belong together.

    What it finds:
        Softmax applied twice; probabilities handed to a loss that takes logits, and the reverse; softmax over one
        unit; softmax with binary cross-entropy on labels of which several hold at once; sigmoid with categorical
        cross-entropy; labels in a form that the loss cannot read (class numbers for a one-hot loss and the reverse,
        more than two classes or fractions where only 0 and 1 are meant, rows that do not sum to 1 where softmax meets a
        categorical loss, -1 for a loss that does not ignore it); a linear end before a loss of probabilities.

    Why it matters:
        Such a model often trains without an error and stays flat: a second softmax caps every probability, a softmax
        over one unit is always 1, logits taken for probabilities are cut at 0 and 1 and have no gradient there.

    Evidence:
        The activations behind the last layer with weights, the number of units, the loss and its from_logits, and
        the form of the labels where they were given.

    Remedy:
        Change the activation or from_logits; the finding says which of them and to what. The model must be trained
        again, unless only the loss was said wrongly and the weights are good.

    Known limits:
        A loss of one's own is judged by its from_logits alone, and an output that ends in a merge or in an unknown
        layer is not judged. A model that is not compiled is judged by its activations only.
    """

    name = "activation-loss-mismatch"
    code = "M203"
    needs: ClassVar[tuple[str, ...]] = ("anatomy",)
    explains: ClassVar[tuple[str, ...]] = (
        "underfitting",
        "diverged",
        "single-class-collapse",
        "missed-class",
        "wrong-threshold",
        "miscalibrated",
        "confused-pair",
        "flickering",
        "over-segmentation",
        "missed-segments",
        "spurious-segments",
        "count-bias",
    )
    kinds: ClassVar[tuple[Kind, ...]] = ("segmentation", "classification")

    def examine(self, chart: Chart) -> Iterator[Finding]:
        """The gravest fault of each output and, beside it, one of its labels."""
        assert chart.anatomy is not None
        for number, output in enumerate(chart.anatomy.outputs):
            ending = ending_of(chart, number)
            wrong = activation_fault(ending) if ending.activations else None
            if wrong is not None:
                yield self._of(output, ending, wrong, _edits(chart.task, ending))
            odd = label_fault(ending)
            if odd is not None:
                yield self._of(output, ending, odd, {})

    def _of(self, output: OutputFacts, ending: Ending, fault: Fault, edits: dict[str, Any]) -> Finding:
        message, weight, name, advice = fault
        manual = Remedy(name=name, safety="manual", advice=advice)
        return self.finding(
            f"Output {output.name}: {message}",
            severity=weight,
            where={"output": output.name},
            evidence={
                "activations": list(ending.activations),
                "units": ending.units,
                "loss": ending.name or None,
                "from_logits": ending.logits,
                **({"labels": ending.form} if ending.form else {}),
            },
            remedies=[remedies.train_again(name, advice, edits) if edits else manual],
            gain=1.0 if weight is Severity.ERROR else 0.0,
        )


def _edits(task: Task, ending: Ending) -> dict[str, Any]:
    """The activation that the task needs, with a cross-entropy that takes it for probabilities."""
    single = task.labels == "multilabel" or ending.units == 1
    return {ACTIVATION: "sigmoid" if single else "softmax", "loss.cross_entropy": PLANNED}
