"""D303: annotations that cannot be meant."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from segmend.artifacts.chart import Chart
from segmend.artifacts.finding import Finding, Remedy, Severity
from segmend.core.task import Kind
from segmend.diagnosis.rule import Rule
from segmend.diagnosis.wording import holders

SHOWN = 20
"""Places listed in the evidence."""

FAULTS = {
    "overlap": "segments that begin before an earlier one has ended",
    "empty-segment": "segments that end before or where they start",
    "beyond-end": "segments that reach beyond their {each}",
    "partial": "labels of whole {each}s that cover a part of theirs only",
    "unknown-label": "segments without a known label",
    "unknown-recording": "{each}s that are annotated but not there",
    "not-annotated": "{each}s without any annotation",
}

CORRECT = Remedy(
    name="correct-the-rows",
    safety="manual",
    advice="Correct these rows of the annotation file; until then training, scoring and mending refuse the data.",
)
ANNOTATE = Remedy(
    name="annotate-or-remove",
    safety="manual",
    advice="Annotate these recordings or move them away; training leaves them out.",
)


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
        for kind, text in FAULTS.items():
            problems = [problem for problem in chart.fingerprint.problems if problem["kind"] == kind]
            if problems:
                each = holders(chart.task)[:-1]
                yield self._of_kind(kind, text.format(each=each), problems, each)

    def _of_kind(self, kind: str, text: str, problems: list[dict[str, Any]], each: str) -> Finding:
        recordings = list(dict.fromkeys(problem["recording"] for problem in problems))
        absent = kind == "not-annotated"
        first = f"{each} {problems[0]['recording']}" if absent else f"{problems[0]['where']}: {problems[0]['message']}"
        return self.finding(
            f"{len(problems)} {text}; the first: {first:.240}",
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
            remedies=(ANNOTATE,) if absent else (CORRECT,),
        )
