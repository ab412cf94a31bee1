"""How well probabilities tell classes apart."""

from __future__ import annotations

import numpy as np

from segmend.artifacts.separability import ClassSeparability
from segmend.core.labels import Labels
from segmend.core.types import BoolArray, FloatArray
from segmend.scoring.ranking import roc_auc


def judged(
    true: BoolArray, said: FloatArray, labels: Labels, learnt: BoolArray, *, multilabel: bool
) -> tuple[ClassSeparability, ...]:
    """How well probabilities tell each class from the others.

    Args:
        true: which classes hold, shape (n, classes).
        said: probabilities, shape (n, classes).
        labels: class names.
        learnt: classes that could be learnt where they are judged, shape (classes,); the others are not judged.
        multilabel: labels may overlap.
    """
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
        some = 0 < there < len(true)
        found.append(
            ClassSeparability(
                name=name,
                auc=roc_auc(true[:, k], said[:, k]) if some else None,
                f1=both / (there + int(likely[:, k].sum())) if there else None,
                recall=int((likelier[:, k] & true[:, k]).sum()) / there if there else None,
            )
        )
    return tuple(found)


def mean_known(values: list[float | None]) -> float | None:
    """The mean of what is not None; None where nothing is.

    >>> mean_known([1.0, None])
    1.0
    """
    known = [value for value in values if value is not None]
    return float(np.mean(known)) if known else None
