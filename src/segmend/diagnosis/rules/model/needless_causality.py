"""M303: a model that sees nothing of what comes, judged on recordings that are there as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import numpy as np

from segmend.artifacts.anatomy import Anatomy
from segmend.artifacts.chart import Chart
from segmend.artifacts.finding import Finding, Remedy, Severity
from segmend.artifacts.prediction import Prediction
from segmend.diagnosis import remedies, severity
from segmend.diagnosis.rule import Rule
from segmend.diagnosis.shifts import shifts_of
from segmend.diagnosis.wording import listed, number, percent

LATE = 2.0
"""Steps by which starts come late at the median; one is what borders vary by anyway."""

LATE_SHARE = 0.05
"""Of the median length: on long items a few steps are no delay."""

FEWEST = 10
"""Pairs of items from which on a median is told."""


class NeedlessCausality(Rule):
    """The model sees nothing of what comes, its items begin late, and it was judged on whole recordings.

    What it finds:
        An output whose receptive field ends at its own step (causal convolutions, forward recurrent layers), where
        predicted items begin 2 steps late or more at the median, and 5 % of their length, and errors of borders or
        missed items cost score.

    Why it matters:
        Such a model learns of an item only after it has begun. Where recordings are there as a whole, nothing forbids
        a look ahead, and it is the cheapest of all improvements.

    Evidence:
        How late starts and ends are at the median of the items that pair one to one, with the threshold. Severity is
        read off the oracle ladder: borders or deletions, whichever costs more. Below a warning nothing is reported.

    Remedy:
        padding="same" for causal convolutions, Bidirectional around recurrent layers. Where the model must answer as
        it goes, labels shifted by the delay that is allowed.

    Known limits:
        Whether the model is meant to answer as it goes is not known: then the delay is its price and this no fault.
    """

    name = "needless-causality"
    code = "M303"
    preview = True
    needs: ClassVar[tuple[str, ...]] = ("anatomy", "anatomy.outputs", "prediction", "oracle")
    explains: ClassVar[tuple[str, ...]] = (
        "shifted-boundaries",
        "missed-segments",
        "flickering",
        "over-segmentation",
        "count-bias",
    )
    ranks: ClassVar[tuple[int, ...]] = (1,)

    def examine(self, chart: Chart) -> Iterator[Finding]:
        """At most one finding, about the first output."""
        assert chart.anatomy is not None
        assert chart.prediction is not None
        if not _sees_nothing_ahead(chart.anatomy):
            return
        start, stop, length, pairs = _delays(chart.prediction)
        threshold = max(LATE, LATE_SHARE * length)
        if pairs < FEWEST or start < threshold:
            return
        grave, expected = severity.at_stake(chart, "borders", "deletion")
        if grave is Severity.INFO:
            return
        layers = _causal(chart.anatomy)
        yield self.finding(
            f"An output step sees nothing of what comes, and items begin {number(start)} steps late at the median "
            f"({percent(start / length)} of their length): {listed(layers)}",
            severity=grave,
            where={"output": chart.anatomy.outputs[0].name},
            evidence={
                "start_delay_steps": start,
                "stop_delay_steps": stop,
                "threshold": threshold,
                "length_p50_steps": length,
                "pairs": pairs,
                "layers": layers,
            },
            remedies=_remedies(chart.anatomy, start),
            gain=severity.gain(expected),
        )

    def causes(self, mine: Finding, other: Finding) -> bool:
        """A model without a look ahead explains what comes late."""
        early = other.rule == "shifted-boundaries" and (other.evidence.get("start_steps") or 0) <= 0
        return super().causes(mine, other) and not early


def _sees_nothing_ahead(anatomy: Anatomy) -> bool:
    fields = anatomy.outputs[0].fields if anatomy.outputs else ()
    return bool(fields) and fields[0].right is not None and fields[0].right <= 0 and fields[0].size != 1


def _delays(prediction: Prediction) -> tuple[float, float, float, int]:
    """Median delay of starts and of stops, median length, and the pairs of items that these are of."""
    parts = shifts_of(prediction)
    start, stop, length = (
        np.concatenate([getattr(part, name)[~part.apart] for part in parts]) for name in ("start", "stop", "length")
    )
    if not start.size:
        return 0.0, 0.0, 1.0, 0
    return float(np.median(start)), float(np.median(stop)), float(np.median(length)), int(start.size)


def _causal(anatomy: Anatomy) -> list[str]:
    """The layers that look back only."""
    found = [layer.name for layer in anatomy.layers if layer.config.get("padding") == "causal"]
    found += [layer.name for layer in anatomy.layers if layer.kind in ("LSTM", "GRU", "SimpleRNN")]
    return found or [anatomy.outputs[0].name]


def _remedies(anatomy: Anatomy, delay: float) -> list[Remedy]:
    recurrent = any(layer.kind in ("LSTM", "GRU", "SimpleRNN") for layer in anatomy.layers)
    both = "keras.layers.Bidirectional around the recurrent layers" if recurrent else 'padding="same"'
    return [
        Remedy(
            name="look-both-ways",
            safety="manual",
            advice=f"Train again with {both}, so that a step sees what comes as well.",
        ),
        Remedy(
            name="allow-a-delay",
            safety="manual",
            advice=(
                f"Where the model must answer as it goes, train on y delayed by {max(1, round(delay))} steps, "
                f"np.roll(y, {max(1, round(delay))}, axis=1), and move its answers back by as many."
            ),
        ),
        remedies.rebuild(),
    ]
