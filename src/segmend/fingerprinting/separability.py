"""The separability floor: how well a linear model on windowed features tells classes apart, out of sample.

A network that stays below it has something wrong with it; where it is near chance, labels or channels are in question
before any model is. The model's probabilities of what it was not fitted on are a second opinion on labels.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from segmend.artifacts.fingerprint import Fingerprint
from segmend.artifacts.separability import Separability
from segmend.core.dataset import Dataset
from segmend.core.labels import Labels
from segmend.core.recording import Recording
from segmend.core.task import Task
from segmend.core.types import FloatArray, IntArray
from segmend.fingerprinting.fitted import Floor, probable
from segmend.fingerprinting.judging import judged, mean_known
from segmend.fingerprinting.parallel import in_parallel
from segmend.fingerprinting.ridge import apply, by_fold
from segmend.fingerprinting.rows import Rows
from segmend.fingerprinting.sampling import RECORDINGS, WHOLES, Sampler
from segmend.fingerprinting.windowed import number_of
from segmend.splitting import folds

FOLDS = 5

CLASSES = 1 << 8
"""Classes, at most: beyond them there is no floor."""


def chosen(recordings: Sequence[Recording], task: Task) -> list[Recording]:
    """The recordings that a floor is fitted on: all, or as many as are looked at, evenly."""
    most = WHOLES if task.kind == "classification" else RECORDINGS
    places = np.linspace(0, len(recordings) - 1, min(most, len(recordings)))
    return [recordings[place] for place in places.round().astype(int).tolist()]


def sampler_of(task: Task, labels: Labels, recordings: Sequence[Recording], length: float | None) -> Sampler | None:
    """How to measure features of recordings; None where there is nothing to learn, or too much.

    Args:
        task: what the labels answer.
        labels: class names and the background.
        recordings: annotated.
        length: median length of a segment.
    """
    if len(recordings) < 2 or not 1 <= len(labels) <= CLASSES or recordings[0].signal.shape[-1] == 0:
        return None
    if min(each.steps for each in recordings) == 0 or (task.kind == "segmentation" and length is None):
        return None
    return Sampler.of(task, labels, recordings, length)


def floor(dataset: Dataset, facts: Fingerprint) -> Floor | None:
    """The floor that a fingerprint tells of, fitted anew, to ask for probabilities.

    Args:
        dataset: what was measured.
        facts: its fingerprint.
    """
    marked = [each for each in dataset.recordings if each.annotated]
    if facts.measured_on == "train":
        names = {each.name for each in dataset.part("train")}
        marked = [each for each in marked if each.name in names]
    recordings = chosen(marked, dataset.task)
    sampler = sampler_of(dataset.task, dataset.labels, recordings, facts.duration.p50)
    if sampler is None:
        return None
    rows = in_parallel(lambda pair: sampler.rows(pair[1], pair[0]), list(enumerate(recordings)))
    return fit(sampler, recordings, rows, facts.segments)


def fit(sampler: Sampler, recordings: Sequence[Recording], rows: Sequence[Rows], independent: float) -> Floor | None:
    """Fit and judge a floor; None where fewer than two groups (recordings) or classes can be told apart.

    Args:
        sampler: measured the rows.
        recordings: that the rows are of.
        rows: features and what is true, of each recording.
        independent: number of segments. Rows of one segment resemble each other, so that the penalty, as many features
            as there are to an independent row, is that of segments.

    Source: of the penalty, Hoerl, Kennard, Baldwin, Ridge regression: some simulations, Communications in Statistics 4
    (1975), where the features explain half of what varies.
    """
    groups = [each.group for each in recordings]
    by: Literal["groups", "recordings"] = "groups" if len(set(groups)) > 1 else "recordings"
    names = groups if by == "groups" else [each.name for each in recordings]
    present = sum(row.true.sum(axis=0) > 0 for row in rows)
    if len(set(names)) < 2 or np.count_nonzero(present) < (1 if sampler.task.labels == "multilabel" else 2):
        return None
    parts = folds(names, FOLDS, weight=[max(1, len(row.true)) for row in rows])
    fold = np.zeros(len(names), np.int64)
    for number, (_, held_out) in enumerate(parts):
        fold[held_out] = number
    weights = by_fold([row.found for row in rows], [row.true for row in rows], fold, len(parts), independent)
    multilabel = sampler.task.labels == "multilabel"
    said = [probable(apply(weights[number], row.found), multilabel) for number, row in zip(fold, rows, strict=True)]
    true = np.concatenate([row.true for row in rows]) == 1
    of_row = np.repeat(fold, [len(row.true) for row in rows])
    classes = judged(true, np.concatenate(said), sampler.labels, of_row, multilabel=multilabel)
    if sampler.task.kind == "classification":
        without = _without_level(sampler, rows, fold, len(parts), independent)
        others = judged(true, np.concatenate(without), sampler.labels, of_row, multilabel=multilabel)
        pairs = zip(classes, others, strict=True)
        classes = tuple(one.model_copy(update={"auc_without_level": other.auc}) for one, other in pairs)
    facts = Separability(
        auc=mean_known([each.auc for each in classes]),
        macro_f1=mean_known([each.f1 for each in classes]),
        balanced_accuracy=mean_known([each.recall for each in classes]),
        classes=classes,
        folds=len(parts),
        folds_by=by,
        samples=len(true),
        features=sampler.features,
        reach=sampler.reaches,
    )
    of = dict(zip(names, fold.tolist(), strict=True))
    return Floor(facts=facts, sampler=sampler, fold=of, weights=weights)


def _without_level(
    sampler: Sampler, rows: Sequence[Rows], fold: IntArray, number: int, independent: float
) -> list[FloatArray]:
    """Out-of-sample probabilities from features that the mean of the recording is taken out of."""
    half = sampler.features // 2
    column, block = np.arange(2 * half), number_of(1, sampler.task.rank, sampler.channels.size)
    level = (column < half) & (column % block < sampler.channels.size)
    found = [row.found[:, ~level] for row in rows]
    weights = by_fold(found, [row.true for row in rows], fold, number, independent)
    multilabel = sampler.task.labels == "multilabel"
    return [probable(apply(weights[part], each), multilabel) for part, each in zip(fold, found, strict=True)]
