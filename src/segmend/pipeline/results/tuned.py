"""What ``tune`` returns."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from segmend.artifacts.plan import Plan
from segmend.artifacts.study import StudyRecord, StudyTrial


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Tuned:
    """A search over plan values: print it for the front and the verdict; train by its ``plan``.

    Attributes:
        path: the STUDY folder.
        record: all of it as data, as study.json has it.
        plan: partial, for a training of any length: the best values with their reasons, or, where nothing was better,
            only what was given by hand.
    """

    path: Path
    record: StudyRecord
    plan: Plan

    @property
    def trials(self) -> tuple[StudyTrial, ...]:
        """Every trial that began, in their order."""
        return self.record.trials

    @property
    def front(self) -> tuple[StudyTrial, ...]:
        """The trials that no other one beats in all scores."""
        by_number = {trial.number: trial for trial in self.trials}
        return tuple(by_number[number] for number in self.record.front)

    def to_dict(self) -> dict[str, Any]:
        """What ``segmend tune --json`` prints."""
        return {**self.record.to_dict(), "out": str(self.path)}

    def __repr__(self) -> str:
        return f"Tuned({str(self.path)!r}, {len(self.trials)} trials, {self.record.verdict!r})"

    def __str__(self) -> str:
        from segmend.pipeline.results.tuned_text import as_text

        return as_text(self)
