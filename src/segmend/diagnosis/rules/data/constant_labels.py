"""D302: labels that never change."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from segmend.artifacts.chart import Chart
from segmend.artifacts.finding import Finding, Remedy, Severity
from segmend.artifacts.fingerprint import Fingerprint, RecordingFacts
from segmend.core.task import Kind, Task
from segmend.diagnosis.rule import Rule
from segmend.diagnosis.wording import called, listed, percent

WARN = 0.5
"""Where half of the recordings and more are of one label, a task of borders has become one of recordings."""

REVIEW = Remedy(
    name="check-the-annotations",
    safety="manual",
    advice="Check that the annotations and their class names were read as they were meant.",
)
STARTS = Remedy(
    name="mark-starts-as-a-class",
    safety="manual",
    advice="If items follow each other without a gap, label the first steps of each only, or leave a few steps between "
    "two of them without a label, so that they can be told apart and counted.",
)
BORDERS = Remedy(
    name="leave-a-border-in-the-labels",
    safety="manual",
    advice="If objects touch each other, give the pixels between them to the background, so that they can be told "
    "apart and counted.",
)
JOIN = Remedy(
    name="label-whole-sessions",
    safety="manual",
    advice="Bring recordings in which labels change, or treat the task as classification of recordings.",
)


class ConstantLabels(Rule):
    """Labels never change: one for all data, or one for each recording.

    What it finds:
        Data in which every labelled step carries the same label, and recordings that carry one foreground label from
        the first step to the last. Of labels that may overlap, each holds everywhere or nowhere.

    Why it matters:
        Where one label is all there is, a model that always answers it is perfect and has learnt nothing. Where each
        recording has one label, a model never sees a border: it learns what recordings look like, not where things
        begin, and its segments on longer recordings fall to pieces.

    Evidence:
        The share of recordings of one label. Severity is error for one label everywhere, warning from half of the
        recordings, else info.

    Remedy:
        Where items touch, leave a gap between them, or label their starts only: labels per step cannot tell one long
        item from many that follow each other. Otherwise check class names and annotations: one label everywhere is
        often a wrong column; or bring recordings in which labels change.

    Known limits:
        Recordings that hold background only are left alone, because they teach a model what is no item.
    """

    name = "constant-labels"
    code = "D302"
    needs: ClassVar[tuple[str, ...]] = ("fingerprint",)
    explains: ClassVar[tuple[str, ...]] = ("single-class-collapse", "too-few-segments")
    kinds: ClassVar[tuple[Kind, ...]] = ("segmentation", "classification")

    def examine(self, chart: Chart) -> Iterator[Finding]:
        """At most one finding."""
        facts, task = chart.fingerprint, chart.task
        assert facts is not None
        if task.labels == "multilabel":
            yield from self._overlapping(facts, task)
            return
        labelled = [recording for recording in facts.recordings if sum(recording.class_steps)]
        totals = [sum(recording.class_steps[number] for recording in labelled) for number in range(len(facts.labels))]
        present = [name for name, steps in zip(facts.labels, totals, strict=True) if steps]
        if labelled and len(present) == 1:
            foreground = facts.background is not None and facts.labels[facts.background] != present[0]
            yield self._one_label(present[0], len(labelled), sum(totals), task, touching=foreground)
        elif (
            task.kind == "segmentation"
            and task.rank == 1
            and (constant := [recording for recording in labelled if _is_constant(recording, facts)])
        ):
            yield self._one_each(constant, len(labelled))

    def _overlapping(self, facts: Fingerprint, task: Task) -> Iterator[Finding]:
        """Of labels that may overlap: each holds everywhere or nowhere, in all data or in a recording."""
        judged = [recording for recording in facts.recordings if recording.judged]
        every = sum(recording.judged or 0 for recording in judged)
        totals = [sum(recording.class_steps[number] for recording in judged) for number in range(len(facts.labels))]
        if judged and all(steps in (0, every) for steps in totals):
            held = [name for name, steps in zip(facts.labels, totals, strict=True) if steps]
            yield self._one_label(listed(held) or "without a label", len(judged), every, task, held=held)
        elif task.kind == "segmentation" and task.rank == 1:
            constant = [
                recording
                for recording in judged
                if any(recording.class_steps) and all(n in (0, recording.judged) for n in recording.class_steps)
            ]
            if constant:
                yield self._one_each(constant, len(judged))

    def _one_label(
        self,
        name: str,
        recordings: int,
        steps: int,
        task: Task,
        *,
        touching: bool = False,
        held: list[str] | None = None,
    ) -> Finding:
        of = f"of {recordings} {task.holders} " if task.kind == "segmentation" else ""
        touching = touching and task.kind == "segmentation"
        apart = f", neither {task.item} from the background nor one from the next" if touching else ""
        return self.finding(
            f"all {steps:,} labelled {task.unit} {of}are {called(name)}: there is nothing to tell apart{apart}",
            severity=Severity.ERROR,
            where={"label": name} if held is None or held == [name] else {},
            evidence={"labels": 1, "threshold": 2, "steps": steps, "recordings": recordings},
            remedies=((STARTS if task.rank == 1 else BORDERS), REVIEW) if touching else (REVIEW,),
            gain=1.0,
        )

    def _one_each(self, constant: list[RecordingFacts], recordings: int) -> Finding:
        share = len(constant) / recordings
        names = [recording.name for recording in constant]
        return self.finding(
            f"{len(constant)} of {recordings} recordings ({percent(share)}) carry one label from the first step to the "
            f"last: {listed(names)}",
            severity=Severity.WARNING if share >= WARN else Severity.INFO,
            where={"recording": names[0]} if len(names) == 1 else {},
            evidence={"share": share, "threshold": WARN, "recordings": names},
            remedies=(JOIN, REVIEW),
        )


def _is_constant(recording: RecordingFacts, facts: Fingerprint) -> bool:
    present = [number for number, steps in enumerate(recording.class_steps) if steps]
    return len(present) == 1 and present[0] != facts.background
