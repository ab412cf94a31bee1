"""Probabilities of whole recordings and images from anybody's model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from segmend import tiling
from segmend.anatomy.graph import output_names
from segmend.anatomy.torch_run import TorchCall, is_torch
from segmend.artifacts.anatomy import Anatomy
from segmend.core.tensors import as_numpy
from segmend.core.types import FloatArray
from segmend.core.words import first_line
from segmend.decoding.temperature import softmax
from segmend.errors import InputError, SegmendError
from segmend.prediction.classify import mean_of_tiles

BATCH = 32


def predict_whole(model: Any, x: Sequence[Any], anatomy: Anatomy | None = None) -> list[FloatArray]:
    """The model's output for each recording, as probabilities where the model says that it gives logits.

    Recordings of one size go through together, one pass each. Where the model takes one fixed size, recordings of
    another one go through in tiles that overlap by half: put together where the model answers for every step, averaged
    where it answers once. A Keras model predicts as it does in ``predict``; a callable gets
    ``(recordings, *spatial, channels)`` and returns ``(recordings, *spatial, classes)`` or ``(recordings, classes)``.

    Args:
        model: a Keras model, a ``torch.nn.Module`` with channels last, or a callable.
        x: one array per recording, (*spatial, channels) or whatever the model takes; read when its turn comes.
        anatomy: of the model; with a linear output and a loss that takes logits, softmax is applied (sigmoid for one
            column or a binary loss).

    Returns:
        One array per recording, (*output spatial, classes) or (classes,), in the order of ``x``.

    Raises:
        InputError: the output has not one entry per recording, the model fails, or it has several inputs or
            outputs.

    Examples:
        >>> [rows.shape for rows in predict_whole(lambda x: np.full((*x.shape[:2], 2), 0.5), [np.zeros((5, 1))])]
        [(5, 2)]
    """
    require_one_answer(model)
    recordings = [rows if hasattr(rows, "shape") else np.asarray(rows) for rows in x]
    call, probable = _call(model), _probable(anatomy)
    size = fixed_size(anatomy)
    if size is None or all(rows.shape[: len(size)] == size for rows in recordings):
        return _in_one_pass(call, recordings, probable)
    hops = tuple(max(1, length // 2) for length in size)
    if anatomy is not None and len(anatomy.outputs[0].shape) == 1:
        return mean_of_tiles(lambda tiles: probable(_single(call(tiles))), recordings, size, hops, batch=BATCH)
    return [probable(tiling.predict(lambda tiles: _single(call(tiles)), rows, size, hops)) for rows in recordings]


def takes_logits(anatomy: Anatomy | None) -> bool:
    """Whether the model ends linearly and its loss takes that for logits."""
    if anatomy is None or not anatomy.outputs or not anatomy.losses:
        return False
    return anatomy.outputs[0].activation == "linear" and anatomy.losses[0].from_logits is True


def _in_one_pass(
    call: Callable[[FloatArray], Any], recordings: Sequence[Any], probable: Callable[[FloatArray], FloatArray]
) -> list[FloatArray]:
    by_shape: dict[tuple[int, ...], list[int]] = {}
    for k, rows in enumerate(recordings):
        by_shape.setdefault(tuple(rows.shape), []).append(k)
    outputs: dict[int, FloatArray] = {}
    for members in by_shape.values():
        for first in range(0, len(members), BATCH):
            part = members[first : first + BATCH]
            answer = _single(call(np.stack([np.asarray(recordings[k]) for k in part])))
            if answer.ndim < 2 or len(answer) != len(part):
                raise InputError(
                    f"model: expected an output (recordings, steps, classes) for {len(part)} recordings. "
                    f"Received shape {answer.shape}"
                )
            outputs.update(zip(part, probable(answer), strict=True))
    return [outputs[k] for k in range(len(recordings))]


def fixed_size(anatomy: Anatomy | None) -> tuple[int, ...] | None:
    """The one size that the model takes, and gives or answers once for; None where it is open or changes."""
    if anatomy is None or len(anatomy.input_shape) < 2 or len(anatomy.outputs) != 1:
        return None
    spatial, shape = anatomy.input_shape[:-1], anatomy.outputs[0].shape
    size = tuple(length for length in spatial if length is not None)
    if len(size) < len(spatial) or (len(shape) > 1 and shape[:-1] != size):
        return None
    return size


def require_one_answer(model: Any) -> None:
    """Refuse a Keras model whose graph has several inputs or outputs.

    Raises:
        InputError: says how many, and how one of several outputs is judged.
    """
    if is_torch(model):
        return  # it has no graph, and whatever it calls inputs or outputs is its own affair
    inputs, outputs = (getattr(model, name, None) for name in ("inputs", "outputs"))
    if isinstance(inputs, list | tuple) and len(inputs) > 1:
        names = ", ".join(f'"{getattr(tensor, "name", number)}"' for number, tensor in enumerate(inputs))
        raise InputError(f"model: expected one input. Received {len(inputs)} ({names})")
    if isinstance(outputs, list | tuple) and len(outputs) > 1:
        raise _several_outputs([f'"{names[0]}"' for names in output_names(model)])


def _several_outputs(keys: Sequence[str]) -> InputError:
    return InputError(
        f"model: expected one output. Received {len(keys)} ({', '.join(keys)}); output={keys[0]} looks at one of them, "
        "with y (and sample weights) of that output, or of all by name"
    )


def _call(model: Any) -> Callable[[FloatArray], Any]:
    if is_torch(model):
        return TorchCall(model)

    def call(batch: FloatArray) -> Any:
        try:
            return model.predict(batch, verbose=0, batch_size=len(batch)) if hasattr(model, "predict") else model(batch)
        except SegmendError as error:
            raise type(error)(first_line(error, most=1000)) from error  # Keras tells it as an error in a layer
        except Exception as error:
            raise InputError(
                f"model: expected an answer for a batch of shape {batch.shape}. "
                f"Received {type(error).__name__}: {first_line(error)}"
            ) from error

    return call


def _single(answer: Any) -> FloatArray:
    """The only output, as an array of batch first."""
    if isinstance(answer, dict | list | tuple):
        parts = list(answer.values()) if isinstance(answer, dict) else list(answer)
        if len(parts) != 1:
            keys = [f'"{key}"' for key in answer] if isinstance(answer, dict) else [str(k) for k in range(len(parts))]
            raise _several_outputs(keys)
        answer = parts[0]
    return as_numpy(answer)


def _probable(anatomy: Anatomy | None) -> Callable[[FloatArray], FloatArray]:
    """What turns the model's output, of any shape with classes last, into probabilities."""
    if anatomy is None or not takes_logits(anatomy):
        return lambda output: output
    shape, binary = anatomy.outputs[0].shape, anatomy.losses[0].name.startswith("Binary")
    exclusive = not binary and len(shape) > 0 and shape[-1] != 1 and len(shape) in (1, len(anatomy.input_shape))
    if exclusive:
        return softmax
    from scipy.special import expit

    return expit
