"""How much a fault matters: what repairing it would bring, read off the oracle ladder.

Whole recordings have no segments and no ladder: there the macro F1 stands for the segment F1.
"""

from __future__ import annotations

import math
from collections.abc import Collection

from segmend.artifacts.chart import Chart
from segmend.artifacts.finding import Expected, OracleRung, Severity

OBJECTIVE = "segment_f1@50"

ERROR_F1 = 0.10
ERROR_RATIO = 0.25
WARNING_F1 = 0.02
WARNING_RATIO = 0.05

# 0.30 - 0.20 falls short of 0.10 by rounding; a fault on the line counts.
_ROUNDING = 1e-9


def from_oracle(chart: Chart, kind: str, label: str | None = None) -> tuple[Severity, Expected]:
    """Severity of one kind of error, and the most that a remedy against it can reach.

    Args:
        chart: with its oracle ladder; without one the severity is info.
        kind: fragmentation, merge, insertion, deletion, substitution or borders.
        label: the class that the fault is confined to, None for all classes.
    """
    baseline, repaired = rung(chart, None), _repaired(chart, kind, label)
    before = None if baseline is None else baseline.segment_f1_50
    after = None if repaired is None else repaired.segment_f1_50
    expected = Expected(objective=OBJECTIVE, before=before, at_most=after)
    if baseline is None or repaired is None:
        return Severity.INFO, expected
    moved = _difference(repaired.count_ratio, baseline.count_ratio)
    return of_change(gain(expected), abs(moved)), expected


def of_change(f1_gain: float, ratio_change: float) -> Severity:
    """Severity of a fault from what its repair gains and how far it moves the count.

    Args:
        f1_gain: segment F1@50 after the repair minus before.
        ratio_change: absolute change of predicted / reference segments.

    Returns:
        error from 0.10 F1 or 0.25 of the ratio, warning from 0.02 or 0.05, info below.

    Examples:
        >>> of_change(0.10, 0.0).value, of_change(0.0, 0.05).value, of_change(0.01, 0.01).value
        ('error', 'warning', 'info')
    """
    if f1_gain >= ERROR_F1 - _ROUNDING or ratio_change >= ERROR_RATIO - _ROUNDING:
        return Severity.ERROR
    if f1_gain >= WARNING_F1 - _ROUNDING or ratio_change >= WARNING_RATIO - _ROUNDING:
        return Severity.WARNING
    return Severity.INFO


def at_stake(chart: Chart, *kinds: str, label: str | None = None) -> tuple[Severity, Expected]:
    """Severity of a fault of the model that may bring several kinds of error: that of the gravest of them.

    Args:
        chart: without a ladder the severity is info.
        kinds: kinds of error of segments; of whole recordings it is what recognising all classes would bring.
        label: the class that the fault is confined to, None for all classes.
    """
    if chart.task.kind == "classification":
        return of_classes(chart, chart.labels.names if label is None else [label])
    judged = [from_oracle(chart, kind, label) for kind in kinds]
    return worst(*(grade for grade, _ in judged)), max((expected for _, expected in judged), key=gain)


def of_classes(chart: Chart, names: Collection[str]) -> tuple[Severity, Expected]:
    """Severity of whole recordings of some classes not being recognised, and what recognising them all can bring.

    Args:
        chart: of a classification; without scores the severity is info.
        names: the classes.
    """
    step = chart.scores.step if chart.scores else {}
    before = step.get("macro_f1")
    scores = {name: row["f1"] for name, row in step.get("per_class", {}).items() if _is_number(row["f1"])}
    after = None
    if _is_number(before) and scores:
        after = sum(1.0 if name in names else value for name, value in scores.items()) / len(scores)
    expected = Expected(objective="macro_f1", before=before, at_most=after)
    return of_change(gain(expected), 0.0), expected


def over_segmentation(chart: Chart, label: str | None, insertions: int) -> Expected:
    """What joining all fragments and removing so many insertions brings together.

    An insertion meets nothing, so it is never a true positive: with the count ratio r after joining fragments,
    F1 = 2 TP / (predicted + reference) rises by the factor (r + 1) / (r + 1 - insertions / reference).

    Args:
        chart: with its ladder and scores.
        label: the class, None for all.
        insertions: number of predicted segments to remove.
    """
    return _without(chart, _repaired(chart, "fragmentation", label), insertions)


def without(chart: Chart, insertions: int) -> Expected:
    """What removing so many predicted segments that meet nothing brings.

    They are no true positives: F1 = 2 TP / (predicted + reference) rises by the factor
    (r + 1) / (r + 1 - insertions / reference), with the count ratio r.

    Args:
        chart: with its ladder and scores.
        insertions: number of predicted segments to remove.
    """
    return _without(chart, rung(chart, None), insertions)


def _without(chart: Chart, left: OracleRung | None, insertions: int) -> Expected:
    """What removing predicted segments brings beside the repairs of a rung."""
    baseline = rung(chart, None)
    before = None if baseline is None else baseline.segment_f1_50
    after = None if left is None else left.segment_f1_50
    if left is not None and after is not None and left.count_ratio is not None:
        every = left.count_ratio + 1
        after = min(1.0, after * every / (every - insertions / references(chart)))
    return Expected(objective=OBJECTIVE, before=before, at_most=after)


def with_matches(chart: Chart, more: float) -> Expected:
    """What so many more pairs at an IoU of 0.5 bring, while as many segments are predicted.

    Args:
        chart: with its ladder and scores.
        more: number of pairs, at least 0.
    """
    baseline = rung(chart, None)
    before = None if baseline is None else baseline.segment_f1_50
    after = before
    if baseline is not None and before is not None and baseline.count_ratio is not None:
        after = min(1.0, before + 2 * more / (references(chart) * (1 + baseline.count_ratio)))
    return Expected(objective=OBJECTIVE, before=before, at_most=after)


def references(chart: Chart) -> int:
    """Number of reference segments of all classes."""
    count = chart.scores.count if chart.scores else None
    return max(1, int(count["reference"])) if count else 1


def gain(expected: Expected) -> float:
    """What a repair brings at most, 0 where the ladder does not tell."""
    return max(0.0, _difference(expected.at_most, expected.before))


def worst(*severities: Severity) -> Severity:
    """The gravest of several."""
    return min(severities, key=list(Severity).index)


def rung(chart: Chart, kind: str | None, label: str | None = None) -> OracleRung | None:
    """The rung of one kind of error (None: the baseline) and one class (None: all at once)."""
    return next((step for step in chart.oracle if (step.if_fixed, step.label) == (kind, label)), None)


def _repaired(chart: Chart, kind: str, label: str | None) -> OracleRung | None:
    """The rung; a class without errors of the kind has none, and repairing nothing leaves the baseline."""
    found = rung(chart, kind, label)
    return rung(chart, None) if found is None and label is not None else found


def _is_number(value: float | None) -> bool:
    return value is not None and math.isfinite(value)


def _difference(after: float | None, before: float | None) -> float:
    if after is None or before is None or not math.isfinite(after - before):
        return 0.0
    return after - before
