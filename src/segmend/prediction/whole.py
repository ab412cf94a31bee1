"""Probabilities of whole recordings from anybody's model, one pass each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from segmend import tiling
from segmend.artifacts.anatomy import Anatomy
from segmend.core.types import FloatArray
from segmend.decoding.temperature import softmax
from segmend.errors import InputError, NotYetError

BATCH = 32


def predict_whole(model: Any, x: Sequence[Any], anatomy: Anatomy | None = None) -> list[FloatArray]:
    """The model's output for each recording, as probabilities where the model says that it gives logits.

    Recordings of one length go through together; where the model takes one fixed length, recordings of another one
    go through in tiles that overlap by half. A Keras model predicts as it does in ``predict``; a callable gets
    ``(recordings, steps, channels)`` and returns ``(recordings, steps, classes)``.

    Args:
        model: a Keras model or a callable.
        x: one array per recording, (steps, channels) or whatever the model takes.
        anatomy: of the model; with a linear output and a loss that takes logits, softmax (sigmoid for one column) is
            applied.

    Returns:
        One array per recording, (output steps, classes), in the order of ``x``.

    Raises:
        InputError: the output has not one entry per recording.
        NotYetError: the model has several outputs.

    Examples:
        >>> [rows.shape for rows in predict_whole(lambda x: np.full((*x.shape[:2], 2), 0.5), [np.zeros((5, 1))])]
        [(5, 2)]
    """
    by_length: dict[tuple[int, ...], list[int]] = {}
    arrays = [np.asarray(rows) for rows in x]
    for k, rows in enumerate(arrays):
        by_length.setdefault(rows.shape, []).append(k)
    call = _call(model)
    window = _window(anatomy)
    logits = takes_logits(anatomy)
    outputs: dict[int, FloatArray] = {}
    if window is not None and any(len(rows) != window for rows in arrays):
        tiled = [
            tiling.predict(lambda tiles: _single(call(tiles)), rows, window, max(1, window // 2)) for rows in arrays
        ]
        return [_probabilities(rows) if logits else rows for rows in tiled]
    for members in by_length.values():
        for first in range(0, len(members), BATCH):
            part = members[first : first + BATCH]
            answer = _single(call(np.stack([arrays[k] for k in part])))
            if answer.ndim < 2 or len(answer) != len(part):
                raise InputError(
                    f"model: expected an output (recordings, steps, classes) for {len(part)} recordings. "
                    f"Received shape {answer.shape}"
                )
            outputs.update(zip(part, (_probabilities(rows) for rows in answer) if logits else answer, strict=True))
    return [outputs[k] for k in range(len(arrays))]


def _window(anatomy: Anatomy | None) -> int | None:
    """The one length that the model takes and gives; None where the length is open or changes."""
    if anatomy is None or len(anatomy.input_shape) != 2 or len(anatomy.outputs) != 1:
        return None
    steps, shape = anatomy.input_shape[0], anatomy.outputs[0].shape
    return steps if steps is not None and len(shape) == 2 and shape[0] == steps else None


def takes_logits(anatomy: Anatomy | None) -> bool:
    """Whether the model ends linearly and its loss takes that for logits."""
    if anatomy is None or not anatomy.outputs or not anatomy.losses:
        return False
    return anatomy.outputs[0].activation == "linear" and anatomy.losses[0].from_logits is True


def _call(model: Any) -> Callable[[FloatArray], Any]:
    if hasattr(model, "predict"):
        return lambda batch: model.predict(batch, verbose=0, batch_size=len(batch))
    call: Callable[[FloatArray], Any] = model
    return call


def _single(answer: Any) -> FloatArray:
    """The only output, as an array of batch first."""
    if isinstance(answer, dict | list | tuple):
        parts = list(answer.values()) if isinstance(answer, dict) else list(answer)
        if len(parts) != 1:
            raise NotYetError(f"model: expected one output. Received {len(parts)}; several outputs are not there yet")
        answer = parts[0]
    return np.asarray(answer)


def _probabilities(logits: FloatArray) -> FloatArray:
    if logits.ndim == 2 and logits.shape[1] > 1:
        return softmax(logits)
    return 1 / (1 + np.exp(-logits))
