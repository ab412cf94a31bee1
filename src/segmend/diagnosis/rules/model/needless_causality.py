"""M303: a model that sees nothing of what comes, judged on recordings that are there as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, NamedTuple

import numpy as np

from segmend.artifacts.anatomy import Anatomy
from segmend.artifacts.chart import Chart
from segmend.artifacts.finding import Finding, Remedy, Severity
from segmend.artifacts.prediction import Prediction
from segmend.diagnosis import remedies, severity
from segmend.diagnosis.chance import SURE
from segmend.diagnosis.halves import Halves, halves_of
from segmend.diagnosis.rule import Rule
from segmend.diagnosis.shifts import shifts_of
from segmend.diagnosis.wording import listed, number, percent

LATE = 2.0
"""Steps by which starts come late at the median; one is what borders vary by anyway."""

LATE_SHARE = 0.05
"""Of the median length: on long items a few steps are no delay."""

FEWEST = 10
"""Pairs of items from which on a median is told, and wrong steps from which on halves are compared."""

TIMES = 1.5
"""So many times the wrong steps of last halves in first halves: a model that sees both sides errs in both alike."""


class Delays(NamedTuple):
    """How late items come at the median.

    Attributes:
        start, stop: in steps.
        length: of the items at the median, in steps.
        pairs: of items that these are of.
    """

    start: float
    stop: float
    length: float
    pairs: int

    @property
    def threshold(self) -> float:
        """The delay of starts from which on they are late."""
        return max(LATE, LATE_SHARE * self.length)

    @property
    def late(self) -> bool:
        """Whether items begin late."""
        return self.pairs >= FEWEST and self.start >= self.threshold


class NeedlessCausality(Rule):
    """The model sees nothing of what comes, comes late or is wrong at first, and was judged on whole recordings.

    What it finds:
        An output whose receptive field ends at its own step (causal convolutions, forward recurrent layers), where
        predicted items begin 2 steps late or more at the median, and 5 % of their length, and errors of borders or
        missed items cost score; or where the first halves of items, 2 steps at either border aside, have 1.5 times as
        many wrong steps as the last halves, and more than chance gives, and any errors of items cost score.

    Why it matters:
        Such a model learns of an item only after it has begun: it answers late, or before it can tell which class it
        is, and changes its mind, which leaves fragments. Where recordings are there as a whole, nothing forbids a look
        ahead, and it is the cheapest of all improvements.

    Evidence:
        How late starts and ends are at the median of the items that pair one to one, with the threshold; the wrong
        steps of first and last halves (sign test over items, 0.001). A model that sees as much of both sides errs in
        both halves alike. Severity is read off the oracle ladder: the kind of error that costs most. Below a warning
        nothing is reported.

    Remedy:
        padding="same" for causal convolutions, Bidirectional around recurrent layers. Where the model must answer as
        it goes, labels shifted by the delay that is allowed.

    Known limits:
        Whether the model is meant to answer as it goes is not known: then the delay is its price and this no fault.
    """

    name = "needless-causality"
    code = "M303"
    needs: ClassVar[tuple[str, ...]] = ("anatomy", "anatomy.outputs", "prediction", "oracle")
    explains: ClassVar[tuple[str, ...]] = (
        "shifted-boundaries",
        "missed-segments",
        "spurious-segments",
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
        delays, halves = _delays(chart.prediction), halves_of(chart.prediction, int(LATE))
        early = _wrong_at_first(halves)
        if not (delays.late or early):
            return
        kinds = ("borders", "deletion", *(("fragmentation", "insertion", "substitution") if early else ()))
        grave, expected = severity.at_stake(chart, *kinds)
        if grave is Severity.INFO:
            return
        layers = _causal(chart.anatomy)
        yield self.finding(
            f"An output step sees nothing of what comes, and {_told(delays, halves)}: {listed(layers)}",
            severity=grave,
            where={"output": chart.anatomy.outputs[0].name},
            evidence={
                "start_delay_steps": delays.start,
                "stop_delay_steps": delays.stop,
                "threshold": delays.threshold,
                "length_p50_steps": delays.length,
                "pairs": delays.pairs,
                "wrong_in_first_halves": halves.first,
                "wrong_in_last_halves": halves.last,
                "times_threshold": TIMES,
                "layers": layers,
            },
            remedies=_remedies(chart.anatomy, delays.start if delays.late else halves.length / 2),
            gain=severity.gain(expected),
        )

    def causes(self, mine: Finding, other: Finding) -> bool:
        """A model without a look ahead explains what comes late."""
        early = other.rule == "shifted-boundaries" and (other.evidence.get("start_steps") or 0) <= 0
        return super().causes(mine, other) and not early


def _sees_nothing_ahead(anatomy: Anatomy) -> bool:
    fields = anatomy.outputs[0].fields if anatomy.outputs else ()
    return bool(fields) and fields[0].right is not None and fields[0].right <= 0 and fields[0].size != 1


def _wrong_at_first(halves: Halves) -> bool:
    """Whether first halves of items are wrong more often, by more than chance."""
    often = halves.first >= max(FEWEST, TIMES * halves.last)
    return often and halves.chance < SURE


def _told(delays: Delays, halves: Halves) -> str:
    if delays.late:
        share = percent(delays.start / delays.length)
        return f"items begin {number(delays.start)} steps late at the median ({share} of their length)"
    return (
        f"borders aside, first halves of items have {halves.first} wrong steps and last halves {halves.last}, since "
        "the model must answer before it has seen what it answers"
    )


def _delays(prediction: Prediction) -> Delays:
    """Medians over the items that pair one to one."""
    parts = shifts_of(prediction)
    start, stop, length = (
        np.concatenate([getattr(part, name)[~part.apart] for part in parts]) for name in ("start", "stop", "length")
    )
    if not start.size:
        return Delays(0.0, 0.0, 1.0, 0)
    return Delays(float(np.median(start)), float(np.median(stop)), float(np.median(length)), int(start.size))


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
