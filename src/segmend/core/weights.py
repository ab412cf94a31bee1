"""Weights of classes and of steps, against imbalance."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from typing import Any, Literal, get_args

import numpy as np

from segmend.core.dense import are_recordings, dense_rows
from segmend.core.labels import IGNORE
from segmend.core.multihot import multihot_rows
from segmend.core.pieces import count_pieces
from segmend.core.types import BoolArray, FloatArray, IntArray
from segmend.errors import InputError

Scheme = Literal["balanced", "effective-number", "sqrt"]
Level = Literal["step", "segment"]


def class_weights(
    y: Any,
    scheme: Scheme = "balanced",
    level: Level = "step",
    *,
    classes: int | None = None,
    cap: float | None = 100.0,
    mask: Any = None,
    multilabel: bool = False,
    connectivity: int = 1,
) -> FloatArray:
    """One weight per class, larger for the rarer, with mean 1 over all labelled steps (or segments).

    Where labels may overlap, classes are weighed against each other by their positives, and the mean is 1 over all
    positives. How positives weigh against the rest of their own class is another matter: ``positive_weight`` of
    ``losses.BinaryCrossEntropy``.

    Args:
        y: class numbers: one array ``(steps,)``, stacked ``(recordings, *spatial)``, or a list with one array per
            recording; or one-hot with one more axis. -1 is ignored. Multilabel: 0 or 1 for each class.
        scheme: "balanced" is n / (classes present x count); "sqrt" goes as the root of that, for rare classes that are
            noisy; "effective-number" levels off for classes more frequent than the average one.
        level: count "step" by step, or each maximal run of one label once ("segment"), in images each connected
            component: short segments are rare by the first and may be frequent by the second.
        classes: number of classes; by default the largest class number, or the one-hot axis, decides.
        cap: the largest weight as a multiple of the smallest; None for no cap.
        mask: False where a step is ignored, shaped like dense ``y``.
        multilabel: whether a step may carry several labels.
        connectivity: along how many axes at once pixels of one component may touch, from 1 to the rank.

    Returns:
        Shape (classes,). A class that does not occur gets 0, with a warning.

    Raises:
        InputError: nothing is labelled, or an argument is not one of its values.

    Source:
        "balanced": King and Zeng 2001, "Logistic regression in rare events data". "effective-number": Cui et al. 2019,
        "Class-balanced loss based on effective number of samples", with their N the mean count of a class.

    Examples:
        >>> y = np.repeat([0, 1], [100, 20])
        >>> class_weights(y).tolist()
        [0.6, 3.0]
        >>> class_weights(y, level="segment").tolist()
        [1.0, 1.0]
        >>> class_weights(y, scheme="sqrt").round(2).tolist()
        [0.83, 1.85]
    """
    if scheme not in get_args(Scheme):
        raise InputError(f"scheme: expected one of {list(get_args(Scheme))}. Received {scheme!r}")
    if level not in get_args(Level):
        raise InputError(f"level: expected one of {list(get_args(Level))}. Received {level!r}")
    if cap is not None and not cap >= 1:
        raise InputError(f"cap: expected None or a multiple of at least 1. Received {cap}")
    if connectivity < 1:
        raise InputError(f"connectivity: expected a number of axes of at least 1. Received {connectivity}")
    if multilabel:
        rows = multihot_rows(y, classes, mask)
        width = rows[0].shape[-1]
    else:
        rows, width = dense_rows(y, classes, mask)
    if level == "segment":
        found = [count_pieces(row, width, multilabel=multilabel, connectivity=connectivity) for row in rows]
    else:
        found = [_steps(row, width, multilabel) for row in rows]
    count = np.stack(found).sum(axis=0, dtype=np.float64)
    there = count > 0
    if not there.any():
        raise InputError("y: expected at least one labelled step. Received none")
    if not there.all():
        absent = np.flatnonzero(~there).tolist()
        warnings.warn(f"classes {absent} do not occur: their weight is 0", UserWarning, stacklevel=2)
    weights = np.zeros(len(count))
    weights[there] = _rarity(count[there], scheme)
    if cap is not None:
        weights = np.minimum(weights, cap * weights[there].min())
    return np.asarray(weights / (np.dot(weights, count) / count.sum()))


def step_weights(
    y: Any,
    class_weights: Sequence[float] | FloatArray | Mapping[int, float],
    mask: Any = None,
    *,
    multilabel: bool = False,
) -> Any:
    """The weight of each step's class, with mean 1 over the labelled steps: a ``sample_weight`` that Keras applies.

    Keras' own ``class_weight=`` takes one class per *sequence* and is wrong, or fails, for labels per step. A step with
    several labels weighs as the heaviest of them, one without any as the lightest class that has a weight.

    Args:
        y: as for ``class_weights``.
        class_weights: one weight per class number.
        mask: False where a step is ignored, shaped like dense ``y``.
        multilabel: whether a step may carry several labels.

    Returns:
        float32, shaped like dense ``y`` (a list where ``y`` is a list); 0 where a step is ignored.

    Raises:
        InputError: a class has no weight, or all weights of labelled steps are 0.

    Examples:
        >>> step_weights(np.array([0, 0, 0, 1, -1]), [1, 5]).tolist()
        [0.5, 0.5, 0.5, 2.5, 0.0]
    """
    table = _table(class_weights)
    if multilabel:
        rows = multihot_rows(y, len(table), mask)
        judged = [row[..., 0] != IGNORE for row in rows]
        weights = [_heaviest(row, table) for row in rows]
    else:
        rows, _ = dense_rows(y, None, mask)
        highest = max((int(row.max()) for row in rows if row.size), default=IGNORE)
        if highest >= len(table):
            raise InputError(f"class_weights: expected a weight for class {highest}. Received {len(table)} weights")
        judged = [row != IGNORE for row in rows]
        weights = [table[row] for row in rows]
    scaled = _mean_one(weights, judged)
    if are_recordings(y):
        return scaled
    return scaled[0] if np.ndim(y) == 1 + multilabel else np.stack(scaled)


def _heaviest(row: IntArray, table: FloatArray) -> FloatArray:
    """The largest weight among the labels of each step, (*spatial, classes) -> (*spatial)."""
    known = table[table > 0]
    none = known.min() if known.size else 0.0
    return np.where((row == 1).any(axis=-1), np.max((row == 1) * table, axis=-1), none)


def _mean_one(weights: Sequence[FloatArray], judged: Sequence[BoolArray]) -> list[Any]:
    """The weights, scaled to mean 1 where steps are judged; 0 elsewhere."""
    weights = [np.where(keep, row, 0.0) for keep, row in zip(judged, weights, strict=True)]
    steps, total = sum(int(keep.sum()) for keep in judged), float(sum(row.sum() for row in weights))
    if steps and not total > 0:
        raise InputError("class_weights: expected a weight above 0 for a class that occurs. Received only 0")
    scale = steps / total if steps else 1.0
    return [(row * scale).astype(np.float32) for row in weights]


def _steps(row: IntArray, classes: int, multilabel: bool) -> IntArray:
    """Number of steps that carry each class."""
    if multilabel:
        return np.count_nonzero(row.reshape(-1, classes) == 1, axis=0)
    return np.bincount(row[row != IGNORE], minlength=classes)


def _rarity(count: FloatArray, scheme: Scheme) -> FloatArray:
    """Weights of the classes that occur, up to a factor."""
    if scheme == "balanced":
        return 1.0 / count
    if scheme == "sqrt":
        return 1.0 / np.sqrt(count)
    return -1.0 / np.expm1(-count / count.mean())  # 1 - (1 - 1/N)^n, in the limit of large N


def _table(weights: Sequence[float] | FloatArray | Mapping[int, float]) -> FloatArray:
    """Weights by class number."""
    if isinstance(weights, Mapping):
        if sorted(weights) != list(range(len(weights))):
            raise InputError(f"class_weights: expected every class number from 0. Received {sorted(weights)}")
        weights = [weights[k] for k in range(len(weights))]
    table = np.asarray(weights, np.float64)
    if table.ndim != 1 or not np.isfinite(table).all() or (table < 0).any():
        raise InputError(f"class_weights: expected finite numbers of at least 0, one per class. Received {weights!r}")
    return table
