"""A diagnosis for people: a table on a terminal or in a pipe, and one in a notebook."""

from __future__ import annotations

import html
import io
import shutil
import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from segmend.artifacts.finding import Expected, Finding, Severity

if TYPE_CHECKING:
    from segmend.core.labels import Labels
    from segmend.pipeline.results.diagnosis import Diagnosis

HEADS = ("severity", "rule", "where", "evidence", "first remedy")
WIDE = 116
"""Columns from which five columns of text read better than blocks."""

SMALLEST = 0.005
"""Gains below this would read as none."""

_SAFETY = {
    "safe": "safe ones are tried and proven by segmend mend",
    "unsafe": "unsafe ones are, if you ask for them",
    "manual": "manual ones are yours to do",
}
_STYLE = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}
_COLOUR = {Severity.ERROR: "#b3261e", Severity.WARNING: "#8a5a00", Severity.INFO: "#23629b"}


def as_text(diagnosis: Diagnosis, width: int | None = None, *, colour: bool = False) -> str:
    """The whole diagnosis as text.

    Args:
        diagnosis: what to show.
        width: columns; the terminal's, or 80 in a pipe, where None.
        colour: with escape codes for a terminal.
    """
    columns = width or shutil.get_terminal_size((80, 24)).columns
    body = (
        _table(diagnosis.findings, columns, colour=colour) if columns >= WIDE else _blocks(diagnosis.findings, columns)
    )
    parts = [*(_fill(line, columns) for line in heading(diagnosis)), "", body]
    return "\n".join([*parts, "", *(_fill(line, columns) for line in _footing(diagnosis))])


def as_html(diagnosis: Diagnosis) -> str:
    """The whole diagnosis for a notebook; text from the data is escaped."""
    head = "".join(f"<th style='text-align:left'>{title}</th>" for title in HEADS)
    rows = "".join(
        f"<tr style='vertical-align:top'><td style='color:{_COLOUR[finding.severity]}'>"
        + "</td><td style='text-align:left'>".join(html.escape(cell) for cell in _cells(finding))
        + "</td></tr>"
        for finding in diagnosis.findings
    )
    above, below = ("".join(f"<p>{html.escape(line)}</p>" for line in f(diagnosis)) for f in (heading, _footing))
    return f"{above}<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>{below}"


def heading(diagnosis: Diagnosis) -> Iterator[str]:
    """What was judged, and the counts in one sentence."""
    chart = diagnosis.chart
    prediction, task = chart.prediction, chart.task
    many, each = len(prediction.names) if prediction else 0, "recording" if task.rank == 1 else "image"
    recordings = f"{many} {each}{'s' * (many > 1)}, " if many else ""
    classes = f"{task.classes} class{'' if task.classes == 1 else 'es'}"
    classes += _background(chart.labels) if task.kind == "segmentation" else ""
    yield f"{recordings}{task.labels} {task.kind}, {classes}; judged on {chart.judged_on}"
    if chart.scores and chart.scores.count and chart.scores.segment:
        count, f1 = chart.scores.count, chart.scores.segment["f1@50"]
        yield (
            f"{count['predicted']:,} {task.item} predicted where there are {count['reference']:,}; "
            f"count off by {_figure(count['mae'])} per {each}, {task.item[:-1]} F1@50 {_figure(f1)}"
        )
    elif chart.scores:
        step, several = chart.scores.step, task.labels == "multilabel"
        right, share = ("all labels right", "subset_accuracy") if several else ("the right class", "accuracy")
        yield f"{right} in {_share(step[share])} of the {each}s, macro F1 {_figure(step['macro_f1'])}"
    yield from diagnosis.notes


def _background(labels: Labels) -> str:
    number = labels.background
    return ", no background" if number is None else f', background {number} ("{labels.names[number]}")'


def where(finding: Finding) -> str:
    """The place of a finding: "label QRS", or "everywhere"."""
    return ", ".join(f"{key} {value}" for key, value in finding.where.items()) or "everywhere"


