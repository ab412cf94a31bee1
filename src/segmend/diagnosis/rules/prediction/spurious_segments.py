"""P407: whole items are predicted where there is nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from segmend.artifacts.chart import Chart
from segmend.artifacts.finding import Finding, Remedy
from segmend.core.task import Task
from segmend.diagnosis import pieces, remedies, severity
from segmend.diagnosis.chance import SURE, at_least
from segmend.diagnosis.pieces import Pieces
from segmend.diagnosis.rule import Rule
from segmend.diagnosis.wording import labels_apart, percent

THRESHOLD = 0.05
"""Inventing this share adds 5 % to the count: a warning."""
TOLERATED = 0.02
"""A model that invents this many is not called faulty, nor one that chance makes look worse."""
FEWEST = 3


class SpuriousSegments(Rule):
    """Whole items are predicted where there is nothing of their class.

    What it finds:
        Classes with at least 5 % (and 3) as many predicted segments that meet no reference segment of their class as
        there are reference segments, and more than chance makes of a model that invents 2 % (probability below 0.001).
        Only those count that are as long as 95 % of the real ones are: shorter ones are over-segmentation. An item
        of another class at the same place is a confusion. When at least 3 classes are concerned, and they are
        more than half of all or invent 5 % of all segments, one finding speaks for all of them.

    Why it matters:
        Each invented item is one too many in the count. Unlike specks, they are as long as real items, so no minimum
        duration removes them: the model sees something that looks like an item.

    Evidence:
        How many are invented beside how many there are, and the threshold. Severity is what removing them gains in
        segment F1@50, and how many that is of all segments.

    Remedy:
        Decode with a threshold per class higher than the argmax's, or one that each segment has to reach somewhere
        (hysteresis), if they are less sure than real ones. Look at some of them: items that nobody annotated are not
        the model's fault. Otherwise train with examples of what is mistaken for the class.

    Known limits:
        It cannot tell an item that was forgotten in the annotations from one that was invented. With 20 segments
        fewer than 4 invented ones are within chance.
    """

    name = "spurious-segments"
    code = "P407"
    needs: ClassVar[tuple[str, ...]] = ("prediction", "scores", "oracle")
    explains: ClassVar[tuple[str, ...]] = ("count-bias",)
    moves = "up"

    def examine(self, chart: Chart) -> Iterator[Finding]:
        """One finding per class, or one for all when most classes are concerned."""
        assert chart.prediction is not None
        found = pieces.by_label(chart.prediction, FEWEST)
        sick = {label: part for label, part in found.items() if _many(part)}
        every = sum(part.reference for part in found.values())
        many = sum(part.long_insertions for part in sick.values()) >= THRESHOLD * every
        for names in labels_apart(list(sick), len(sick) if many else len(found)):
            yield self._of(chart, names, [sick[name] for name in names])

    def _of(self, chart: Chart, names: Sequence[str], parts: Sequence[Pieces]) -> Finding:
        label = names[0] if len(names) == 1 else None
        reference, invented = sum(part.reference for part in parts), sum(part.long_insertions for part in parts)
        expected = severity.without(chart, invented)
        item = chart.task.item
        return self.finding(
            f"{invented} {item} of {label or f'{len(names)} classes'} are predicted where there are none, "
            f"{percent(invented / reference)} as many as the {reference} that there are; they are as "
            f"{'long' if chart.task.rank == 1 else 'large'} as real ones",
            severity=severity.of_change(severity.gain(expected), invented / severity.references(chart)),
            where={"label": label} if label else {},
            evidence={
                "share": invented / reference,
                "threshold": THRESHOLD,
                "spurious": invented,
                "reference": reference,
                "chance": max(map(_chance, parts)),
                **({} if label else {"labels": list(names)}),
            },
            remedies=[
                *remedies.sure_ones(chart.task, expected),
                Remedy(name="look-at-what-was-invented", safety="manual", advice=_look(chart.task)),
            ],
            gain=severity.gain(expected),
        )


def _many(part: Pieces) -> bool:
    return part.long_insertions >= max(FEWEST, THRESHOLD * part.reference) and _chance(part) < SURE


def _chance(part: Pieces) -> float:
    """That of so many or more; more items can be invented than there are, of which chance has nothing more to say."""
    return at_least(min(part.long_insertions, part.reference), part.reference, TOLERATED)


def _look(task: Task) -> str:
    where = "in the report" if task.kind == "segmentation" else ""
    return (
        f"Look at some of them {where}: annotate those that are real, and train with more examples of what the others "
        "are."
    )
