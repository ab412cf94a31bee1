"""What the doctor found: fault, evidence, why, remedies."""

from __future__ import annotations

import inspect
from typing import Any

from segmend.artifacts.finding import Finding, Remedy
from segmend.reporting.content import ReportContent
from segmend.reporting.wording import decimal, figure

TITLE = "Findings"
SHOWN = 60
LONGEST = 60
"""Signs of an edit that is shown; the advice says longer ones in words."""


def context(content: ReportContent) -> dict[str, Any] | None:
    """One entry per finding in the doctor's order; None without a diagnosis."""
    if content.diagnosis is None:
        return None
    findings = content.diagnosis.findings
    return {
        "findings": [_finding(finding, content) for finding in findings[:SHOWN]],
        "judged_on": content.diagnosis.judged_on if content.diagnosis.judged_on != content.judged_on else "",
        "left_out": max(0, len(findings) - SHOWN),
        "skipped": [{"rule": skipped.rule, "because": skipped.because} for skipped in content.diagnosis.skipped],
        "checked": content.diagnosis.checked,
    }


def _finding(finding: Finding, content: ReportContent) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "code": finding.code,
        "severity": finding.severity.value,
        "where": [f"{key} {figure(value)}" for key, value in finding.where.items()],
        "explained_by": finding.explained_by,
        "message": finding.message,
        "evidence": [
            (key.replace("_", " "), figure(value))
            for key, value in finding.evidence.items()
            if len(figure(value)) < 200
        ],
        "remedies": [_remedy(remedy) for remedy in finding.remedies],
        "explanation": paragraphs(content.explanations.get(finding.rule, "")),
    }


def _remedy(remedy: Remedy) -> dict[str, Any]:
    expected = remedy.expected
    reach = ""
    if expected is not None and expected.before is not None and expected.at_most is not None:
        reach = f"{expected.objective}: {decimal(expected.before)} now, {decimal(expected.at_most)} at most"
    edits = ", ".join(f"{key} = {figure(value)}" for key, value in remedy.edits.items())
    edits = edits if len(edits) <= LONGEST else ""
    return {"name": remedy.name, "safety": remedy.safety, "advice": remedy.advice, "edits": edits, "reach": reach}


def paragraphs(text: str) -> list[dict[str, str]]:
    r"""A rule's text as headed paragraphs.

    A line that ends with a colon and stands at the margin heads the indented lines below it.

    >>> paragraphs("It is bad.\n\nWhy it matters:\n    Counts are\n    wrong.")
    [{'head': '', 'body': 'It is bad.'}, {'head': 'Why it matters', 'body': 'Counts are wrong.'}]
    """
    found: list[dict[str, str]] = []
    head, lines = "", [*inspect.cleandoc(text).replace("``", "").splitlines(), ""]
    body: list[str] = []
    for line in lines:
        heading = line.endswith(":") and not line.startswith(" ")
        if heading or not line.strip():
            if body:
                found.append({"head": head, "body": " ".join(body)})
                head, body = "", []
            head = line[:-1] if heading else head
        else:
            body.append(line.strip())
    return found
