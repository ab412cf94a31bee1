"""How good a setting is: the objective on held-out groups, nothing learnt from them."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from segmend.core.labels import IGNORE, Labels
from segmend.core.regions import Regions
from segmend.core.segments import Segments
from segmend.core.task import Task
from segmend.core.types import FloatArray, IntArray
from segmend.decoding.base import Decoder
from segmend.decoding.objects import with_objects
from segmend.scoring.meetings import meet_images
from segmend.scoring.objective import Objective
from segmend.scoring.tallies import Tally, tally, tally_of

INNER_FOLDS = 4


@dataclass(frozen=True, slots=True, eq=False)
class Judge:
    """The objective of a decoder's setting on groups that it did not learn from.

    Attributes:
        decoder: a Decoder class.
        y_prob, y_true: one entry per recording, as ``material`` gives them.
        labels: class names and the background.
        objective: what is maximised.
        groups: one name per recording.
        reference: reference segments as tables, or None.
        multilabel: whether labels may overlap.
        stop: ``time.monotonic()`` after which no fold is begun any more, and the value is NaN; so it is once the folds
            that are left would take longer, as long as the last one took each.
        makers: what makes each fold's decoder at a setting, kept from one setting to the next.
    """

    decoder: type[Decoder]
    y_prob: Sequence[FloatArray]
    y_true: Sequence[Any]
    labels: Labels
    objective: Objective
    groups: Sequence[str]
    reference: Sequence[Segments] | None = None
    multilabel: bool = False
    stop: float = math.inf
    makers: dict[int, Callable[[Mapping[str, float]], Decoder]] = field(default_factory=dict, repr=False)

    def __call__(self, setting: Mapping[str, float]) -> float:
        """Learn on all folds but one, decode that one, and judge all together."""
        decoded: list[Any] = list(self.y_true)
        parts, spent = inner_folds(self.groups), 0.0
        for number, (fit, held) in enumerate(parts):
            began = time.monotonic()
            if began + max(0, len(parts) - number - 1) * spent > self.stop:
                return math.nan
            if number not in self.makers:
                prob, true = [self.y_prob[k] for k in fit], [self.y_true[k] for k in fit]
                self.makers[number] = self.decoder.maker(prob, true, self.labels)
            fitted = self.makers[number](setting)
            for own in by_group(held, self.groups):
                adapted = fitted.adapted([judged_part(self.y_prob[k], self.y_true[k]) for k in own])
                for k in own:
                    decoded[k] = adapted.decode_judged(self.y_prob[k], self.y_true[k])
            spent = time.monotonic() - began if number else 0.0  # of the first, compiling is a part
        return value_of(self.objective, self.y_true, decoded, self.labels, self.reference, multilabel=self.multilabel)

    def part(self, index: Sequence[int]) -> Judge:
        """The same on some of the recordings."""
        return replace(
            self,
            y_prob=[self.y_prob[k] for k in index],
            y_true=[self.y_true[k] for k in index],
            groups=[self.groups[k] for k in index],
            makers={},
            reference=None if self.reference is None else [self.reference[k] for k in index],
        )


def by_group(index: Sequence[int], groups: Sequence[str]) -> list[list[int]]:
    """Positions by the group that they belong to, groups in the order in which they come.

    >>> by_group([0, 1, 2], ["a", "b", "a"])
    [[0, 2], [1]]
    """
    found: dict[str, list[int]] = {}
    for k in index:
        found.setdefault(groups[k], []).append(k)
    return list(found.values())


def judged_part(y_prob: FloatArray, y_true: Any) -> FloatArray:
    """The probabilities of what is judged of a recording, (steps, classes); of an image or whole as they are."""
    y_prob = np.asarray(y_prob)
    true = None if isinstance(y_true, Regions) else np.asarray(y_true)
    if true is None or y_prob.ndim != 2 or len(true) != len(y_prob):
        return y_prob
    judged = true != IGNORE
    return y_prob[judged if true.ndim == 1 else judged.all(axis=-1)]


def material(
    task: Task | None,
    y_prob: Sequence[FloatArray],
    y_true: Sequence[IntArray],
    labels: Labels,
    groups: Sequence[Any] | None = None,
    instances: Sequence[IntArray] | None = None,
) -> tuple[Sequence[FloatArray], Sequence[Any], Sequence[str]]:
    """Probabilities, truth and groups in the forms that decoders learn from.

    Signals stay as they are; masks and instance numbers of an image become ``Regions``. Recordings with one answer
    become steps, an ignored one between any two, of a recording for each inner fold.

    Args:
        task: what the labels answer; None is segmentation of signals.
        y_prob: probabilities of each recording.
        y_true: what is true of each.
        labels: class names and the background.
        groups: one value per recording; None makes each recording its own group.
        instances: instance numbers of each image's pixels.
    """
    names = [str(k) for k in (range(len(y_true)) if groups is None else groups)]
    if task is None or (task.kind == "segmentation" and task.rank == 1):
        return y_prob, y_true, names
    if task.kind == "segmentation":
        numbers = [None] * len(y_true) if instances is None else instances
        regions = [with_objects(np.asarray(mask), own, labels) for mask, own in zip(y_true, numbers, strict=True)]
        return y_prob, regions, names
    parts = [held for _, held in inner_folds(names) if held]
    apart = [
        (_spread([y_prob[k] for k in part], 1 / task.classes), _spread([y_true[k] for k in part], IGNORE))
        for part in parts
    ]
    return [prob for prob, _ in apart], [true for _, true in apart], [str(k) for k in range(len(parts))]


def _spread(rows: Sequence[Any], between: float) -> Any:
    """Answers of recordings as steps, with a step of one value after each."""
    answers = np.stack([np.asarray(row) for row in rows])
    steps = np.full((2 * len(answers), *answers.shape[1:]), between, answers.dtype)
    steps[::2] = answers
    return steps


def value_of(
    objective: Objective,
    y_true: Sequence[Any],
    y_pred: Sequence[Any],
    labels: Labels,
    reference: Sequence[Segments] | None = None,
    *,
    multilabel: bool = False,
) -> float:
    """The objective of decoded labels, both sides as ``material`` and decoders give them."""
    return objective(counted(objective, y_true, y_pred, labels, reference, multilabel=multilabel))


def counted(
    objective: Objective,
    y_true: Sequence[Any],
    y_pred: Sequence[Any],
    labels: Labels,
    reference: Sequence[Segments] | None = None,
    *,
    multilabel: bool = False,
) -> Tally:
    """What an objective reads, without kinds of error; arguments as for ``value_of``."""
    thresholds = objective.thresholds or (50,)
    if not y_true or not isinstance(y_true[0], Regions):
        options: dict[str, Any] = {"reference": reference, "iou_thresholds": thresholds, "errors": False}
        return tally(y_true, y_pred, labels, multilabel=multilabel, **options)
    met = meet_images(
        [np.asarray(regions.mask) for regions in y_true],
        [np.asarray(regions.mask) for regions in y_pred],
        labels,
        multilabel=multilabel,
        reference=_instances(y_true),
        prediction=_instances(y_pred),
    )
    return tally_of(met, None, thresholds)


def _instances(regions: Sequence[Regions]) -> list[IntArray] | None:
    """Instance numbers of all images; None where one of them has none."""
    numbers = [each.instances for each in regions]
    return [np.asarray(own) for own in numbers if own is not None] if all(n is not None for n in numbers) else None


def inner_folds(groups: Sequence[str], folds: int = INNER_FOLDS) -> list[tuple[list[int], list[int]]]:
    """Folds by group: positions to learn from and positions held out; a group is never cut.

    One group alone is learnt from and judged on, because there is nothing else to do.

    >>> inner_folds(["a", "b", "a"], 2)
    [([1], [0, 2]), ([0, 2], [1])]
    """
    names = list(dict.fromkeys(groups))
    if len(names) < 2:
        every = list(range(len(groups)))
        return [(every, every)]
    part = {name: k % min(folds, len(names)) for k, name in enumerate(names)}
    return [
        ([k for k, g in enumerate(groups) if part[g] != f], [k for k, g in enumerate(groups) if part[g] == f])
        for f in range(min(folds, len(names)))
    ]
