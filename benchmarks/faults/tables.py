"""What came of a run, as Markdown."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from benchmarks.faults.because import moved
from benchmarks.faults.kinds import KINDS
from benchmarks.faults.recipe import WITHOUT

LONG = 20.0
"""Seconds that a training may take."""


def tables(records: Sequence[dict[str, Any]]) -> str:
    """All tables, of the models in which their fault took place."""
    sick, healthy = cases(records), [each for each in records if each["kind"] == WITHOUT]
    left_out = len(records) - len(sick) - len(healthy)
    first = overall(sick, healthy, left_out)
    return "\n\n".join((first, by_kind(sick), of_healthy(healthy), confusion(sick), because(sick)))


def cases(records: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The models with a fault that took place, as its kind proves without the doctor."""
    twins = {program(each): each for each in records if each["kind"] == WITHOUT}
    sick = (each for each in records if each["kind"] != WITHOUT)
    return [each for each in sick if KINDS[each["kind"]].took(each, twins.get(program(each)))]


def program(record: dict[str, Any]) -> tuple[str, str, int]:
    """What a faulty model shares with its healthy twin."""
    return record["data"], record["style"], record["seed"]


def names_it(record: dict[str, Any]) -> bool:
    """Whether any finding names the fault."""
    return any(finding["rule"] in KINDS[record["kind"]].rules for finding in record["findings"])


def names_it_first(record: dict[str, Any]) -> bool:
    """Whether the first finding names the fault."""
    return bool(record["findings"]) and record["findings"][0]["rule"] in KINDS[record["kind"]].rules


def errors_of(record: dict[str, Any]) -> list[str]:
    """Rules with a finding of severity error."""
    return [finding["rule"] for finding in record["findings"] if finding["severity"] == "error"]


def share(values: Iterable[bool]) -> float:
    """Mean of yes and no."""
    known = list(values)
    return float(np.mean(known)) if known else float("nan")


def overall(sick: Sequence[dict[str, Any]], healthy: Sequence[dict[str, Any]], left_out: int) -> str:
    """The figures beside their targets."""
    kinds = len({each["kind"] for each in sick})
    seconds = [each["diagnose_s"] for each in (*sick, *healthy)]
    rows = [
        (f"cause named at all ({len(sick)} faulty models, {kinds} kinds)", f"{share(map(names_it, sick)):.3f}", "0.95"),
        ("cause ranked first", f"{share(map(names_it_first, sick)):.3f}", "0.80"),
        (
            f"errors on a healthy model ({len(healthy)} models)",
            f"{np.mean([len(errors_of(each)) for each in healthy]) if healthy else float('nan'):.3f}",
            "0.03",
        ),
        ("seconds a diagnosis, beyond predictions, median", f"{np.median(seconds):.1f}", "10"),
        ("models in which the fault did not take place, left out", str(left_out), "-"),
        ("trained for more than 20 s", f"{share(each['fit_s'] > LONG for each in (*sick, *healthy)):.2f}", "0"),
        ("rules that failed", str(sum(len(each["failed"]) for each in (*sick, *healthy))), "0"),
    ]
    return table(("figure", "measured", "target"), rows)


def by_kind(sick: Sequence[dict[str, Any]]) -> str:
    """A row for each kind of fault."""
    rows = []
    for kind in KINDS.values():
        mine = [each for each in sick if each["kind"] == kind.name]
        if mine:
            first = Counter(each["findings"][0]["rule"] if each["findings"] else "nothing" for each in mine)
            others = ", ".join(f"{rule} {n}" for rule, n in first.most_common() if rule not in kind.rules)
            sets = ", ".join(kind.sets)
            row = (
                kind.name,
                sets,
                len(mine),
                f"{share(map(names_it, mine)):.2f}",
                f"{share(map(names_it_first, mine)):.2f}",
            )
            rows.append((*row, others or "-", ", ".join(kind.right) or "-"))
    head = ("fault", "data", "models", "named", "first", "first instead", "counted as right too")
    return table(head, rows)


def of_healthy(healthy: Sequence[dict[str, Any]]) -> str:
    """A row for each healthy program."""
    groups = defaultdict(list)
    for each in healthy:
        groups[each["data"], each["style"]].append(each)
    rows = []
    for (data, style), mine in groups.items():
        found = Counter(
            f"{f['rule']} ({f['severity']})" for each in mine for f in each["findings"] if f["severity"] != "info"
        )
        score = np.mean([each["step_f1"] for each in mine])
        segment = [each["segment_f1"] for each in mine if each["segment_f1"] is not None]
        rows.append(
            (
                data,
                style,
                len(mine),
                f"{score:.3f}",
                f"{np.mean(segment):.3f}" if segment else "-",
                ", ".join(f"{name} {n}" for name, n in found.most_common()) or "-",
            )
        )
    return table(("data", "program", "models", "macro F1", "segment F1@50", "warnings and errors"), rows)


def confusion(sick: Sequence[dict[str, Any]]) -> str:
    """Which findings other than the fault stand beside it, as shares of its models; those of half or more."""
    rows = []
    for kind in KINDS.values():
        mine = [each for each in sick if each["kind"] == kind.name]
        beside = Counter(
            rule
            for each in mine
            for rule in {f["rule"] for f in each["findings"] if f["severity"] != "info"} - set(kind.rules)
        )
        if mine:
            told = ", ".join(f"{rule} {n / len(mine):.2f}" for rule, n in beside.most_common() if n >= len(mine) / 2)
            rows.append((kind.name, told or "-"))
    return table(("fault", "warnings and errors beside it in half of its models or more"), rows)


def because(sick: Sequence[dict[str, Any]]) -> str:
    """How often a safe remedy goes a third of the way that its finding says is there, beside random remedies."""
    rows = [row for each in sick for row in each["tried"]]
    told = []
    for rule in (None, *dict.fromkeys(row["rule"] for row in rows)):
        mine = [row for row in rows if rule in (None, row["rule"])]
        ours = share(moved(row, row["after"]) for row in mine)
        random = share(moved(row, after) for row in mine for after in row["random"])
        told.append((rule or "all", len(mine), f"{ours:.2f}", f"{random:.2f}"))
    return table(("finding", "remedies tried", "moved by a third", "random remedy moved by a third"), told)


def table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(str(cell) for cell in row)} |" for row in lines)
