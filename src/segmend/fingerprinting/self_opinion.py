"""Items whose labels the model itself doubts."""

from __future__ import annotations

import numpy as np

from segmend.artifacts.opinion import SecondOpinion
from segmend.artifacts.prediction import Prediction
from segmend.core.labels import IGNORE
from segmend.core.segments import Segments
from segmend.core.types import FloatArray, IntArray
from segmend.fingerprinting.opinion import EDGE, Judged, doubts


def opinion_of(prediction: Prediction) -> SecondOpinion | None:
    """What a model says of the items that it is judged on, as ``opinion`` does of a linear one.

    It is worth something where the model was not trained on them: what it was trained on, it may know by heart,
    mistakes included.

    Args:
        prediction: with ``y_true``.

    Returns:
        None without probabilities, where labels may overlap, of objects in images, and where no class lies apart.

    Examples:
        >>> from segmend.core.labels import Labels
        >>> rng = np.random.default_rng(0)
        >>> true = np.repeat([0, 1], 50)
        >>> sure = np.where(true == 0, 0.9, 0.1) + rng.normal(0, 0.02, 100)
        >>> true[3] = 1
        >>> labels = Labels.of(["a", "b"], background=None)
        >>> names = tuple(f"r{k}" for k in range(100))
        >>> prob = tuple(np.stack([sure, 1 - sure], axis=1))
        >>> said = Prediction(
        ...     names=names, labels=labels, rank=0, y_true=tuple(true), y_pred=tuple(true), y_prob=prob
        ... )
        >>> [(each.recording, each.given, each.looks_like) for each in opinion_of(said).suspects]
        [('r3', 'b', 'a')]
    """
    if prediction.y_prob is None or prediction.y_true is None or prediction.multilabel or prediction.rank > 1:
        return None
    groups = {name: k for k, name in enumerate(dict.fromkeys(prediction.groups or prediction.names))}
    columns = []
    for number, (true, said) in enumerate(zip(prediction.y_true, prediction.y_prob, strict=True)):
        if not np.isfinite(said).all():
            continue
        table, means = _wholes(true, said) if prediction.rank == 0 else _segments(prediction, number, said)
        group = groups[(prediction.groups or prediction.names)[number]]
        here = [np.full(len(table), value) for value in (group, number)]
        columns.append((means, table.label, *here, table.start, table.stop))
    if not columns:
        return None
    judged = Judged(*(np.concatenate(column) for column in zip(*columns, strict=True)))
    return doubts(judged, prediction.labels, prediction.names)


def _wholes(true: IntArray, said: FloatArray) -> tuple[Segments, FloatArray]:
    label = np.atleast_1d(np.asarray(true))
    label = label[label != IGNORE]
    none = np.zeros_like(label)
    return Segments(none, none, label), said[np.newaxis][: label.size]


def _segments(prediction: Prediction, number: int, said: FloatArray) -> tuple[Segments, FloatArray]:
    """The reference segments and the mean probabilities over each, its ends left out."""
    assert prediction.y_true is not None
    known, labels = prediction.reference, prediction.labels
    table = known[number] if known else Segments.from_steps(prediction.y_true[number], labels.background)
    edge = np.floor(EDGE * table.length).astype(np.int64)
    first, last = table.start + edge, table.stop - edge
    sums = np.concatenate([np.zeros((1, said.shape[1])), np.cumsum(said, axis=0, dtype=float)])
    return table, (sums[last] - sums[first]) / (last - first)[:, np.newaxis]
