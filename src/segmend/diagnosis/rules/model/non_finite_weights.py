"""M504: weights that are no numbers any more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from segmend.artifacts.chart import Chart
from segmend.artifacts.edits import FRESH
from segmend.artifacts.finding import Finding, Remedy, Severity
from segmend.core.task import Kind
from segmend.diagnosis import remedies
from segmend.diagnosis.broken_loss import broken_loss
from segmend.diagnosis.rule import Rule
from segmend.diagnosis.wording import listed

REMEDIES = (
    Remedy(
        name="take-an-earlier-checkpoint",
        safety="manual",
        advice="Load the weights of an epoch before the loss became NaN; these cannot be repaired.",
    ),
    remedies.train_again(
        "clip-gradients",
        "Train again with keras.optimizers.Adam(learning_rate=1e-4, clipnorm=1.0) and callbacks="
        "[keras.callbacks.TerminateOnNaN()], after a look for NaN in x and for weights of infinity in the loss.",
        FRESH,
    ),
)


class NonFiniteWeights(Rule):
    """Some weights are NaN or infinite.

    What it finds:
        Layers with a weight that is NaN or infinite, moving averages of batch normalisation included.

    Why it matters:
        One such weight reaches every output behind it. The model says NaN, or the same class, of everything, and no
        further training brings it back: every update of a NaN is a NaN.

    Evidence:
        The layers and the number of weights in each; the threshold is 1. Severity is always error, since what such a
        model says cannot be right.

    Remedy:
        Go back to a checkpoint from before. Then find the cause: non-finite samples, a division by zero in a loss (a
        class weight of 1 / 0), or a learning rate that is too high.

    Known limits:
        Which weight was the first to go is not known any more; the first layer in order is named first.
    """

    name = "non-finite-weights"
    code = "M504"
    needs: ClassVar[tuple[str, ...]] = ("anatomy", "anatomy.layers")
    explains: ClassVar[tuple[str, ...]] = ("single-class-collapse", "missed-class", "count-bias")
    kinds: ClassVar[tuple[Kind, ...]] = ("segmentation", "classification")

    def examine(self, chart: Chart) -> Iterator[Finding]:
        """At most one finding."""
        assert chart.anatomy is not None
        broken = {layer.name: layer.non_finite for layer in chart.anatomy.layers if layer.non_finite}
        if not broken:
            return
        total, loss = sum(broken.values()), broken_loss(chart)
        weights = max(total, chart.anatomy.parameters)
        yield self.finding(
            f"{total:,} of {weights:,} weights are NaN or infinite, in {listed(list(broken))}"
            f"{'' if loss is None else f'. {loss.told}'}",
            severity=Severity.ERROR,
            where={"layer": next(iter(broken))},
            evidence={"non_finite": total, "threshold": 1, "layers": broken},
            remedies=REMEDIES if loss is None else (loss.remedy,),
            gain=1.0,
        )
