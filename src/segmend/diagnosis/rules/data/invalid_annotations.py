"""D303: annotations that cannot be meant."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from segmend.artifacts.chart import Chart
from segmend.artifacts.finding import Finding, Remedy, Severity
from segmend.core.task import Kind, Task
from segmend.core.words import counted
from segmend.diagnosis.rule import Rule
from segmend.diagnosis.wording import holders

SHOWN = 20
"""Places listed in the evidence."""

FAULTS = {
    "overlap": ("segment", "beginning before the end of an earlier one"),
    "empty-segment": ("segment", "with the end before or at the start"),
    "beyond-end": ("segment", "reaching beyond the recording"),
    "partial": ("label", "of a whole {each} covering a part of it only"),
    "unknown-label": ("annotation", "without a known label"),
    "unknown-recording": ("{each}", "annotated but not there"),
    "not-annotated": ("{each}", "without any annotation"),
}
"""What is counted and what is wrong with it."""

OF_WHOLES = {
    "overlap": ("label", "beside another of the same {each}"),
    "empty-segment": ("label", "with the end before or at the start"),
    "beyond-end": ("label", "reaching beyond the {each}"),
}

OF_IMAGES = {
    "overlap": ("object", "over another"),
    "empty-segment": ("object", "without an area"),
    "beyond-end": ("mark", "of another size than the image or reaching beyond it"),
}


class InvalidAnnotations(Rule):
    """Annotations contradict themselves, the recordings or the labels.

    What it finds:
        Segments that overlap in a task of one label per step, that end before or where they start, that reach beyond
        their recording or carry an unknown or empty label; labels of whole recordings that cover a part of theirs; rows
        for recordings that are not there; recordings without any row.

    Why it matters:
        Each of these falsifies a count. A segment with swapped ends is lost, one that reaches beyond the end is cut, an
        overlapping one hides part of another, and a misspelt label makes its item look like background, so that a model
        is punished for finding it.

    Evidence:
        For each kind how many there are, in how many recordings, and the places: file and line, with what was received
        and what was expected. The threshold is 0.

    Remedy:
        Correct the rows. What the right row would be, only the annotator knows; so nothing is repaired silently.

    Known limits:
        Annotations that are possible but wrong, such as a missed item or a border a second too late, are not seen here.
    """

    name = "invalid-annotations"
    code = "D303"
    needs: ClassVar[tuple[str, ...]] = ("fingerprint",)
    kinds: ClassVar[tuple[Kind, ...]] = ("segmentation", "classification")

    def examine(self, chart: Chart) -> Iterator[Finding]:
        """One finding per kind of problem, in the order above."""
        assert chart.fingerprint is not None
        for kind in FAULTS:
            problems = [problem for problem in chart.fingerprint.problems if problem["kind"] == kind]
            if problems:
                yield self._of_kind(kind, problems, chart.task)

    def _of_kind(self, kind: str, problems: list[dict[str, Any]], task: Task) -> Finding:
        each = holders(task)[:-1]
        recordings = list(dict.fromkeys(problem["recording"] for problem in problems))
        absent = kind == "not-annotated"
        first = f"{each} {problems[0]['recording']}" if absent else f"{problems[0]['where']}: {problems[0]['message']}"
        return self.finding(
            f"{_fault(kind, len(problems), task)}; the first: {first:.240}",
            severity=Severity.WARNING if absent else Severity.ERROR,
            where={"recording": recordings[0]} if len(recordings) == 1 else {},
            evidence={
                "kind": kind,
                "problems": len(problems),
                "threshold": 0,
                "recordings": len(recordings),
                "places": [
                    {key: problem[key] for key in ("recording", "where", "message")} for problem in problems[:SHOWN]
                ],
            },
            remedies=(_annotate(each) if absent else _correct(task),),
        )


def _fault(kind: str, number: int, task: Task) -> str:
    """How many faults of a kind, in words of the task."""
    own = OF_WHOLES if task.kind == "classification" else OF_IMAGES if task.rank > 1 else {}
    what, wrong = (text.format(each=holders(task)[:-1]) for text in own.get(kind, FAULTS[kind]))
    return f"{counted(number, what)} {wrong}"


def _correct(task: Task) -> Remedy:
    drawn = task.kind == "segmentation" and task.rank > 1
    what = "masks or objects" if drawn else "rows of the annotation file"
    return Remedy(
        name="correct-the-masks" if drawn else "correct-the-rows",
        safety="manual",
        advice=f"Correct these {what}; until then training, scoring and mending refuse the data.",
    )


def _annotate(each: str) -> Remedy:
    return Remedy(
        name="annotate-or-remove",
        safety="manual",
        advice=f"Annotate these {each}s or move them away; training leaves them out.",
    )
