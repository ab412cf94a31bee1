"""A Keras model over one recording or image, tile by tile."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from segmend import tiling
from segmend.core.types import FloatArray
from segmend.errors import InputError


def predict(
    model: Any,
    signal: FloatArray,
    window: tiling.Extent,
    hop: tiling.Extent,
    *,
    align: tiling.Extent = 1,
    batch: int = 8,
    out: Callable[[tuple[int, ...]], FloatArray] | None = None,
) -> FloatArray:
    """Class probabilities of each step of a recording, of each pixel of an image.

    Args:
        model: Keras model from (batch, *window, channels) to (batch, *window, classes).
        signal: shape (*spatial, channels), at least one step; may be a memory map or be decoded when it is asked for.
        window: length of a tile along each spatial axis, one number for all or one for each.
        hop: steps kept of each inner tile; ``window - hop`` is at least the model's receptive field.
        align: product of the model's strides.
        batch: tiles in one call of the model.
        out: given the shape (*spatial, classes), an array to write to, such as a memory map.

    Returns:
        float32 array of shape (*spatial, classes).

    Raises:
        InputError: the signal has no step, or other axes or channels than the model.
    """
    require_fitting(model, signal)

    def predict_window(tiles: FloatArray) -> FloatArray:
        return np.asarray(model.predict_on_batch(tiles), np.float32)

    return tiling.predict(predict_window, signal, window, hop, batch=batch, align=align, out=out)


def require_fitting(model: Any, signal: FloatArray) -> None:
    """Refuse a recording that a model cannot take.

    Raises:
        InputError: the signal has no step, or other axes or channels than the model.
    """
    rank, channels = len(model.input_shape) - 2, model.input_shape[-1]
    if signal.ndim != rank + 1 or signal.shape[-1] != channels:
        axes = "steps" if rank == 1 else "height, width" if rank == 2 else "*spatial"
        raise InputError(f"signal: expected shape ({axes}, {channels}), as the model. Received shape {signal.shape}")
    if 0 in signal.shape:
        raise InputError("signal: expected at least one step. Received none")
