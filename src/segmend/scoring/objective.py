"""What is to be made as large as possible, written as people write it: ``"segment_f1@50 - 0.02*count_mae"``."""

from __future__ import annotations

import difflib
import math
import re
from dataclasses import dataclass, replace

import numpy as np

from segmend.core.types import Costs, FloatArray
from segmend.errors import InputError
from segmend.scoring.measures import AT_THRESHOLD, PLAIN, Measure, evaluate, mean_cost
from segmend.scoring.tallies import Tally

CLASS_SCORES = ("macro_f1", "accuracy", "macro_average_precision")
"""What a classifier of whole recordings or images is judged by after an epoch."""

_NUMBER = r"\d+(?:\.\d*)?(?:e-?\d+)?|\.\d+"
_TERM = re.compile(
    rf"\s*(?P<sign>[+-])?\s*(?:(?P<before>{_NUMBER})\s*\*\s*)?"
    rf"(?P<name>[A-Za-z_]\w*)(?:@(?P<at>\d+))?(?:\s*(?P<by>[*/])\s*(?P<after>{_NUMBER}))?\s*"
)


COST = "cost"
"""The name of what mistakes cost on average."""


@dataclass(frozen=True, slots=True)
class Objective:
    """A weighted sum of measures; larger is better, so errors carry a minus.

    Attributes:
        text: as the user wrote it.
        thresholds: IoU thresholds in per cent that a tally must hold, ascending.
        terms: (weight, measure) pairs.
        cost: what it costs to predict the column's class where the row's is true; None where nobody said.
    """

    text: str
    thresholds: tuple[int, ...]
    terms: tuple[tuple[float, Measure], ...]
    cost: Costs | None = None

    @property
    def most(self) -> float:
        """The highest value that it can have: every score perfect, every error 0."""
        return float(sum(weight * measure.most for weight, measure in self.terms if weight > 0))

    def __call__(self, tally: Tally) -> float:
        """The objective's value; NaN where one of its measures is undefined."""
        return float(sum(weight * float(evaluate(measure, tally)) for weight, measure in self.terms))

    def downhill(self) -> Objective:
        """The same where errors alone are named: larger is better, so each of them carries a minus.

        Raises:
            InputError: an error is added to a score, so that nobody knows which way is better.
        """
        added = [measure.error for weight, measure in self.terms if weight > 0]
        if not any(added):
            return self
        if not all(added) or len(added) < len(self.terms):
            raise InputError(
                'objective: expected errors with a minus, as in "segment_f1@50 - 0.02*count_mae". '
                f'Received "{self.text}"'
            )
        return replace(self, terms=tuple((-weight, measure) for weight, measure in self.terms))

    def weighted(self, tally: Tally, weights: FloatArray) -> FloatArray:
        """The value under each weighting of recordings, shape (draws,) from weights (draws, recordings)."""
        total = np.zeros(len(weights))
        for weight, measure in self.terms:
            total += weight * evaluate(measure, tally, weights)
        return total


def parse(text: str, cost: Costs | None = None) -> Objective:
    """Read an objective.

    Args:
        text: names with optional factors, joined by + and -. Names: ``segment_f1@K`` and ``macro_f1@K`` (K per cent of
            IoU, 1 to 100), ``count_mae``, ``panoptic_quality`` (of images); of steps, or of recordings that have one
            label each: ``macro_f1``, ``step_accuracy``, ``balanced_accuracy`` (the mean recall of the classes),
            ``cost`` (of mistakes, on average).
        cost: what it costs to predict the column's class where the row's is true, which ``cost`` reads.

    Raises:
        InputError: a name is unknown (the message offers the nearest), or the text is no such sum.

    Examples:
        >>> objective = parse("segment_f1@25 - 0.02*count_mae")
        >>> objective.thresholds, objective.most
        ((25,), 1.0)
    """
    found = summands(text)
    thresholds = {at for _, _, at in found if at is not None}
    terms = tuple((weight, _measure(name, at, cost)) for weight, name, at in found)
    return Objective(text, tuple(sorted(thresholds)), terms, cost)


def summands(text: str) -> list[tuple[float, str, int | None]]:
    """Weight, name and threshold of each term of a sum; what names there are is for the caller to say.

    Raises:
        InputError: the text is no sum of names.

    Examples:
        >>> summands("segment_f1@50 - 0.02*count_mae")
        [(1.0, 'segment_f1', 50), (-0.02, 'count_mae', None)]
    """
    found: list[tuple[float, str, int | None]] = []
    place = 0
    while place < len(text) or not found:
        match = _TERM.match(text, place)
        if match is None or (found and not match["sign"]):
            raise InputError(
                f'objective: expected a sum such as "segment_f1@50 - 0.02*count_mae". Received "{text}", '
                f'not understood from "{text[place:].strip()}"'
            )
        weight = -1.0 if match["sign"] == "-" else 1.0
        weight *= float(match["before"] or 1)
        after = float(match["after"] or 1)
        if match["by"] == "/" and after == 0:
            raise InputError(f'objective: expected no division by 0. Received "{text}"')
        weight = weight / after if match["by"] == "/" else weight * after
        if not math.isfinite(weight):
            raise InputError(f'objective: expected finite factors. Received "{text}"')
        found.append((weight, match["name"], int(match["at"]) if match["at"] else None))
        place = match.end()
    return found


def _measure(name: str, at: int | None, cost: Costs | None) -> Measure:
    spelled = name if at is None else f"{name}@{at}"
    if spelled == COST:
        return mean_cost(cost)
    if at is None and name in PLAIN:
        return PLAIN[name]
    if at is not None and name in AT_THRESHOLD:
        if not 1 <= at <= 100:
            raise InputError(f'objective: expected a threshold from 1 to 100 per cent. Received "{spelled}"')
        return AT_THRESHOLD[name](at)
    known = [*(f"{name}@{k}" for name in AT_THRESHOLD for k in (10, 25, 50)), *PLAIN, COST]
    near = difflib.get_close_matches(spelled, known, n=1, cutoff=0.4)
    hint = f'; did you mean "{near[0]}"?' if near else ""
    raise InputError(f'objective: expected names among {known}. Received "{spelled}"{hint}')
