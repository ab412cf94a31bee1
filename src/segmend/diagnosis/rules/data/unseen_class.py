"""D402: classes that are judged but were never learnt."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from segmend.artifacts.chart import Chart
from segmend.artifacts.finding import Finding, Remedy, Severity
from segmend.artifacts.fingerprint import RecordingFacts
from segmend.core.roles import Purpose
from segmend.core.task import Kind
from segmend.diagnosis import severity
from segmend.diagnosis.linking import share_a_class
from segmend.diagnosis.parts import by_purpose, held, items
from segmend.diagnosis.rule import Rule
from segmend.diagnosis.wording import holders, percent

SPLIT = Remedy(
    name="split-by-group",
    safety="manual",
    advice="Split again by group: segmend.splitting.by_group keeps classes in balance, so that each part has them all.",
)
MERGE = Remedy(
    name="merge-or-leave-out",
    safety="manual",
    advice="With too few examples to share out, merge the class into a similar one, or leave it out and say so.",
)


class UnseenClass(Rule):
    """A class occurs in the validation or test part, and nowhere in the training part.

    What it finds:
        Classes, the background included, that some recording of val or test holds and no recording of train does.
        Several test parts count as one.

    Why it matters:
        A model cannot answer what it was never shown. All that is there of the class is missed, or worse, taken for
        another one, however good the model is; class weights computed on train leave the class out or divide by zero.

    Evidence:
        How many items of the class the judged parts hold, and their share of all items there: the recall that is lost.
        The threshold is 0 items in train. Severity is at least warning, and error where the share lost is 25 per cent,
        or costs 0.10 of the F1: with every other item found, a share s that is missed leaves F1 = (2 - 2s) / (2 - s).

    Remedy:
        Split again so that every class is in every part; with too few examples for that, merge classes or leave the
        class out.

    Known limits:
        Classes are compared by name as they were read: a spelling that differs between parts shows as an unseen class,
        which is right. A class with a single example in train is as good as unseen: see ``too-few-segments``.
    """

    name = "unseen-class"
    code = "D402"
    needs: ClassVar[tuple[str, ...]] = ("fingerprint",)
    explains: ClassVar[tuple[str, ...]] = (
        "single-class-collapse",
        "missed-class",
        "missed-segments",
        "confused-pair",
        "diverged",
        "count-bias",
    )
    kinds: ClassVar[tuple[Kind, ...]] = ("segmentation", "classification")

    def examine(self, chart: Chart) -> Iterator[Finding]:
        """One finding per class."""
        facts = chart.fingerprint
        assert facts is not None
        parts = by_purpose(facts)
        train = parts.pop("train", [])
        if not train or not parts:
            return
        for number, name in enumerate(facts.labels):
            there = {part: each for part, each in parts.items() if held(each, number)}
            if there and not held(train, number):
                counted = number != facts.background
                counts = {part: _count(each, number, counted) for part, each in there.items()}
                yield self._unseen(chart, name, there, counts)

    def causes(self, mine: Finding, other: Finding) -> bool:
        """A class that was never learnt explains faults of that class, and a loss that is broken by its absence."""
        if other.rule == "diverged":
            return mine.where["label"] in other.evidence.get("absent", ())
        return super().causes(mine, other) and share_a_class({mine.where["label"]}, other)

    def _unseen(
        self,
        chart: Chart,
        name: str,
        there: dict[Purpose, list[RecordingFacts]],
        counts: dict[Purpose, tuple[int, int]],
    ) -> Finding:
        task = chart.task
        what = task.item if name != _background(chart) else task.unit
        lost = max(mine / every for mine, every in counts.values())
        said = " and ".join(f"{mine} of {every} {what} of {part}" for part, (mine, every) in counts.items())
        most = " at most" if len(counts) > 1 else ""
        no = "image" if holders(task) == "images" else "recording"
        return self.finding(
            f"{name} is never learnt: {said} ({percent(lost)}{most}) are of this class, and no {no} of train has it",
            severity=severity.worst(Severity.WARNING, severity.of_change(lost / (2 - lost), lost)),
            where={"label": name},
            evidence={
                "in_train": 0,
                "threshold": 0,
                "in": {part: mine for part, (mine, _) in counts.items()},
                "lost_share": lost,
                "recordings": [each.name for part in there.values() for each in part if _has(each, chart, name)][:20],
            },
            remedies=(SPLIT, MERGE),
        )


def _count(recordings: list[RecordingFacts], number: int, counted: bool) -> tuple[int, int]:
    """Items (steps of the background, which has none) of the class and of all."""
    if counted and items(recordings, number):
        return items(recordings, number), sum(sum(each.class_segments) for each in recordings)
    return held(recordings, number), sum(sum(each.class_steps) for each in recordings)


def _has(recording: RecordingFacts, chart: Chart, name: str) -> bool:
    assert chart.fingerprint is not None
    return recording.class_steps[chart.fingerprint.labels.index(name)] > 0


def _background(chart: Chart) -> str | None:
    facts = chart.fingerprint
    return facts.labels[facts.background] if facts is not None and facts.background is not None else None
