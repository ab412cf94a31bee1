"""What the weights that were given to fit really do, tried on a few recordings."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np

from segmend.artifacts.anatomy import Anatomy
from segmend.errors import InputError
from segmend.pipeline.inputs.batches import Examples

RECORDINGS = 16
SAMPLES = 2_000_000
"""Values of ``x`` in the batch at most: the model is called on all of it at once."""


def probe_weights(
    model: Any, train: Examples | None, anatomy: Anatomy | None, fit_arguments: Mapping[str, Any]
) -> dict[str, Any] | None:
    """What ``Chart.probe`` lists about weights; None where none were given or nothing can be told.

    Args:
        model: as given to ``diagnose``.
        train: what it is trained on, with its weights.
        anatomy: facts about the model; without losses where it is no compiled Keras model.
        fit_arguments: with "class_weight" where that was given.
    """
    if train is None:
        return None
    class_weight = fit_arguments.get("class_weight")
    checked = None
    if class_weight and anatomy is not None and anatomy.losses:
        checked = _check(model, batch_of(train), class_weight)
    by_class = _weight_by_class(train)
    probe = {"class_weight": checked, "weight_by_class": by_class}
    return {name: value for name, value in probe.items() if value} or None


def _check(model: Any, batch: Examples, class_weight: Mapping[int, float]) -> dict[str, Any] | None:
    """The losses of one batch; None where the check does not apply or proves nothing."""
    from segmend.training import check_weights

    weight = None if batch.weight is None else np.stack(batch.weight)
    try:
        seen = check_weights(
            model, np.stack(batch.x), np.stack(batch.y), sample_weight=weight, class_weight=class_weight
        )
    except (InputError, ValueError, TypeError):
        return None
    if seen.applied is None:
        return None
    numbers = {"by_keras": seen.by_keras, "by_hand": seen.by_hand, "unweighted": seen.unweighted}
    told = {name: value if math.isfinite(value) else None for name, value in numbers.items()}
    return {"applied": seen.applied, "message": seen.message, "recordings": len(batch.x), **told}


def batch_of(train: Examples) -> Examples:
    """Recordings of the size that most have, spread over the data so that no class is left out by their order."""
    shapes = [rows.shape for rows in train.x]
    counts = Counter(shapes)
    usual = max(set(shapes), key=counts.__getitem__)
    same = [k for k, shape in enumerate(shapes) if shape == usual]
    most = max(1, min(RECORDINGS, SAMPLES // max(1, train.x[same[0]].size)))
    chosen = [same[k] for k in np.unique(np.linspace(0, len(same) - 1, min(most, len(same))).astype(int))]
    weight = None if train.weight is None else [train.weight[k] for k in chosen]
    return Examples([train.x[k] for k in chosen], [train.y[k] for k in chosen], weight)


def _weight_by_class(train: Examples) -> dict[int, float] | None:
    """Mean weight of the steps of each class, where every step (or recording) has a weight and one class number."""
    if train.weight is None:
        return None
    total: dict[int, float] = {}
    count: dict[int, int] = {}
    for y, weight in zip(train.y, train.weight, strict=True):
        steps = y[..., 0] if y.ndim and y.shape[-1] == 1 and y.ndim == np.ndim(weight) + 1 else y
        if steps.shape != np.shape(weight) or steps.dtype.kind not in "biu":
            return None
        for number in np.unique(steps[steps >= 0]):
            own = np.asarray(weight)[steps == number]
            total[int(number)] = total.get(int(number), 0.0) + float(own.sum())
            count[int(number)] = count.get(int(number), 0) + own.size
    return {number: total[number] / count[number] for number in sorted(total)} or None
