"""D304: classes with too few examples to learn or to judge."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import ClassVar

from segmend.artifacts.chart import Chart
from segmend.artifacts.finding import Finding, Remedy, Severity
from segmend.artifacts.fingerprint import ClassFacts, Fingerprint, RecordingFacts
from segmend.core.task import Kind
from segmend.diagnosis import severity
from segmend.diagnosis.alike import independent
from segmend.diagnosis.intervals import wilson
from segmend.diagnosis.linking import share_a_class
from segmend.diagnosis.parts import by_purpose, items
from segmend.diagnosis.rule import Rule
from segmend.diagnosis.wording import called, labels_apart, listed, number

WIDEST = 0.5
"""Of an interval of recall: beyond it a recall of 0.5 cannot be told from 0.25 or 0.75."""

ENOUGH = 12
"""The least number of which the interval, where it is widest, is no wider than that."""

FOLDS = 5

MERGE = Remedy(
    name="merge-classes",
    safety="manual",
    advice="Until then merge the class into a similar one, or leave it out and say so.",
)
IN_TURN = Remedy(
    name="judge-by-folds",
    safety="manual",
    advice=f"Judge by folds: segmend.splitting.folds(groups, {FOLDS}) holds every group out once, so that all examples "
    "are judged.",
)


class TooFewSegments(Rule):
    """A class has too few examples to be learnt, or to be judged by.

    What it finds:
        Classes with fewer than 12 segments (objects, or recordings where these are classified) to learn from, or whose
        segments are so alike within people and other groups that they are worth fewer than 12 independent ones; classes
        of which val or test holds fewer than 12.

    Why it matters:
        What is learnt from a handful of examples is these examples. What is measured on a handful moves by chance: one
        more item found can change the score by 10 points, so that neither thresholds nor models can be chosen by it.

    Evidence:
        How many there are, how many independent ones they are worth, and the 95 per cent interval (Wilson 1927) of a
        recall of 0.5 measured on as many. The threshold is a width of 0.5, which 12 keep. That a group's segments are
        alike counts only where an F test says so at 0.01, shared among the classes. Severity
        is info, and where predictions are there, by what the class's missed segments cost. What is judged by too few is
        info.

    Remedy:
        More recordings of other people that hold the class; until then merge it into a similar class, or judge it by
        folds, in which every example is judged once.

    Known limits:
        12 are enough to say whether a class is found at all, and not to tell models apart: for an interval of 0.2 it
        takes 93. Alike are segments by their length (objects by their diameter); those that differ in length can be
        alike in all else. A class without any example in train is left to ``unseen-class``.
    """

    name = "too-few-segments"
    code = "D304"
    needs: ClassVar[tuple[str, ...]] = ("fingerprint",)
    explains: ClassVar[tuple[str, ...]] = (
        "overparameterised",
        "overfitting",
        "stopped-early",
        "single-class-collapse",
        "missed-class",
        "flickering",
        "over-segmentation",
        "under-segmentation",
        "missed-segments",
        "spurious-segments",
        "confused-pair",
    )
    spent_as_info = True
    kinds: ClassVar[tuple[Kind, ...]] = ("segmentation", "classification")

    def examine(self, chart: Chart) -> Iterator[Finding]:
        """What learns from too few, by class, and what is judged by too few, together."""
        facts = chart.fingerprint
        assert facts is not None
        counted = [each for each in facts.classes if each.segments]
        learning = _measured(facts)
        worth = {each.name: _worth(chart, each, learning, len(counted)) for each in counted}
        few = [each for each in counted if worth[each.name] < ENOUGH]
        learnt = few if facts.channels else []  # labels alone are those of what is judged
        for names in labels_apart([each.name for each in learnt], len(facts.classes)):
            yield self._to_learn(chart, [each for each in few if each.name in names], worth)
        judged = _judged(facts)
        if judged:
            yield self._to_judge(chart, judged)

    def causes(self, mine: Finding, other: Finding) -> bool:
        """Too few to learn from explain; too few to judge by do not."""
        learning = "independent" in mine.evidence and share_a_class(set(mine.evidence["segments"]), other)
        return super().causes(mine, other) and learning

    def _to_learn(self, chart: Chart, few: list[ClassFacts], worth: Mapping[str, float]) -> Finding:
        least = min(few, key=lambda each: worth[each.name])
        n = worth[least.name]
        low, high = wilson(n / 2, n)
        told = [
            f"{each.name} has {each.segments}"
            + (f", worth {number(worth[each.name])} independent ones" if worth[each.name] < each.segments else "")
            for each in few
        ]
        grave, gain = _cost(chart, [each.name for each in few])
        return self.finding(
            f"too few {chart.task.item} to learn from: {listed(told)}; a recall of 0.5 measured on {n:.3g} could "
            f"be anything from {low:.2f} to {high:.2f}",
            severity=grave,
            where={"label": few[0].name} if len(few) == 1 else {},
            evidence={
                "segments": {each.name: each.segments for each in few},
                "independent": {each.name: worth[each.name] for each in few},
                "threshold": ENOUGH,
                "interval": [low, high],
                "width": high - low,
                "widest": WIDEST,
            },
            remedies=(_more(chart, ENOUGH - n), MERGE, IN_TURN),
            gain=gain,
        )

    def _to_judge(self, chart: Chart, judged: Mapping[str, Mapping[str, int]]) -> Finding:
        told = [
            f"{part} has {listed([f'{count} of {called(name)}' for name, count in counts.items()])}"
            for part, counts in judged.items()
        ]
        least = min(min(counts.values()) for counts in judged.values())
        low, high = wilson(least / 2, least)
        return self.finding(
            f"too few {chart.task.item} to judge by: {'; '.join(told)}. Scores of these classes move by chance more "
            f"than models differ",
            severity=Severity.INFO,
            evidence={
                "segments": {part: dict(counts) for part, counts in judged.items()},
                "threshold": ENOUGH,
                "interval": [low, high],
                "width": high - low,
                "widest": WIDEST,
            },
            remedies=(IN_TURN,),
        )


def _measured(facts: Fingerprint) -> list[RecordingFacts]:
    """The recordings that class facts are of."""
    every = [each for each in facts.recordings if each.segments is not None]
    if facts.measured_on != "train":
        return every
    return [each for each in every if "train" in (each.role, *each.also_in)]


def _worth(chart: Chart, each: ClassFacts, learning: list[RecordingFacts], classes: int) -> float:
    """How many independent segments a class has: as many as there are, unless groups are certainly alike."""
    effective, facts = each.effective_segments, chart.fingerprint
    assert facts is not None
    if each.segments < ENOUGH or effective is None or effective >= ENOUGH:
        return each.segments
    place = facts.labels.index(each.name)
    whole = chart.task.kind == "classification"
    sizes: dict[str, int] = {}
    for recording in learning:
        sizes[recording.group] = sizes.get(recording.group, 0) + (1 if whole else recording.class_segments[place])
    alike = independent(each.segments / effective, list(sizes.values())) < 0.01 / classes
    return effective if alike else each.segments


def _judged(facts: Fingerprint) -> dict[str, dict[str, int]]:
    """Numbers of the classes of which val or test hold too few, by part; a part that is small throughout, too."""
    parts = {part: each for part, each in by_purpose(facts).items() if part != "train"}
    found = {}
    for part, recordings in parts.items():
        counts = {
            each.name: items(recordings, facts.labels.index(each.name)) for each in facts.classes if each.segments
        }
        few = {name: count for name, count in counts.items() if count < ENOUGH}
        if few:
            found[str(part)] = dict(sorted(few.items(), key=lambda pair: pair[1]))
    return found


def _cost(chart: Chart, names: list[str]) -> tuple[Severity, float]:
    if chart.scores is None or not (chart.oracle or chart.task.kind == "classification"):
        return Severity.INFO, 0.0
    if chart.task.kind == "classification":
        grave, expected = severity.of_classes(chart, names)
        return grave, severity.gain(expected)
    judged = [severity.from_oracle(chart, "deletion", name) for name in names]
    return severity.worst(*(grave for grave, _ in judged)), sum(severity.gain(expected) for _, expected in judged)


def _more(chart: Chart, lacking: float) -> Remedy:
    return Remedy(
        name="bring-more-examples",
        safety="manual",
        advice=f"Bring at least {max(1, math.ceil(lacking))} more {chart.task.item} of the class, of other people.",
    )
