"""M503: units that never say anything."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from segmend.artifacts.anatomy import LayerFacts
from segmend.artifacts.chart import Chart
from segmend.artifacts.edits import FRESH
from segmend.artifacts.finding import Finding, Remedy, Severity
from segmend.core.task import Kind
from segmend.diagnosis import remedies, severity
from segmend.diagnosis.rule import Rule
from segmend.diagnosis.wording import holders, listed, percent

DEAD = 0.75
"""Of the first layer's units half are silent from the start where the input is far from 0; three in four is more."""

LEAST_UNITS = 16
"""Below it, three in four may be chance."""

REMEDIES = (
    remedies.train_again(
        "learn-more-slowly",
        "Train again with a tenth of the learning rate and keras.optimizers.Adam(clipnorm=1.0): a step that is too "
        "long throws biases where no input reaches.",
        FRESH,
    ),
    Remedy(
        name="leave-a-slope",
        safety="manual",
        advice='Use activation="leaky_relu" or "gelu", behind which a unit always has a gradient.',
    ),
    Remedy(
        name="standardise",
        safety="manual",
        advice=(
            "Put keras.layers.Normalization() (adapted to x) in front and BatchNormalization between convolution and "
            "activation, so that each unit is positive on about half of what it sees."
        ),
    ),
)


class DeadUnits(Rule):
    """Most units of a layer are 0 whatever goes in.

    What it finds:
        A layer of 16 units or more that ends in a ReLU and of which three quarters or more are 0 everywhere on the
        judged data, and a layer of 4 units or more of which all are.

    Why it matters:
        A ReLU that is never positive has no gradient: it does not come back by training. What is left of the layer is
        narrower than it was meant to be, and a layer that is dead as a whole passes nothing on.

    Evidence:
        Silent units and all units of each layer, the threshold, and on how many recordings they were watched. Severity
        is read off the oracle ladder, or off the macro F1 of whole recordings; a layer that is dead as a whole is at
        least a warning.

    Remedy:
        A lower learning rate, an activation with a slope on both sides, input that is standardised.

    Known limits:
        ReLU and ReLU6 of functional and Sequential models are watched, not those of nested models, and layers of which
        fewer than 64 values a unit can be seen are left out. A unit that is silent here may speak on other data.
    """

    name = "dead-units"
    code = "M503"
    needs: ClassVar[tuple[str, ...]] = ("anatomy.activity_on",)
    explains: ClassVar[tuple[str, ...]] = ("underfitting", "single-class-collapse", "missed-class")
    kinds: ClassVar[tuple[Kind, ...]] = ("segmentation", "classification")

    def examine(self, chart: Chart) -> Iterator[Finding]:
        """At most one finding."""
        assert chart.anatomy is not None
        dead = [layer for layer in chart.anatomy.layers if _is_dead(layer)]
        if dead:
            yield self._of(chart, dead, chart.anatomy.activity_on or 0)

    def _of(self, chart: Chart, dead: Sequence[LayerFacts], watched: int) -> Finding:
        worst = max(dead, key=_share)
        grave, expected = severity.at_stake(chart, "deletion", "insertion", "substitution", "fragmentation")
        if _share(worst) == 1:
            grave = severity.worst(grave, Severity.WARNING)
        return self.finding(
            f"{worst.silent} of {worst.units} units of {worst.name} ({percent(_share(worst))}) are 0 on all of "
            f"{watched} {holders(chart.task)}; concerned: {listed([layer.name for layer in dead])}",
            severity=grave,
            where={"layer": worst.name},
            evidence={
                "share": _share(worst),
                "threshold": DEAD,
                "silent": {layer.name: layer.silent for layer in dead},
                "units": {layer.name: layer.units for layer in dead},
                "watched_on": watched,
            },
            remedies=REMEDIES,
            gain=severity.gain(expected),
        )


def _share(layer: LayerFacts) -> float:
    return (layer.silent or 0) / layer.units if layer.units else 0.0


def _is_dead(layer: LayerFacts) -> bool:
    units = 0 if layer.non_finite else layer.units or 0  # a unit that is no number is broken, not dead
    return (units >= LEAST_UNITS and _share(layer) >= DEAD) or (units >= 4 and _share(layer) == 1)
