"""How much of what there is to learn a training has learnt, beside one who knows only how frequent each class is."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from segmend.artifacts.chart import Chart
from segmend.core.types import FloatArray
from segmend.diagnosis.curves import Course, finite, smooth

PLAIN = (
    "SparseCategoricalCrossentropy",
    "CategoricalCrossentropy",
    "BinaryCrossentropy",
    "CrossEntropy",
    "BinaryCrossEntropy",
)
"""Losses whose value without any skill is known."""

UNLEARNT_SCORE = 0.15
UNLEARNT_LOSS = 0.08
"""Of two even classes every third label wrong still leaves an accuracy a skill of 0.33, a cross-entropy one of 0.08."""

CHANGES_THE_LOSS = ("class_weight", "sample_weight")


class Skill(NamedTuple):
    """One measure.

    Attributes:
        column: of the history.
        measured: its best level.
        chance: the value of one who only knows how frequent each class is.
        skill: 0 at chance, 1 where nothing is wrong.
        threshold: below which nothing much was learnt.
    """

    column: str
    measured: float
    chance: float
    skill: float
    threshold: float


def skills(chart: Chart, course: Course) -> list[Skill]:
    """What accuracy and cross-entropy say, as far as each was logged and its chance level is known.

    The better one of training and validation is taken: in training, dropout makes a model look worse than it is.
    """
    shares = _shares(chart)
    if len(shares) < 2 or len(finite(course.loss)) < 3:
        return []
    found = course.score("accuracy", "acc")
    measures = []
    if found is not None and _speaks_of_classes(chart, found[0]):
        majority = _majority(chart, shares)
        best = max(-_best(-values) for values in (found[1], found[2]) if values is not None and len(finite(values)))
        if majority < 1:
            skill = (best - majority) / (1 - majority)
            measures.append(Skill(found[0], best, majority, skill, UNLEARNT_SCORE))
    nats = _nats(chart, shares)
    if nats > 0 and _plain(chart):
        best = min(_best(values) for values in (course.loss, course.val_loss) if len(finite(values)))
        measures.append(Skill("loss", best, nats, 1 - best / nats, UNLEARNT_LOSS))
    return measures


def unlearnt(chart: Chart, course: Course) -> Skill | None:
    """The measure that shows most skill, where all show that nothing much was learnt."""
    measures = skills(chart, course)
    if not measures or any(each.skill >= each.threshold for each in measures):
        return None
    return max(measures, key=lambda each: each.skill / each.threshold)


def _best(values: FloatArray | None) -> float:
    return float(smooth(finite(values)).min())


def _shares(chart: Chart) -> FloatArray:
    """Share of each class, the background's included; of overlapping labels how often each holds."""
    if chart.fingerprint is None:
        return np.zeros(0)
    shares = [facts.step_share for facts in chart.fingerprint.classes]
    if chart.fingerprint.background is not None:
        shares.append(chart.fingerprint.background_share)
    return np.array(shares)


def _majority(chart: Chart, shares: FloatArray) -> float:
    if chart.task.labels == "multilabel":
        return float(np.maximum(shares, 1 - shares).mean())
    return float(shares.max())


def _nats(chart: Chart, shares: FloatArray) -> float:
    """Cross-entropy of one who says the shares of all."""
    if chart.task.labels == "multilabel":
        return float(np.mean([_entropy((share, 1 - share)) for share in shares]))
    return _entropy(tuple(shares))


def _entropy(shares: tuple[float, ...]) -> float:
    return -sum(share * math.log(share) for share in shares if share > 0)


def _speaks_of_classes(chart: Chart, name: str) -> bool:
    """Whether the accuracy is what it is taken for: of overlapping labels, that of each label."""
    several = chart.task.labels == "multilabel"
    return "top" not in name and not (several and "categorical" in name)


def _plain(chart: Chart) -> bool:
    """Whether the loss is a cross-entropy that nothing weighs or smooths."""
    losses = chart.anatomy.losses if chart.anatomy else ()
    if len(losses) != 1 or losses[0].name not in PLAIN:
        return False
    settings = losses[0].config
    changed = any(settings.get(name) for name in ("label_smoothing", "class_weight", "ignore_class"))
    summed = settings.get("reduction", "sum_over_batch_size") in ("sum", "none")
    return not (changed or summed or any(name in chart.fit_arguments for name in CHANGES_THE_LOSS))
