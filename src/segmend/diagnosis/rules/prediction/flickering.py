"""P411: the labels switch to and fro within a few steps, where the model cannot decide."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from segmend.artifacts.chart import Chart
from segmend.artifacts.finding import Finding
from segmend.diagnosis import remedies, repaired, severity
from segmend.diagnosis.flicker import Bursts, bursts_of
from segmend.diagnosis.rule import Rule
from segmend.diagnosis.wording import number

THRESHOLD = 0.10
"""Switches in bursts for each reference segment; one burst of two short runs in 30 segments."""
FEWEST = 9
"""Three bursts."""
SURE = 0.5
"""Share of the margin elsewhere below which the model counts as undecided."""


class Flickering(Rule):
    """The labels switch to and fro within a few steps, where two classes are almost equally probable.

    What it finds:
        Bursts: at least 2 runs in a row of at most half the length that 95 % of the reference's runs have, background
        included. It speaks where bursts hold at least 9 switches, and 1 for each 10 reference segments, beyond those
        of the reference, and where the margin between the two best probabilities there is at most half of that
        elsewhere.

    Why it matters:
        Each flicker is a segment in the count. The probabilities are not far wrong, they cross; so a decoder that
        makes switching cost something removes them, and no training is needed.

    Evidence:
        Switches in bursts of the prediction and of the reference, how short is short, and the median margin inside
        bursts and outside. Severity is what giving each burst to the run before it gains in segment F1@50, and how far
        it brings the count ratio towards 1.

    Remedy:
        Decode with a majority filter, a minimum duration, a Viterbi path with a price per switch, a semi-Markov path,
        or by expected F1.
        When training, a smoothness loss or a longer receptive field lowers the noise of neighbouring steps.

    Known limits:
        A single short run, a hole or a speck, is over-segmentation, not flickering. Needs probabilities. A model that
        is sure of each of its switches does not flicker in this sense.
    """

    name = "flickering"
    code = "P411"
    needs: ClassVar[tuple[str, ...]] = ("prediction", "prediction.y_prob", "scores")
    explains: ClassVar[tuple[str, ...]] = ("over-segmentation", "count-bias")
    moves = "up"
    ranks: ClassVar[tuple[int, ...]] = (1,)

    def examine(self, chart: Chart) -> Iterator[Finding]:
        """One finding for the prediction."""
        assert chart.prediction is not None
        found = bursts_of(chart.prediction)
        extra = found.switches[0] - found.switches[1]
        inside, outside = found.margin
        if extra >= max(FEWEST, THRESHOLD * severity.references(chart)) and inside <= SURE * outside:
            yield self._of(chart, found)

    def _of(self, chart: Chart, found: Bursts) -> Finding:
        prediction = chart.prediction
        assert prediction is not None
        now, then = (repaired.measured(prediction, rows) for rows in (prediction.y_pred, found.steady))
        grave, expected = repaired.judged(chart, now, then)
        ours, theirs = found.switches
        return self.finding(
            f"the labels switch {ours} times in bursts of runs of at most {found.few} steps, the reference {theirs} "
            f"times; there the two best probabilities lie {number(found.margin[0])} apart, elsewhere "
            f"{number(found.margin[1])}",
            severity=grave,
            evidence={
                "switches": ours,
                "reference_switches": theirs,
                "few_steps": found.few,
                "threshold": THRESHOLD,
                "per_segment": (ours - theirs) / severity.references(chart),
                "margin": found.margin[0],
                "margin_elsewhere": found.margin[1],
                "margin_threshold": SURE,
            },
            remedies=[
                remedies.decode(decoder)
                for decoder in ("min_duration", "majority", "viterbi", "semi_markov", "expected_f1")
            ],
            gain=severity.gain(expected),
        )
