"""Which readings a Keras metric may be, and what each is read from."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, get_args

from segmend.errors import InputError
from segmend.scoring import readings
from segmend.scoring.readings import Average, averaged

Needs = Literal["class", "classes", "right", "confusion"]


@dataclass(frozen=True, slots=True)
class Reading:
    """A reading.

    Attributes:
        read: the formula.
        needs: what it is read from: counts of each "class" by itself, counts of all "classes" at once, steps that are
            wholly "right", or the "confusion" matrix.
        multilabel: whether it is for steps that may carry several labels; None for both kinds.
    """

    read: Callable[..., Any]
    needs: Needs
    multilabel: bool | None = None


READINGS: dict[str, Reading] = {
    "dice": Reading(readings.dice, "class"),
    "f1": Reading(readings.f1, "class"),
    "f_beta": Reading(readings.f_beta, "class"),
    "iou": Reading(readings.iou, "class"),
    "precision": Reading(readings.precision, "class"),
    "recall": Reading(readings.recall, "class"),
    "specificity": Reading(readings.specificity, "class"),
    "balanced_accuracy": Reading(readings.balanced_accuracy, "classes"),
    # Every judged step has one label, so micro recall is accuracy.
    "step_accuracy": Reading(partial(averaged, readings.recall, average="micro"), "classes", False),
    "kappa": Reading(readings.kappa, "classes", False),
    "matthews": Reading(readings.matthews, "classes", False),
    "expected_cost": Reading(readings.expected_cost, "confusion", False),
    "hamming_accuracy": Reading(partial(averaged, readings.accuracy, average="micro"), "classes", True),
    "subset_accuracy": Reading(readings.divide, "right", True),
}


def reading_names(*, multilabel: bool = False) -> tuple[str, ...]:
    """The readings of steps with one label, or of steps that may carry several.

    >>> reading_names(multilabel=True)[-2:]
    ('hamming_accuracy', 'subset_accuracy')
    """
    return tuple(name for name, reading in READINGS.items() if reading.multilabel in (None, multilabel))


def names(*, multilabel: bool = False) -> tuple[str, ...]:
    """The names that ``metrics.of`` knows: each reading, and its averages where it is of one class.

    >>> names()[:4]
    ('dice', 'micro_dice', 'macro_dice', 'weighted_dice')
    """
    found: list[str] = []
    for name in reading_names(multilabel=multilabel):
        found.append(name)
        if READINGS[name].needs == "class":
            found += [f"{average}_{name}" for average in get_args(Average)]
    return tuple(found)


def split(name: str, *, multilabel: bool = False) -> tuple[str, Average | None]:
    """The reading and the average that a name stands for.

    Raises:
        InputError: there is no such name; the message offers the nearest.

    Examples:
        >>> split("weighted_f_beta"), split("kappa")
        (('f_beta', 'weighted'), ('kappa', None))
    """
    known = names(multilabel=multilabel)
    if name not in known:
        near = difflib.get_close_matches(name, known, n=1)
        hint = f'; did you mean "{near[0]}"?' if near else ""
        raise InputError(f'metrics: expected one of {list(known)}. Received "{name}"{hint}')
    average: Average
    for average in get_args(Average):
        if name.startswith(f"{average}_"):
            return name.removeprefix(f"{average}_"), average
    return name, None
