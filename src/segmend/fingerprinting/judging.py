"""How well probabilities tell classes apart."""

from __future__ import annotations

import numpy as np

from segmend.artifacts.separability import ClassSeparability
from segmend.core.labels import Labels
from segmend.core.types import BoolArray, FloatArray, IntArray
from segmend.scoring.ranking import roc_auc


def judged(
    true: BoolArray, said: FloatArray, labels: Labels, fold: IntArray, *, multilabel: bool
) -> tuple[ClassSeparability, ...]:
    """How well probabilities tell each class from the others.

    Args:
        true: which classes hold, shape (n, classes).
        said: probabilities, shape (n, classes).
        labels: class names.
        fold: number of the fold that each row is of, shape (n,). Classes of a single fold could not be learnt where
            they would be judged, and are not.
        multilabel: labels may overlap.
    """
    folds = np.unique(fold)
    learnt = np.sum([true[fold == number].any(axis=0) for number in folds], axis=0) > 1
    share = np.maximum(true.mean(axis=0), 1e-12)
    relative = said / share
    if multilabel:
        likely, likelier = said >= 0.5, relative >= 1
    else:
        every = np.arange(len(labels))
        likely = said.argmax(axis=1)[:, np.newaxis] == every
        likelier = np.where(true.any(axis=0), relative, 0).argmax(axis=1)[:, np.newaxis] == every
    found = []
    for k, name in enumerate(labels.names):
        there = int(true[:, k].sum()) if learnt[k] else 0
        both = 2 * int((likely[:, k] & true[:, k]).sum())
        found.append(
            ClassSeparability(
                name=name,
                auc=_auc(true[:, k], said[:, k], fold) if there else None,
                f1=both / (there + int(likely[:, k].sum())) if there else None,
                recall=int((likelier[:, k] & true[:, k]).sum()) / there if there else None,
            )
        )
    return tuple(found)


def _auc(true: BoolArray, said: FloatArray, fold: IntArray) -> float | None:
    """Share of pairs of a fold, one of the class and one not, that are in order.

    Pairs across folds would tell models apart: one that learnt from fewer of a class says less of it, and is judged
    where there are more.
    """
    inside = [(true[fold == number], said[fold == number]) for number in np.unique(fold)]
    pairs = [int(there.sum()) * int((~there).sum()) for there, _ in inside]
    if not sum(pairs):
        return None
    return sum(n * roc_auc(*each) for n, each in zip(pairs, inside, strict=True) if n) / sum(pairs)


def mean_known(values: list[float | None]) -> float | None:
    """The mean of what is not None; None where nothing is.

    >>> mean_known([1.0, None])
    1.0
    """
    known = [value for value in values if value is not None]
    return float(np.mean(known)) if known else None
