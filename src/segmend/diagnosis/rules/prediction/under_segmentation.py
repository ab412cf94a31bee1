"""P403: neighbouring items run together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from segmend.artifacts.chart import Chart
from segmend.artifacts.finding import Expected, Finding, Remedy
from segmend.core.task import Task
from segmend.diagnosis import pieces, remedies, severity
from segmend.diagnosis.pieces import Pieces
from segmend.diagnosis.rule import Rule
from segmend.diagnosis.wording import labels_apart, percent

THRESHOLD = 0.05
FEWEST = 3


class UnderSegmentation(Rule):
    """Neighbouring items run together: one predicted segment lies over several reference segments of its class.

    What it finds:
        Classes in which at least 5 % of the reference segments (and 3) are swallowed by the predicted segment of a
        neighbour of the same class. When more than half of the classes (and at least 3) are concerned, one finding
        speaks for all of them.

    Why it matters:
        Each merge takes an item off the count, and a merge of two equal items has an IoU below 0.5 with both, so it
        costs two matches at once. Step accuracy hardly moves: only the short gap between them is wrong.

    Evidence:
        How many predicted segments cover several reference segments, how many reference segments are swallowed, and
        the threshold. Severity is read off the oracle ladder: what cutting at the true gaps gains in segment F1@50, and
        how many segments it adds to the count.

    Remedy:
        A threshold per class higher than the argmax's opens gaps; a semi-Markov path refuses segments longer than
        any seen; a border learnt from the scores around it cuts too, and so does a peak for each item. None needs
        training. Where the gap is shorter than the model's output stride, or is annotated in some recordings only,
        decoding cannot find it: lower the stride, or weigh the steps around the borders more.

    Known limits:
        Items that touch without a gap are one segment in step labels, so merging them is not an error that can be
        seen here (see touching-same-label). Segments merged across classes are substitutions or deletions.
    """

    name = "under-segmentation"
    code = "P403"
    needs: ClassVar[tuple[str, ...]] = ("prediction", "scores", "oracle")
    explains: ClassVar[tuple[str, ...]] = ("count-bias",)
    moves = "down"

    def examine(self, chart: Chart) -> Iterator[Finding]:
        """One finding per class, or one for all when most classes are concerned."""
        assert chart.prediction is not None
        found = pieces.by_label(chart.prediction, FEWEST)
        sick = {label: part for label, part in found.items() if part.merged >= max(FEWEST, THRESHOLD * part.reference)}
        for names in labels_apart(list(sick), len(found)):
            yield self._of(chart, names, [sick[name] for name in names])

    def _of(self, chart: Chart, names: Sequence[str], parts: Sequence[Pieces]) -> Finding:
        label = names[0] if len(names) == 1 else None
        reference, swallowed = sum(part.reference for part in parts), sum(part.merged for part in parts)
        covering = sum(int((part.covers > 1).sum()) for part in parts)
        _, expected = severity.from_oracle(chart, "merge", label)
        return self.finding(
            f"{covering} predicted {chart.task.item} of {label or f'{len(names)} classes'} lie over several reference "
            f"{chart.task.item} each and swallow {swallowed} of {reference} ({percent(swallowed / reference)})",
            severity=severity.of_change(severity.gain(expected), swallowed / severity.references(chart)),
            where={"label": label} if label else {},
            evidence={
                "share": swallowed / reference,
                "threshold": THRESHOLD,
                "reference": reference,
                "predicted": sum(part.predicted for part in parts),
                "merging": covering,
                "swallowed": swallowed,
                **({} if label else {"labels": list(names)}),
            },
            remedies=[
                *_decoders(chart.task, expected),
                Remedy(
                    name="resolve-gaps",
                    safety="manual",
                    advice="Give the model an output stride below the shortest gap, and weigh "
                    f"{chart.task.unit} near borders more.",
                ),
            ],
            gain=severity.gain(expected),
        )


def _decoders(task: Task, expected: Expected) -> list[Remedy]:
    names = ("thresholds", "peak_picking", "semi_markov", "expected_f1") if task.rank == 1 else ("morphology", "peaks")
    return [remedies.decode(name, expected) for name in names]
