"""What ``diagnose`` returns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from segmend.artifacts.chart import Chart
from segmend.artifacts.finding import DiagnosisRecord, Finding, OracleRung, Severity, Skipped
from segmend.artifacts.review import Review
from segmend.core.types import FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Diagnosis:
    """A diagnosis: print it, look at it in a notebook, or write it as a page.

    Attributes:
        record: findings, oracle ladder, checked and skipped rules, as data.
        chart: what the doctor looked at.
        notes: what was decided on the way, for people.
        signals: judged signals by name of recording, for the page's timelines; None where there are none.
    """

    record: DiagnosisRecord
    chart: Chart
    notes: tuple[str, ...] = ()
    signals: Mapping[str, FloatArray] | None = None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Ranked, causes before what they explain."""
        return self.record.findings

    @property
    def oracle(self) -> tuple[OracleRung, ...]:
        """What repairing one kind of error would bring; the baseline first."""
        return self.record.oracle

    @property
    def checked(self) -> tuple[str, ...]:
        """Names of the rules that ran."""
        return self.record.checked

    @property
    def skipped(self) -> tuple[Skipped, ...]:
        """Rules that could not run, and why."""
        return self.record.skipped

    @property
    def review(self) -> Review:
        """Places whose labels a person should look at, where the rules that find them ran."""
        from segmend.diagnosis.review import review_of

        return review_of(self.record, self.chart.fingerprint)

    @property
    def is_grave(self) -> bool:
        """Whether some finding is a warning or an error."""
        return any(finding.severity is not Severity.INFO for finding in self.findings)

    def to_dict(self) -> dict[str, Any]:
        """The diagnosis as ``segmend diagnose --json`` prints it.

        Of the oracle ladder the rungs of all classes together, as the scores of the whole; ``record`` has every rung.
        """
        content = self.record.to_dict()
        content["oracle"] = [rung.to_dict() for rung in self.oracle if rung.label is None]
        return content

    def report(self, path: str | Path) -> Path:
        """Write one self-contained HTML page.

        Raises:
            InputError: the path is a folder, or nothing could be judged.
        """
        from segmend.pipeline.results.page import write_diagnosis

        return write_diagnosis(self, path, signals=self.signals)

    def __str__(self) -> str:
        from segmend.pipeline.results.diagnosis_text import as_text

        return as_text(self)

    def _repr_html_(self) -> str:
        from segmend.pipeline.results.diagnosis_text import as_html

        return as_html(self)
