"""Arrays as people hold them, turned into one Prediction.

The one place that decides what ``y_true``, ``y_pred`` and ``y_prob`` mean (``reading.meaning``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from segmend.artifacts.prediction import Prediction
from segmend.core.types import IntArray
from segmend.core.undecoded import undecoded
from segmend.errors import InputError
from segmend.pipeline.inputs.reading import convert
from segmend.pipeline.inputs.reading.given import Given, are_tables, given
from segmend.pipeline.inputs.reading.meaning import Meaning, meaning
from segmend.pipeline.inputs.reading.naming import (
    background_of_whole,
    groups_of,
    labels_of,
    labels_that_overlap,
    names_of,
    refuse_unknown,
    width,
)


def read_arrays(
    *,
    y_true: Any,
    y_pred: Any = None,
    y_prob: Any = None,
    mask: Any = None,
    sample_weight: Any = None,
    labels: Sequence[str] | None = None,
    background: int | None = 0,
    groups: Sequence[Any] | None = None,
    names: Sequence[str] | None = None,
    task: str | None = None,
    instances: tuple[Any, Any] = (None, None),
    rank: int | None = None,
    data_rank: int = 1,
) -> Prediction:
    """Check and align arrays; recordings of equal length may come stacked, others as lists.

    Args:
        y_true: class numbers ``(recordings,)``, ``(recordings, steps)`` or ``(recordings, height, width)``; the same
            with a last axis of 0 or 1 for each class; a list with one array per recording; or a list of ``Segments``.
            -1 is not judged. None where nothing is known.
        y_pred: predictions in one of these forms.
        y_prob: probabilities ``(recordings, *spatial, classes)`` or a list; one channel is taken as the probability of
            class 1.
        mask: False where a step is not judged, shaped like dense ``y_true``.
        sample_weight: 0 where a step is not judged, shaped like dense ``y_true``.
        labels: class names; without the background's where ``background`` is a number.
        background: class number that is no segment, or None. There is none where labels may overlap, nor of whole
            recordings, which have no segments (unless ``labels`` leaves out the name of class 0).
        groups: one value per recording.
        names: one name per recording; row numbers by default.
        task: forces the meaning of the arrays.
        instances: instance numbers of the pixels of either side of images, 0 for none; each may be None.
        rank: spatial axes of each recording's labels, where the recordings themselves tell; None lets arrays decide.
        data_rank: spatial axes of the recordings, where each is labelled as a whole.

    Raises:
        InputError: shapes, lengths or values do not fit; the message names the array.
    """
    if y_pred is None and y_prob is None:
        raise InputError("y_pred, y_prob: expected one of them. Received neither")
    if background is not None and (isinstance(background, bool) or not isinstance(background, int | np.integer)):
        raise InputError(f"background: expected a class number or None. Received {background!r:.80}")
    if isinstance(labels, str):
        raise InputError(f"labels: expected a list of names. Received {labels!r:.80}")
    if are_tables(y_true) or are_tables(y_pred):
        from segmend.pipeline.inputs.reading.tables import read_tables

        sides, tables = read_tables(y_true, y_pred, y_prob, labels, background, task)
        y_true, y_pred, labels, task = sides
    else:
        tables = {}
    true, pred, prob = given("y_true", y_true), given("y_pred", y_pred), given("y_prob", y_prob)
    what = meaning(true, pred, prob, labels, task, rank)
    read = _multilabel if what.multilabel else _one_label
    prediction = read(true, pred, prob, what, labels, background)
    count = len(prediction.y_pred)
    if prediction.y_true is not None:
        for name, keep in (("mask", mask), ("sample_weight", sample_weight)):
            prediction = _ignoring(prediction, name, keep)
    return replace(
        prediction,
        names=names_of(names, count),
        groups=groups_of(groups, count),
        data_rank=data_rank,
        reference=tables.get("reference"),
        predicted=tables.get("predicted"),
        instances=_instances("instances_true", instances[0], prediction),
        predicted_instances=_instances("instances_pred", instances[1], prediction),
    )


def _instances(name: str, values: Any, prediction: Prediction) -> tuple[IntArray, ...] | None:
    """Instance numbers shaped like the labels they belong to."""
    side = given(name, values)
    if side is None:
        return None
    if prediction.rank < 2:
        raise InputError(f"{name}: expected images. Received {prediction.task.name} of rank {prediction.rank}")
    rows = tuple(convert.whole(f"{name}[{k}]", row) for k, row in enumerate(side.rows))
    _align((name, rows), ("y_pred", prediction.y_pred), classes_axis=False)
    return rows


def _one_label(
    true: Given | None,
    pred: Given | None,
    prob: Given | None,
    what: Meaning,
    labels: Sequence[str] | None,
    background: int | None,
) -> Prediction:
    said = _each(prob, what, lambda where, rows, rank: convert.probabilities(where, rows, rank, multilabel=False))
    there, decided = (_each(side, what, convert.dense) for side in (true, pred))
    _align(("y_true", there), ("y_pred", decided), ("y_prob", said), classes_axis=False)
    numbers = [*(there or ()), *(decided or ())]
    if what.rank == 0:
        background = background_of_whole(numbers, said, labels, background)
    known = labels_of(numbers, said, labels, background)
    for name, rows in (("y_true", there), ("y_pred", decided)):
        refuse_unknown(known, name, rows or ())
    if decided is None:
        assert said is not None
        decided = tuple(undecoded(rows, multilabel=False) for rows in said)
    return Prediction(names=(), labels=known, y_true=there, y_pred=decided, y_prob=said, rank=what.rank)


def _multilabel(
    true: Given | None,
    pred: Given | None,
    prob: Given | None,
    what: Meaning,
    labels: Sequence[str] | None,
    background: int | None,
) -> Prediction:
    del background  # where labels may overlap, a step without a label is a row of zeros
    said = _each(prob, what, lambda where, rows, rank: convert.probabilities(where, rows, rank, multilabel=True))
    lead = next(side for side in (true, pred) if side is not None) if said is None else None
    classes = width("y_prob", said) if said else (lead.width if lead and lead.rank == what.rank + 2 else 1)
    there, decided = (
        _each(side, what, lambda where, rows, rank: convert.multi_hot(where, rows, rank, classes))
        for side in (true, pred)
    )
    _align(("y_true", there), ("y_pred", decided), ("y_prob", said), classes_axis=True)
    known = labels_that_overlap(classes, labels)
    if decided is None:
        assert said is not None
        decided = tuple(undecoded(rows, multilabel=True) for rows in said)
    return Prediction(
        names=(), labels=known, y_true=there, y_pred=decided, y_prob=said, rank=what.rank, multilabel=True
    )


def _each(side: Given | None, what: Meaning, read: Callable[[str, Any, int], Any]) -> tuple[Any, ...] | None:
    """Every recording's entry in the house's form; labels of whole recordings in one go."""
    if side is None:
        return None
    if what.rank == 0 and side.rows:
        return tuple(read(side.name, _stacked(side), 1))
    return tuple(read(f"{side.name}[{k}]", rows, what.rank) for k, rows in enumerate(side.rows))


def _stacked(side: Given) -> Any:
    for k, row in enumerate(side.rows):
        if np.shape(row) != np.shape(side.rows[0]):
            raise InputError(
                f"{side.name}[{k}]: expected shape {np.shape(side.rows[0])} as in {side.name}[0], since recordings are "
                f"labelled as wholes. Received {np.shape(row)}"
            )
    return np.stack(side.rows)


def _align(*sides: tuple[str, tuple[Any, ...] | None], classes_axis: bool) -> None:
    """Refuse arrays of other numbers or shapes of recordings than the last of the sides."""
    lead_name, lead = next(side for side in reversed(sides) if side[1] is not None)
    assert lead is not None
    for name, rows in sides:
        if rows is None:
            continue
        if len(rows) != len(lead):
            raise InputError(f"{name}: expected {len(lead)} recordings as in {lead_name}. Received {len(rows)}")
        for k, (row, ref) in enumerate(zip(rows, lead, strict=True)):
            spatial = _spatial(name, row, classes_axis), _spatial(lead_name, ref, classes_axis)
            if spatial[0] != spatial[1]:
                received, expected = (str(s[0]) if len(s) == 1 else f"shape {s}" for s in spatial)
                steps = " steps" if len(spatial[1]) == 1 else ""
                raise InputError(f"{name}[{k}]: expected {expected}{steps} as in {lead_name}[{k}]. Received {received}")


def _spatial(name: str, row: Any, classes_axis: bool) -> tuple[int, ...]:
    shape = np.shape(row)
    return shape[:-1] if classes_axis or name == "y_prob" else shape


def _ignoring(prediction: Prediction, name: str, keep: Any) -> Prediction:
    """The prediction, not judged where ``keep`` is False or 0."""
    side = given(name, keep)
    if side is None:
        return prediction
    assert prediction.y_true is not None
    rank = prediction.rank
    rows = [np.asarray(row, bool) for row in side.rows]
    rows = [row[..., 0] if row.ndim == rank + 1 and row.shape[-1] == 1 else row for row in rows]
    spatial = [np.shape(row)[:rank] for row in prediction.y_true]
    if len(rows) != len(spatial):
        raise InputError(f"{name}: expected {len(spatial)} recordings as in y_true. Received {len(rows)}")
    for k, (row, shape) in enumerate(zip(rows, spatial, strict=True)):
        if row.shape != shape:
            expected = f"{shape[0]} steps" if rank == 1 else f"shape {shape}"
            received = f"{row.shape[0]}" if rank == 1 and row.ndim == 1 else f"shape {row.shape}"
            raise InputError(f"{name}[{k}]: expected {expected} as in y_true[{k}]. Received {received}")
    pairs = zip(prediction.y_true, rows, strict=True)
    return replace(prediction, y_true=tuple(convert.ignored(row, keep) for row, keep in pairs))
