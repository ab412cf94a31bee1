"""D301: items of one class without a gap between them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from segmend.artifacts.chart import Chart
from segmend.artifacts.finding import Finding, Remedy, Severity
from segmend.core.task import Task
from segmend.diagnosis import severity
from segmend.diagnosis.rule import Rule
from segmend.diagnosis.wording import percent

GAP = Remedy(
    name="leave-a-gap-in-the-labels",
    safety="manual",
    advice="Shorten the earlier item of each touching pair by a step or two, so that a gap tells them apart.",
)
BOUNDARY = Remedy(
    name="mark-starts-as-a-class",
    safety="manual",
    advice="Give the first steps of each item a class of their own, and count these.",
)
BORDER = Remedy(
    name="leave-a-border-in-the-labels",
    safety="manual",
    advice="Give the pixels between touching objects to the background, so that a border tells them apart.",
)
SPLIT = Remedy(
    name="split-when-decoding",
    safety="manual",
    advice="Decode with morphology or peaks, which split an area at its necks or at the peaks of its probability.",
)


class TouchingSameLabel(Rule):
    """Neighbouring items of one class touch, so that labels per step cannot tell them apart.

    What it finds:
        Pairs of annotated segments of the same class in which the later one starts where the earlier one ends; objects
        of images that share a border with another one of their class.

    Why it matters:
        A model that labels steps sees one long item where people counted two. No training and no decoding can bring
        the count right: the targets themselves say one.

    Evidence:
        Touching pairs per class, as a share of all segments: the share by which the count of a perfect model would
        fall short. Severity follows it: info below 5 per cent, warning from there, error from 25 per cent.

    Remedy:
        Leave a gap of a step or two between touching items when segments are turned into step labels, or label item
        starts as a class of their own. Scores are computed from the tables of annotations where there are any, so what
        such labels lose is seen there. In images leave a border of background between objects, or decode with
        ``morphology`` or ``peaks``, which split areas.

    Known limits:
        Only annotations that come as segments show it: from labels per step alone, touching items are one already. A
        gap of one step counts as a gap, although a model can hardly see it.
    """

    name = "touching-same-label"
    code = "D301"
    needs: ClassVar[tuple[str, ...]] = ("fingerprint",)
    explains: ClassVar[tuple[str, ...]] = ("constant-labels", "under-segmentation", "count-bias")
    moves = "down"

    def examine(self, chart: Chart) -> Iterator[Finding]:
        """One finding per class."""
        facts = chart.fingerprint
        assert facts is not None
        for each in facts.classes:
            if not each.touching:
                continue
            lost = each.touching / max(1, facts.segments)
            grave = severity.of_change(0.0, lost)
            yield self.finding(
                f"{each.touching} of {each.segments} {chart.task.item} of {each.name} {_how(chart.task)}, and "
                f"{percent(lost)} of all {chart.task.item} are lost to any count of "
                f"{'runs' if chart.task.rank == 1 else 'connected areas'}",
                severity=grave,
                where={"label": each.name},
                evidence={
                    "touching": each.touching,
                    "segments": each.segments,
                    "lost_share": lost,
                    "threshold": severity.ERROR_RATIO if grave is Severity.ERROR else severity.WARNING_RATIO,
                },
                remedies=_remedies(chart.task, gaps=facts.background is not None),
            )


def _remedies(task: Task, *, gaps: bool) -> tuple[Remedy, ...]:
    if task.rank > 1:
        return (BORDER, SPLIT)
    return (GAP, BOUNDARY) if gaps or task.labels == "multilabel" else (BOUNDARY,)


def _how(task: Task) -> str:
    if task.rank > 1:
        return "touch another one: labels per pixel run them together"
    return "begin where another one ends: labels per step run them together"
