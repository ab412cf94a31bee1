"""How well probabilities rank steps, class by class and averaged."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from segmend.core.types import FloatArray
from segmend.scoring.measures import mean_defined
from segmend.scoring.ranking import Ranking
from segmend.scoring.steps.probabilities import Judged


class Ranked(NamedTuple):
    """A ranking score.

    Attributes:
        per_class: of each class against the rest, shape (classes,); NaN where the class, or the rest, is not there.
        micro: of all pairs of step and class together.
        macro: mean over classes.
        weighted: mean over classes by how often each is there.
    """

    per_class: FloatArray
    micro: float
    macro: float
    weighted: float


def ranked(steps: Judged) -> dict[str, Ranked]:
    """Average precision and area under the ROC curve, by name.

    Args:
        steps: from ``judged_steps``.

    Examples:
        >>> steps = Judged(np.array([0, 1]), np.array([[0.9, 0.1], [0.2, 0.8]]), multilabel=False)
        >>> ranked(steps)["auc"].macro
        1.0
    """
    rankings = [Ranking.of(steps.holds(k), steps.y_prob[:, k]) for k in range(steps.classes)]
    there = np.array([ranking.positives.size for ranking in rankings], np.float64)
    together, each = Ranking.together(rankings).readings(), [ranking.readings() for ranking in rankings]
    found = {}
    for name, read in (("average_precision", "average_precision"), ("auc", "roc_auc")):
        values = np.array([getattr(readings, read) for readings in each], np.float64)
        known = ~np.isnan(values)
        weighted = np.average(values[known], weights=there[known]) if there[known].sum() else float("nan")
        found[name] = Ranked(values, getattr(together, read), float(mean_defined(values)), float(weighted))
    return found
