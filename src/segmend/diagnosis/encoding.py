"""Labels that cannot be what they are taken for, whatever the loss."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from segmend.artifacts.finding import Severity
from segmend.core.labels import IGNORE
from segmend.core.task import Task
from segmend.diagnosis.endings import BINARY, ONE_HOT, OWN, PROBABILITY, SPARSE, SUMS_TO_ONE, Ending
from segmend.diagnosis.wording import percent


@dataclass(frozen=True, slots=True)
class Misfit:
    """What is wrong with labels.

    Attributes:
        message: with the numbers.
        severity: error where the labels cannot be right, warning where they may be meant.
        remedy, advice: its name and what to do.
        evidence: the numbers.
    """

    message: str
    severity: Severity
    remedy: str
    advice: str
    evidence: Mapping[str, Any]


def misfit(targets: Mapping[str, Any], ending: Ending | None, task: Task) -> Misfit | None:
    """The first thing that is wrong with labels as given, None where nothing is.

    Args:
        targets: as ``Chart`` lists them.
        ending: how the model ends; None where it is not known.
        task: in whose words it is told.
    """
    values = targets.get("values") or {}
    if values.get("non_finite"):
        return _non_finite(int(values["non_finite"]))
    if int(values.get("rows", 0)):
        exclusive = _exclusive(ending)
        if exclusive:
            return _rows(values, ending, task)
        return _not_between(values) if ending is not None and ending.binary else None
    return _fractions(values, ending) or _numbers(targets, ending)


def _exclusive(ending: Ending | None) -> bool:
    """Whether the model says that exactly one class holds at a time."""
    if ending is None or ending.binary or (ending.units or 0) < 2:
        return False
    if ending.name in SPARSE:
        return False  # which reads no rows at all: the loss is what does not fit
    return ending.name in (*ONE_HOT, *OWN) or (bool(ending.activations) and ending.last in SUMS_TO_ONE)


def _non_finite(count: int) -> Misfit:
    return Misfit(
        f"{count} labels are NaN or infinite, from which the loss is NaN in the first batch that holds one",
        Severity.ERROR,
        "replace-missing-labels",
        f"Set missing labels to {IGNORE} and their sample_weight to 0, or leave the recordings out.",
        {"non_finite": count, "threshold": 0},
    )


def _rows(values: Mapping[str, int], ending: Ending | None, task: Task) -> Misfit | None:
    rows, empty, several, partial = (int(values[name]) for name in ("rows", "empty", "several", "partial"))
    if ending is not None and ending.weighted:
        empty = 0  # rows of zeros are how weighted padding looks
    bad = empty + several + partial
    if not bad:
        return None
    fractions = "hold fractions that do not sum to 1, as measurements or random numbers do"
    counted = [(empty, "hold no class"), (several, "hold several"), (partial, fractions)]
    told = ", ".join(f"{count} {what}" for count, what in counted if count)
    return Misfit(
        f"{bad} of {rows} label rows ({percent(bad / rows)}) do not name one class, which this model takes them to: "
        f"{told}",
        Severity.ERROR if several or partial else Severity.WARNING,
        "one-class-each" if partial or not several else "use-sigmoid",
        _advice(several, partial, task),
        {"rows": rows, "empty": empty, "several": several, "partial": partial, "threshold": 0},
    )


def _advice(several: int, partial: int, task: Task) -> str:
    if partial:
        return (
            "Give one row of 0 and a single 1 for each label: keras.utils.to_categorical(class_numbers, classes) makes "
            "them of class numbers."
        )
    if several:
        return (
            "If several classes hold at once, end the model in sigmoid with BinaryCrossentropy; if not, keep one of "
            "them in each row."
        )
    return f"Give {task.unit} without a class a background class of their own, or a sample_weight of 0."


def _not_between(values: Mapping[str, int]) -> Misfit | None:
    outside = int(values.get("outside", 0))
    if not outside:
        return None
    return Misfit(
        f"{outside} labels lie outside 0 to 1, where binary cross-entropy has no least value and falls without end",
        Severity.ERROR,
        "labels-between-0-and-1",
        "Give 1 where a class holds and 0 where not: y = (y > 0).astype('float32').",
        {"outside": outside, "threshold": 0},
    )


def _fractions(values: Mapping[str, int], ending: Ending | None) -> Misfit | None:
    """Class numbers that are none; a single unit may learn fractions from 0 to 1."""
    fractional, outside = int(values.get("fractional", 0)), int(values.get("outside", 0))
    soft = not outside and (ending is None or (ending.units or 1) == 1 or ending.binary)
    other = ending is not None and (ending.name in SPARSE or (ending.name and ending.name not in PROBABILITY))
    if not fractional or soft or other:
        return None
    return Misfit(
        f"{fractional} labels are fractions, which number no class",
        Severity.ERROR,
        "whole-numbers",
        "Give whole class numbers; if these are measurements, cut them into classes first: numpy.digitize(y, borders).",
        {"fractional": fractional, "threshold": 0},
    )


def _numbers(targets: Mapping[str, Any], ending: Ending | None) -> Misfit | None:
    """Class numbers beyond the model's outputs."""
    lowest, highest = targets.get("lowest"), targets.get("highest")
    channels = int(targets.get("channels") or 0)
    if targets.get("form") != "dense" or lowest is None or highest is None or not channels:
        return None
    ignored = ending.loss.config.get("ignore_class") if ending is not None and ending.loss is not None else None
    if ending is not None and ending.name and ending.name not in PROBABILITY:
        return None
    most = max(channels, 2) - 1
    if ignored in (lowest, highest) or (lowest >= IGNORE and highest <= most):
        return None
    binary = channels == 1 or (ending is not None and ending.name in BINARY)
    fits = "labels of 0 and 1" if binary else f"class numbers from 0 to {most}"
    return Misfit(
        f"labels go from {lowest:g} to {highest:g}, but a model of {channels} output{'s' if channels > 1 else ''} "
        f"takes {fits}: what lies beyond is NaN, or no class at all",
        Severity.ERROR,
        "number-classes-from-0",
        _renumber(lowest, highest, channels, binary=binary),
        {"lowest": lowest, "highest": highest, "threshold": most},
    )


def _renumber(lowest: float, highest: float, channels: int, *, binary: bool) -> str:
    if binary:
        return "Give 1 where the class holds and 0 where not: y = (y > 0).astype('int64')."
    if lowest == 1 and highest == channels:
        return "Classes count from 0: y = y - 1."
    return "Number the classes from 0 without gaps: y = numpy.unique(y, return_inverse=True)[1].reshape(y.shape)."
