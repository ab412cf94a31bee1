"""M502: fewer weights than a linear model has, and a worse answer."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import ClassVar

from segmend.artifacts.anatomy import Anatomy
from segmend.artifacts.chart import Chart
from segmend.artifacts.finding import Finding, Remedy
from segmend.artifacts.separability import Separability
from segmend.core.task import Kind
from segmend.diagnosis import severity
from segmend.diagnosis.rule import Rule
from segmend.diagnosis.symptoms import reached
from segmend.diagnosis.wording import number

BELOW = 0.05
"""Macro F1 by which the model must stay below the linear one: folds and judged data are not the same recordings."""

AIM = 10.0
MOST_FILTERS = 64


class Underparameterised(Rule):
    """The model has fewer weights than a linear one that does better.

    What it finds:
        A model with fewer trainable weights than ridge regression on windowed features has, whose macro F1 lies at
        least 0.05 below what that regression reaches out of sample on the same data.

    Why it matters:
        What is there to be learnt has been shown to be learnable by a simpler method. A model with less room than
        that cannot hold it, however long it trains.

    Evidence:
        Weights of both and macro F1 of both, with the threshold. Severity is read off the oracle ladder, or off the
        macro F1 of whole recordings.

    Remedy:
        More filters, worked out for ten times the weights of the linear model.

    Known limits:
        A model with more weights than the linear one can be too small as well, in one layer or for what is not linear;
        then only training for longer and larger shows it. The linear model's figure is of the training recordings,
        by folds.
    """

    name = "underparameterised"
    code = "M502"
    needs: ClassVar[tuple[str, ...]] = ("anatomy", "anatomy.layers", "fingerprint.separability", "scores")
    explains: ClassVar[tuple[str, ...]] = (
        "underfitting",
        "single-class-collapse",
        "missed-class",
        "missed-segments",
        "confused-pair",
    )
    kinds: ClassVar[tuple[Kind, ...]] = ("segmentation", "classification")

    def examine(self, chart: Chart) -> Iterator[Finding]:
        """At most one finding."""
        assert chart.anatomy is not None
        assert chart.fingerprint is not None
        assert chart.fingerprint.separability is not None
        weights, linear = chart.anatomy.trainable_parameters, _weights(chart.fingerprint.separability)
        possible, own = reached(chart)
        if not 0 < weights < linear or possible - own < BELOW:
            return
        grave, expected = severity.at_stake(chart, "deletion", "insertion", "substitution", "fragmentation")
        yield self.finding(
            f"The model's {weights:,} weights reach a macro F1 of {number(own)}; a linear model of {linear:,} "
            f"weights reaches {number(possible)} on the same data",
            severity=grave,
            evidence={
                "weights": weights,
                "threshold": linear,
                "macro_f1": own,
                "linear_macro_f1": possible,
            },
            remedies=[_remedy(chart.anatomy, linear)],
            gain=severity.gain(expected),
        )


def _weights(floor: Separability) -> int:
    """Weights of the linear model: one for each feature and class, and one more for each class."""
    return (floor.features + 1) * len(floor.classes)


def _remedy(anatomy: Anatomy, linear: int) -> Remedy:
    widths = [int(layer.config.get("filters") or layer.config.get("units") or 0) for layer in anatomy.layers]
    widest = max(max(widths, default=0), 1)
    times = math.sqrt(AIM * linear / max(anatomy.trainable_parameters, 1))
    more = min(MOST_FILTERS, max(16, 2 ** math.ceil(math.log2(widest * times))))
    return Remedy(
        name="more-filters",
        safety="unsafe",
        edits={"model.filters": more},
        advice=f"Train again with {more} filters or units in each layer, where there are {widest} at most now.",
    )
