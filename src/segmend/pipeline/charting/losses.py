"""Whether a loss that is no number is so by itself, tried on a few recordings."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from segmend.artifacts.anatomy import Anatomy
from segmend.artifacts.history import History
from segmend.pipeline.charting.weights import batch_of
from segmend.pipeline.inputs.batches import Examples


def probe_loss(
    model: Any, train: Examples | None, anatomy: Anatomy | None, history: History | None
) -> dict[str, Any] | None:
    """What ``Chart.probe`` lists about the loss; None where nothing is broken, or nothing can be told.

    Args:
        model: as given to ``diagnose``.
        train: what it is trained on.
        anatomy: facts about the model; without losses where it is no compiled Keras model.
        history: facts about the training.
    """
    if train is None or anatomy is None or not anatomy.losses:
        return None
    if not (_weights_broken(anatomy) or _loss_broken(history)):
        return None
    from segmend.training import even_loss

    batch = batch_of(train)
    if len({rows.shape for rows in batch.y}) != 1:
        return None
    value = even_loss(model, np.stack(batch.x), np.stack(batch.y))
    if value is None:
        return None
    return {"even_loss": value if math.isfinite(value) else None, "recordings": len(batch.x)}


def _weights_broken(anatomy: Anatomy) -> bool:
    return any(layer.non_finite for layer in anatomy.layers)


def _loss_broken(history: History | None) -> bool:
    values = () if history is None else history.columns.get("loss", ())
    return any(value is None or not math.isfinite(value) for value in values)
