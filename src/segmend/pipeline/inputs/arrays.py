"""Arrays as people hold them, turned into one Prediction.

The one place that decides what ``y_true``, ``y_pred`` and ``y_prob`` mean (INTERFACE.md, "What y means").
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from segmend.artifacts.prediction import Prediction
from segmend.core.labels import IGNORE, MOST_CLASSES, Labels
from segmend.core.task import NAMES, Task, require_supported
from segmend.core.types import FloatArray, IntArray
from segmend.errors import InputError, NotYetError


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
) -> Prediction:
    """Check and align arrays; recordings of equal length may come stacked, others as lists.

    Args:
        y_true: dense ``(recordings, steps)`` integers, one-hot ``(recordings, steps, classes)``, or a list with one
            array per recording; -1 is not judged. None where nothing is known.
        y_pred: class numbers, shaped like the dense ``y_true``.
        y_prob: ``(recordings, steps, classes)`` or a list of ``(steps, classes)``; one column is taken as the
            probability of class 1.
        mask: False where a step is not judged, shaped like the dense ``y_true``.
        sample_weight: 0 where a step is not judged, shaped like the dense ``y_true``.
        labels: class names; without the background's where ``background`` is a number.
        background: class number that is no segment, or None.
        groups: one value per recording.
        names: one name per recording; row numbers by default.
        task: forces the meaning of ``y_true``.

    Raises:
        InputError: shapes, lengths or values do not fit; the message names the array.
        NotYetError: the arrays are of a task that this version cannot serve.
    """
    if y_pred is None and y_prob is None:
        raise InputError("y_pred, y_prob: expected one of them. Received neither")
    if task is not None and task not in NAMES:
        raise InputError(f'task: expected one of {list(NAMES)}. Received "{task}"')
    if background is not None and (isinstance(background, bool) or not isinstance(background, int | np.integer)):
        raise InputError(f"background: expected a class number or None. Received {background!r:.80}")
    if isinstance(labels, str):
        raise InputError(f"labels: expected a list of names. Received {labels!r:.80}")
    prob = (
        None if y_prob is None else [_probabilities(rows, k) for k, rows in enumerate(_recordings("y_prob", y_prob, 2))]
    )
    pred = (
        None
        if y_pred is None
        else [_dense("y_pred", rows, k) for k, rows in enumerate(_recordings("y_pred", y_pred, 1))]
    )
    true = (
        None
        if y_true is None
        else [_dense("y_true", rows, k) for k, rows in enumerate(_recordings("y_true", y_true, 1))]
    )
    if true is not None:
        true = _ignored(true, "mask", mask)
        true = _ignored(true, "sample_weight", sample_weight)
    lead = prob if prob is not None else pred
    assert lead is not None
    for name, rows in (("y_true", true), ("y_pred", pred)):
        if rows is not None:
            _same_lengths(name, rows, "y_prob" if prob is not None else "y_pred", lead)
    known = _labels(true, pred, prob, labels, background)
    _within(known, y_true=true, y_pred=pred)
    require_supported(Task.named(task or "segmentation", len(known)))
    if pred is None:
        assert prob is not None
        pred = [np.argmax(rows, axis=1) for rows in prob]
    return Prediction(
        names=_names(names, len(lead)),
        labels=known,
        y_true=None if true is None else tuple(true),
        y_pred=tuple(pred),
        y_prob=None if prob is None else tuple(prob),
        groups=_groups(groups, len(lead)),
    )


def _recordings(name: str, values: Any, rank: int) -> list[Any]:
    """One entry per recording, from a stacked array or a list."""
    if isinstance(values, list | tuple):
        if values and _array(f"{name}[0]", values[0]).ndim == 0:
            raise NotYetError(
                f"{name}: one label per recording is classification, which is not there yet; "
                "one recording with a label per step goes in as a list of one array"
            )
        return list(values)
    values = _array(name, values)
    if values.dtype == object:
        raise InputError(f"{name}: expected numbers, or a list of arrays. Received an array of objects")
    if values.ndim == rank and rank == 2:
        return list(values)  # (recordings, steps): the probability of class 1
    if values.ndim < 2:
        raise NotYetError(
            f"{name}: expected (recordings, steps{', classes' if rank == 2 else ''}) or a list of arrays. "
            f"Received shape {values.shape}: one label per recording is classification, which is not there yet"
        )
    if values.ndim > 3:
        raise NotYetError(
            f"{name}: images (shape {values.shape}) are not there yet; expected (recordings, steps, classes)"
        )
    return list(values)


def _dense(name: str, rows: Any, k: int) -> IntArray:
    """Class numbers of one recording, from dense or one-hot labels."""
    where = f"{name}[{k}]"
    rows = _array(where, rows)
    if rows.dtype == object or rows.dtype.kind not in "biuf":
        raise InputError(f"{where}: expected class numbers. Received dtype {rows.dtype}")
    if rows.ndim == 2 and rows.shape[1] == 1:
        rows = rows[:, 0]
    if rows.ndim == 2:
        return _from_one_hot(where, rows)
    if rows.ndim != 1:
        raise InputError(f"{where}: expected shape (steps,) or (steps, classes). Received shape {rows.shape}")
    if rows.dtype.kind == "f":
        _refuse_first(where, rows, ~np.isfinite(rows) | (rows != np.floor(rows)), "class numbers")
    _refuse_first(where, rows, rows >= MOST_CLASSES, f"class numbers below {MOST_CLASSES}")
    return rows.astype(np.int64)


def _array(where: str, rows: Any) -> Any:
    try:
        return np.asarray(rows)
    except ValueError:
        raise InputError(f"{where}: expected an array. Received rows of unequal length") from None


def _refuse_first(where: str, rows: Any, wrong: Any, expected: str) -> None:
    steps = np.flatnonzero(wrong)
    if steps.size:
        raise InputError(f"{where}: expected {expected}. Received {rows[steps[0]]} at step {steps[0]}")


def _from_one_hot(where: str, rows: IntArray) -> IntArray:
    if not np.isin(rows, (0, 1)).all():
        raise InputError(
            f"{where}: expected one-hot rows of 0 and 1. Received values from {rows.min()} to {rows.max()}"
        )
    total = rows.sum(axis=1)
    if not (total == 1).all():
        step = int(np.flatnonzero(total != 1)[0])
        raise NotYetError(
            f"{where}: step {step} carries {int(total[step])} labels: multilabel segmentation is not there yet; "
            "expected one-hot rows that sum to 1"
        )
    return np.argmax(rows, axis=1)


def _probabilities(rows: Any, k: int) -> FloatArray:
    """(steps, classes) of one recording; one column becomes two."""
    rows = _array(f"y_prob[{k}]", rows)
    if rows.dtype.kind not in "biuf":
        raise InputError(f"y_prob[{k}]: expected numbers. Received dtype {rows.dtype}")
    if not np.issubdtype(rows.dtype, np.floating):
        rows = rows.astype(np.float64)
    if rows.ndim == 1 or (rows.ndim == 2 and rows.shape[1] == 1):
        positive = rows.reshape(-1)
        rows = np.stack([1 - positive, positive], axis=1)
    if rows.ndim != 2 or not rows.shape[1]:
        raise InputError(f"y_prob[{k}]: expected shape (steps, classes). Received shape {rows.shape}")
    bad = ~np.isfinite(rows)
    if bad.any():
        step, column = np.argwhere(bad)[0].tolist()
        raise InputError(
            f"y_prob[{k}]: expected finite numbers. Received {rows[step, column]} at step {step}, class {column}"
        )
    return rows


def _ignored(true: list[IntArray], name: str, keep: Any) -> list[IntArray]:
    """The labels with -1 where ``keep`` is False or 0."""
    if keep is None:
        return true
    rows = [np.asarray(row).reshape(len(row)) for row in _recordings(name, keep, 1)]
    _same_lengths(name, rows, "y_true", true)
    return [np.where(row.astype(bool), labels, IGNORE) for row, labels in zip(rows, true, strict=True)]


def _same_lengths(name: str, rows: Sequence[Any], other: str, lead: Sequence[Any]) -> None:
    if len(rows) != len(lead):
        raise InputError(f"{name}: expected {len(lead)} recordings as in {other}. Received {len(rows)}")
    for k, (row, ref) in enumerate(zip(rows, lead, strict=True)):
        if len(row) != len(ref):
            raise InputError(f"{name}[{k}]: expected {len(ref)} steps as in {other}[{k}]. Received {len(row)}")


def _labels(
    true: list[IntArray] | None,
    pred: list[IntArray] | None,
    prob: list[FloatArray] | None,
    names: Sequence[str] | None,
    background: int | None,
) -> Labels:
    """Class names, from ``labels=`` or from the numbers themselves."""
    if prob:
        classes = prob[0].shape[1]
        for k, rows in enumerate(prob):
            if rows.shape[1] != classes:
                raise InputError(f"y_prob[{k}]: expected {classes} classes as in y_prob[0]. Received {rows.shape[1]}")
    else:
        highest = [int(rows.max()) for rows in [*(true or []), *(pred or [])] if rows.size]
        classes = max([0, *highest]) + 1
        if names is not None:
            classes = max(classes, len(names) + (background is not None))
    if names is None:
        return Labels.numbered(classes, background)
    if prob and len(names) == classes:
        return Labels(tuple(str(name) for name in names), background)
    if prob and len(names) + (background is not None) != classes:
        raise InputError(
            f"labels: expected {classes - (background is not None)} names for the {classes} classes of y_prob. "
            f"Received {len(names)}"
        )
    return Labels.of(names, background)


def _within(labels: Labels, **arrays: list[IntArray] | None) -> None:
    for name, rows in arrays.items():
        for k, row in enumerate(rows or []):
            wrong = np.flatnonzero((row < IGNORE) | (row >= len(labels)))
            if wrong.size:
                raise InputError(
                    f"{name}[{k}]: expected class numbers from 0 to {len(labels) - 1}, or -1 (not judged). "
                    f"Received {row[wrong[0]]} at step {wrong[0]}"
                )


def _names(names: Sequence[str] | None, count: int) -> tuple[str, ...]:
    if names is None:
        return tuple(str(k) for k in range(count))
    if len(names) != count or len(set(names)) != count:
        raise InputError(f"names: expected {count} distinct names. Received {len(names)}")
    return tuple(str(name) for name in names)


def _groups(groups: Sequence[Any] | None, count: int) -> tuple[str, ...] | None:
    if groups is None:
        return None
    if len(groups) != count:
        raise InputError(f"groups: expected one value for each of {count} recordings. Received {len(groups)}")
    return tuple(str(group) for group in groups)
