"""How often a prediction is wrong in the first and in the last half of items."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from segmend.artifacts.prediction import Prediction
from segmend.diagnosis.chance import same_sign
from segmend.scoring.items import Items
from segmend.scoring.meetings import meeting_of


class Halves(NamedTuple):
    """Wrong steps inside reference segments.

    Attributes:
        first, last: in the first and in the last halves of all of them; a middle step belongs to neither.
        chance: probability that chance splits the segments with more in the one half and with more in the other as
            unevenly as this; 1 where no more segments have more in the first than in the last.
        length: of a reference segment at the median, in steps.
    """

    first: int
    last: int
    chance: float
    length: float


def halves_of(prediction: Prediction, border: int) -> Halves:
    """Count wrong steps of both halves, so many steps at either border of a segment left out.

    Args:
        prediction: of signals, with ``y_true``.
        border: steps that are not looked at, since borders vary by as many.
    """
    met = meeting_of(prediction)
    items, line = met.reference, met.line
    assert isinstance(items, Items) and line is not None
    wrong = np.concatenate([[0], np.cumsum((line.y_true != line.y_pred).T.ravel())])
    begin, end = items.start + border, items.stop - border
    inside = end - begin >= 2
    begin, end = begin[inside], end[inside]
    half = (end - begin) // 2
    first, last = wrong[begin + half] - wrong[begin], wrong[end] - wrong[end - half]
    chance = same_sign(first - last) if np.sign(first - last).sum() > 0 else 1.0
    length = float(np.median(items.size)) if len(items) else 0.0
    return Halves(int(first.sum()), int(last.sum()), chance, length)
