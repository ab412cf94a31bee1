"""A Keras model over one recording, tile by tile."""

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
    window: int,
    hop: int,
    *,
    align: int = 1,
    batch: int = 8,
    out: Callable[[tuple[int, ...]], FloatArray] | None = None,
) -> FloatArray:
    """Class probabilities of each step of a recording.

    Args:
        model: Keras model from (batch, window, channels) to (batch, window, classes).
        signal: shape (steps, channels), at least one step; may be a memory map.
        window: length of a tile in steps.
        hop: steps kept of each inner tile; ``window - hop`` is at least the model's receptive field.
        align: product of the model's strides.
        batch: tiles in one call of the model.
        out: given the shape (steps, classes), an array to write to, such as a memory map.

    Returns:
        float32 array of shape (steps, classes).

    Raises:
        InputError: the signal has no step, or other channels than the model.
    """
    channels = model.input_shape[-1]
    if signal.ndim != 2 or signal.shape[1] != channels:
        raise InputError(f"signal: expected shape (steps, {channels}), as the model. Received shape {signal.shape}")
    if not len(signal):
        raise InputError("signal: expected at least one step. Received none")

    def predict_window(tiles: FloatArray) -> FloatArray:
        return np.asarray(model.predict_on_batch(tiles), np.float32)

    return tiling.predict(predict_window, signal, window, hop, batch=batch, align=align, out=out)
