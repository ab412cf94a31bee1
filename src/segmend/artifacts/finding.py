"""What the doctor found: findings with evidence, remedies as data, and the oracle ladder."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Literal

from pydantic import Field

from segmend.artifacts.base import Artifact

Safety = Literal["safe", "unsafe", "manual"]


class Severity(StrEnum):
    """How much a finding matters; INTERFACE thresholds are applied by the doctor."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Expected(Artifact):
    """What a remedy can reach at most, read off the oracle ladder."""

    objective: str
    before: float | None
    at_most: float | None


class Remedy(Artifact):
    """What to do about a finding, as data.

    Attributes:
        name: kebab-case name, such as "decode-semi-markov".
        safety: "safe" (mend applies it), "unsafe" (only when asked), "manual" (the report tells the person).
        edits: what to change: ``{"decoder": NAME}`` or plan keys with values; empty for manual remedies.
        advice: one sentence that tells a person what to do.
        expected: the most that it can bring, where the oracle tells.
    """

    name: str
    safety: Safety
    edits: dict[str, Any] = Field(default_factory=dict)
    advice: str = ""
    expected: Expected | None = None


class Finding(Artifact):
    """One fault, where it is, and the numbers that show it.

    Attributes:
        rule: kebab-case name of the rule.
        code: letter of the family (D data, M model, T training, P predictions) and a number.
        severity: error, warning or info.
        where: what it concerns: any of label, recording, channel, layer, output.
        explained_by: names of rules whose findings cause this one.
        message: one or two sentences with the numbers in them.
        evidence: the numbers, with the threshold that was used.
        remedies: cheapest first.
        gain: share of the oracle ladder that this finding stands for, used for ranking only.
    """

    rule: str
    code: str
    severity: Severity
    where: dict[str, Any] = Field(default_factory=dict)
    explained_by: tuple[str, ...] = ()
    message: str
    evidence: dict[str, Any] = Field(default_factory=dict)
    remedies: tuple[Remedy, ...] = ()
    gain: float = Field(default=0.0, exclude=True)


class Skipped(Artifact):
    """A rule that could not run, and why."""

    rule: str
    because: str


class OracleRung(Artifact):
    """The scores if one kind of error were repaired, each alone and from the raw prediction.

    Attributes:
        if_fixed: fragmentation, merge, insertion, deletion, substitution or borders; None for the baseline.
        label: the class the repair was confined to, None for all classes at once.
        segment_f1_50: pooled segment F1 at IoU >= 0.5.
        count_mae: mean absolute error of the count per recording.
        count_ratio: predicted over reference segments, over all recordings.
    """

    if_fixed: str | None
    label: str | None = None
    segment_f1_50: float | None = Field(alias="segment_f1@50")
    count_mae: float | None
    count_ratio: float | None = None


class DiagnosisRecord(Artifact):
    """A whole diagnosis, as ``segmend diagnose --json`` prints it."""

    schema_: int = Field(default=1, alias="schema")
    task: dict[str, Any]
    judged_on: str
    findings: tuple[Finding, ...]
    oracle: tuple[OracleRung, ...]
    checked: tuple[str, ...]
    skipped: tuple[Skipped, ...]
