"""A mend for people: one sentence, the figures before and after, the control, and what to look at next."""

from __future__ import annotations

import html
from collections.abc import Iterator
from typing import TYPE_CHECKING

from segmend.artifacts.trial import Certificate, Outcome
from segmend.core.task import Task
from segmend.core.words import aligned

if TYPE_CHECKING:
    from segmend.pipeline.results.mended import Mended

FIGURES = {
    "segmentation": (
        ("step accuracy", "step_accuracy", 3),
        ("segment F1@50", "segment_f1@50", 3),
        ("panoptic quality", "panoptic_quality", 3),
        ("count predicted / true", "count_ratio", 2),
        ("count MAE per recording", "count_mae", 2),
        ("cost per step", "cost", 3),
    ),
    "classification": (
        ("accuracy", "step_accuracy", 3),
        ("balanced accuracy", "balanced_accuracy", 3),
        ("macro F1", "macro_f1", 3),
        ("cost", "cost", 3),
    ),
}
"""Heads, keys and digits by the kind of task; what an outcome does not have is not shown."""


def as_text(mended: Mended) -> str:
    """The whole mend as text."""
    certificate = mended.certificate
    lines = [sentence(certificate, mended.task), ""]
    rows = list(_rows(certificate, mended.task))
    if rows:
        lines += [aligned(rows), ""]
    lines += [*_details(mended), *mended.changes]
    return "\n".join(lines)


def as_markdown(mended: Mended) -> str:
    """The whole mend as changes.md."""
    lines = ["# What was changed", "", sentence(mended.certificate, mended.task), ""]
    lines += [f"- {change}" for change in mended.changes] or ["- nothing"]
    rows = list(_rows(mended.certificate, mended.task))
    if rows:
        lines += ["", "| " + " | ".join(rows[0]) + " |", "|---|" + "---:|" * (len(rows[0]) - 1)]
        lines += ["| " + " | ".join(row) + " |" for row in rows[1:]]
    lines += [f"\n{line}" for line in _details(mended)]
    return "\n".join(lines) + "\n"


def as_html(mended: Mended) -> str:
    """The whole mend for a notebook; text from the data is escaped."""
    rows = list(_rows(mended.certificate, mended.task))
    head = "".join(f"<th>{html.escape(cell)}</th>" for cell in rows[0]) if rows else ""
    body = "".join("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in rows[1:])
    below = "".join(f"<p>{html.escape(line)}</p>" for line in (*_details(mended), *mended.changes))
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>" if rows else ""
    return f"<p><b>{html.escape(sentence(mended.certificate, mended.task))}</b></p>{table}{below}"


def sentence(certificate: Certificate, task: Task) -> str:
    """The verdict with its counts, or what stands for them in classification, in one sentence."""
    proof = certificate.outcome
    if certificate.chosen is None:
        tried = len(certificate.tried)
        return f"Nothing helped: {tried} {'remedy' if tried == 1 else 'remedies'} tried, none kept."
    verdict = certificate.verdict[0].upper() + certificate.verdict[1:]
    if proof is None:
        return f"{verdict}: {certificate.chosen} is kept."
    beside, told, digits = f"predicted / true {task.item}", "count_ratio", 2
    if task.kind == "classification":
        beside, told, digits = "balanced accuracy", "balanced_accuracy", 3
    before, after = (_figure(side.get(told), digits) for side in (proof.before, proof.after))
    f1 = " to ".join(_figure(side.get("objective"), 3) for side in (proof.before, proof.after))
    return (
        f"{verdict}: {certificate.chosen} takes {certificate.objective} from {f1}, "
        f"and {beside} from {before} to {after}."
    )


def _rows(certificate: Certificate, task: Task) -> Iterator[tuple[str, ...]]:
    """A heading of figures, and a row for each state: before, after, and what was tried beside it."""
    proof = certificate.outcome
    shown: list[tuple[str, Outcome]] = [] if proof is None else [("mended", proof)]
    shown += [(one.trial.name, one) for one in certificate.tried if one.failed is None and len(certificate.tried) > 1]
    if not shown:
        shown = [(one.trial.name, one) for one in certificate.tried if one.failed is None]
    if not shown:
        return
    figures = [figure for figure in FIGURES[task.kind] if figure[1] in shown[0][1].before]
    if certificate.objective not in {key for _, key, _ in figures}:
        figures.insert(0, (f"objective {certificate.objective}", "objective", 3))
    states = [("before", shown[0][1].before), *((name, one.after) for name, one in shown)]
    yield ("", *(title for title, _, _ in figures))
    for name, state in states:
        yield (name, *(_figure(state.get(key), digits) for _, key, digits in figures))


def _details(mended: Mended) -> list[str]:
    """Interval, control, mean count and advice, one line each."""
    certificate = mended.certificate
    lines = []
    change = certificate.outcome.change if certificate.outcome else None
    if change is not None and change.difference is not None:
        lines.append(
            f"Change of {certificate.objective}: {change.difference:+.3f}, {_percent(change.level)} interval "
            f"{_figure(change.low, 3, '+')} to {_figure(change.high, 3, '+')} (resampling {change.unit})."
        )
    control = certificate.control
    if control.get("drawn") and control.get("beaten_share") is not None:
        lines.append(
            f"Control: it beats {_percent(control['beaten_share'])} of {control['drawn']} random remedies"
            f"{_trained(control.get('trained', 0))}; the one "
            f"that inner folds would pick among those reaches {_figure(control['best_by_inner_folds'], 3)}."
        )
    if certificate.mean_count_mae is not None:
        lines.append(f"Always answering the mean count: count MAE {certificate.mean_count_mae:.2f}.")
    lines.append(f"Judged on {certificate.judged_on}.")
    if len(mended.review):
        first = mended.review.places[0]
        lines.append(f"To review: {len(mended.review)} places, first {first.recording}: {first.told}.")
    lines += [f"{one.trial.name} failed: {one.failed}" for one in certificate.tried if one.failed]
    lines += _left_out(certificate)
    return [*lines, certificate.note] if certificate.note else lines


def _trained(number: int) -> str:
    """How many of the random remedies were trainings."""
    return f" ({number} of them trained)" if number else ""


def _left_out(certificate: Certificate) -> Iterator[str]:
    """What was named and not tried: one line for each gain that is too small, one for what the time did not hold."""
    nothing = [one.trial.name for one in certificate.untried if one.why == "gain" and not one.gain]
    late = [one.trial.name for one in certificate.untried if one.why == "time"]
    for one in certificate.untried:
        if one.why == "gain" and one.gain:
            yield (
                f"Not tried: {one.trial.name}, at most {one.gain:+.3f} of {certificate.objective} "
                f"for {one.seconds:.0f} s."
            )
    if nothing:
        yield f"Not tried, for the diagnosis expects no more of them: {', '.join(nothing)}."
    if late:
        yield f"Not tried, for no time was left: {', '.join(late)}."


def _figure(value: float | None, digits: int, sign: str = "") -> str:
    return "-" if value is None else f"{value:{sign}.{digits}f}"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