def first_remedy(finding: Finding) -> str:
    """Name, safety, what it can bring, and what to do."""
    if not finding.remedies:
        return ""
    remedy = finding.remedies[0]
    advice = f". {remedy.advice}" if remedy.advice else ""
    return f"{remedy.name} ({remedy.safety}){_promise(remedy.expected)}{advice}"


def _promise(expected: Expected | None) -> str:
    """What it can bring, where that is more than nothing."""
    if expected is None or expected.at_most is None or expected.before is None:
        return ""
    if expected.at_most - expected.before < SMALLEST:
        return ""
    return f": {expected.objective} {expected.before:.2f} to at most {expected.at_most:.2f}"


def _cells(finding: Finding) -> tuple[str, ...]:
    return (finding.severity.value, finding.rule, where(finding), _evidence(finding), first_remedy(finding))


def _evidence(finding: Finding) -> str:
    because = f" (because of {', '.join(finding.explained_by)})" if finding.explained_by else ""
    return finding.message + because


def _table(findings: Sequence[Finding], columns: int, *, colour: bool) -> str:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    if not findings:
        return "Nothing found."
    table = Table(box=SIMPLE_HEAD, expand=True, pad_edge=False)
    for title, ratio in zip(HEADS, (None, None, None, 3, 2), strict=True):
        table.add_column(title, ratio=ratio, no_wrap=ratio is None and title != "where", overflow="fold")
    for finding in findings:
        first, *rest = _cells(finding)
        table.add_row(Text(first, _STYLE[finding.severity]), *map(Text, rest))
    out = io.StringIO()
    Console(file=out, width=columns, force_terminal=colour, no_color=not colour, highlight=False).print(table)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()).strip("\n")


def _blocks(findings: Sequence[Finding], columns: int) -> str:
    blocks = []
    for finding in findings:
        lines = [f"{finding.severity.value:<8} {finding.code} {finding.rule}, {where(finding)}"]
        for text in (_evidence(finding), f"remedy: {first_remedy(finding)}" if finding.remedies else ""):
            lines += _fill(text, columns, " " * 9).splitlines()
        blocks.append("\n".join(lines))
    return "\n".join(blocks) or "Nothing found."


def _footing(diagnosis: Diagnosis) -> Iterator[str]:
    """The ladder and what was not checked, one line each."""
    if diagnosis.oracle:
        before = diagnosis.oracle[0].segment_f1_50
        rungs = [rung for rung in diagnosis.oracle[1:] if rung.label is None]
        rungs.sort(key=lambda rung: -(rung.segment_f1_50 or 0))
        told = ", ".join(f"{rung.if_fixed} {_figure(rung.segment_f1_50)}" for rung in rungs)
        name = diagnosis.chart.task.item[:-1].capitalize()
        yield f"{name} F1@50 is {_figure(before)}; with one kind of error repaired: {told}."
    shown = {finding.remedies[0].safety for finding in diagnosis.findings if finding.remedies}
    if shown:
        yield f"Remedies: {'; '.join(text for safety, text in _SAFETY.items() if safety in shown)}."
    reasons: dict[str, list[str]] = {}
    for entry in diagnosis.skipped:
        reasons.setdefault(entry.because, []).append(entry.rule)
    told = "; ".join(f"{', '.join(rules)} ({because})" for because, rules in reasons.items())
    yield f"{len(diagnosis.checked)} rules checked." + (f" Skipped: {told}." if told else "")


def _fill(text: str, columns: int, indent: str = "") -> str:
    """Lines of at most so many columns; names with hyphens stay whole."""
    return textwrap.fill(
        text, max(columns, 40), initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False
    )


def _share(value: float | None) -> str:
    return "an unknown share" if value is None or value != value else f"{100 * value:.0f} %"


def _figure(value: float | None) -> str:
    return "undefined" if value is None or value != value else f"{value:.2f}"
