"""The texts of the rules that found something."""

from __future__ import annotations

from segmend import catalogue
from segmend.artifacts.finding import DiagnosisRecord


def explanations(record: DiagnosisRecord | None) -> dict[str, str]:
    """The text that ``segmend explain`` prints, for each rule that found something."""
    from segmend.diagnosis import registry

    found = {finding.rule for finding in record.findings} if record is not None else set()
    return {rule: registry.read(rule).text for rule in sorted(found & set(catalogue.RULES))}
