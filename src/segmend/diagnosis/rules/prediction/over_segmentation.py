"""P402: items break into pieces, or short pieces appear where there is nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

import numpy as np

from segmend.artifacts.chart import Chart
from segmend.artifacts.finding import Expected, Finding, Remedy
from segmend.core.task import Task
from segmend.diagnosis import pieces, remedies, severity
from segmend.diagnosis.pieces import Pieces
from segmend.diagnosis.rule import Rule
from segmend.diagnosis.wording import labels_apart, number, percent

SMOOTHING = (
    "min_duration",
    "majority",
    "peak_picking",
    "viterbi",
    "hidden_markov",
    "bounded_markov",
    "semi_markov",
    "expected_f1",
)
"""Decoders of signals that leave out short segments, or make one of several."""

THRESHOLD = 1.05
"""Pieces per segment from which the count moves by 5 %, a warning; models with sound counts stay below."""
FEWEST = 3


class OverSegmentation(Rule):
    """More segments are predicted than there are: items break into pieces, or short pieces appear out of nothing.

    What it finds:
        Classes with at least 5 % (and 3) extra pieces: predicted segments that break a reference segment apart, and
        predicted segments where there is nothing that are shorter than 95 % of the real ones. When at least 3 classes
        are concerned, and they are more than half of all or their extra pieces 5 % of all segments, it is a fault of
        the model, and one finding speaks for all of them.

    Why it matters:
        Every piece is counted. One wrong step in a hundred, put at random into perfect labels, more than doubles the
        count of short items while step accuracy stays at 99 %.

    Evidence:
        Predicted and reference segments and their ratio, the extra pieces split into fragments (an item in pieces)
        and insertions (nothing there), and the share of extra pieces that are short. Severity is read off the oracle
        ladder: what joining the fragments and removing the short insertions gains in segment F1@50, and how many
        segments that takes off the count.

    Remedy:
        Decode instead of taking the argmax: a majority filter, a minimum duration with gap filling, a segment for each
        peak, a Viterbi path with a price per switch, one price for all or one for each pair of classes, a path whose
        segments have a minimum, a semi-Markov path with a duration model, or the segments that most of the likely
        segmentations share.
        They need no training; ``segmend mend`` fits and proves them. If the model's receptive field is short, a longer
        one mends the cause.

    Known limits:
        Long insertions are confusion of classes and are not counted here. Real items shorter than 95 % of the
        annotated ones that nobody annotated look like insertions. Step labels cannot tell touching items of one
        class apart.
    """

    name = "over-segmentation"
    code = "P402"
    needs: ClassVar[tuple[str, ...]] = ("prediction", "scores", "oracle")
    explains: ClassVar[tuple[str, ...]] = ("count-bias",)
    moves = "up"

    def examine(self, chart: Chart) -> Iterator[Finding]:
        """One finding per class, or one for all when most classes are concerned."""
        assert chart.prediction is not None
        found = pieces.by_label(chart.prediction, FEWEST)
        sick = {label: part for label, part in found.items() if part.extra >= _limit(part)}
        pooled = sum(part.extra for part in sick.values()) >= (THRESHOLD - 1) * sum(
            part.reference for part in found.values()
        )
        for names in labels_apart(list(sick), len(sick) if pooled else len(found)):
            yield self._of(chart, names, [sick[name] for name in names])

    def _of(self, chart: Chart, names: Sequence[str], parts: Sequence[Pieces]) -> Finding:
        label = names[0] if len(names) == 1 else None
        reference, predicted = sum(part.reference for part in parts), sum(part.predicted for part in parts)
        fragments = sum(part.fragments for part in parts)
        insertions = sum(part.insertions for part in parts)
        spurious = sum(part.short_insertions for part in parts)
        length = np.concatenate([part.extra_length for part in parts])
        short = sum(int((part.extra_length < part.short_below).sum()) for part in parts) / max(length.size, 1)
        repaired = severity.over_segmentation(chart, label, spurious)
        expected = severity.over_segmentation(chart, label, insertions)
        said = _short(parts[0], chart.task) if label else f"are {_shorter(chart.task)} than 95 % of the real ones"
        return self.finding(
            f"{number(predicted / reference)} predicted {chart.task.item} for each reference {chart.task.item[:-1]} of "
            f"{label or f'{len(names)} classes'}; {percent(short)} of the extra ones {said}",
            severity=severity.of_change(severity.gain(repaired), (fragments + spurious) / severity.references(chart)),
            where={"label": label} if label else {},
            evidence={
                "ratio": predicted / reference,
                "pieces_per_segment": 1 + (fragments + spurious) / reference,
                "threshold": THRESHOLD,
                "reference": reference,
                "predicted": predicted,
                "fragments": fragments,
                "insertions": insertions,
                "short_insertions": spurious,
                "short_share": short,
                **({f"short_below_{chart.task.unit}": parts[0].short_below} if label else {"labels": list(names)}),
            },
            remedies=_remedies(expected, chart.task),
            gain=severity.gain(repaired),
        )


def _short(part: Pieces, task: Task) -> str:
    return f"{'last under' if task.rank == 1 else 'have fewer than'} {part.short_below} {task.unit}"


def _shorter(task: Task) -> str:
    return "shorter" if task.rank == 1 else "smaller"


def _limit(part: Pieces) -> float:
    return max(FEWEST, (THRESHOLD - 1) * part.reference)


def _remedies(expected: Expected, task: Task) -> list[Remedy]:
    if task.rank > 1:
        return [remedies.decode("morphology", expected), remedies.decode("peaks", expected)]
    return [remedies.decode(decoder, expected) for decoder in SMOOTHING]
