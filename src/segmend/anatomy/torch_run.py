"""A PyTorch module run as it runs in prediction, and left as it was found."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from segmend.core.tensors import as_numpy
from segmend.core.types import FloatArray
from segmend.core.words import first_line
from segmend.decoding.temperature import sigmoid
from segmend.errors import InputError

ANSWERS = ("logits", "out", "output")
"""Where modules that answer with a dict hold what they answer."""


def is_torch(model: Any) -> bool:
    """Whether a model is a ``torch.nn.Module`` and no Keras model; PyTorch is not imported for it."""
    keras, torch = sys.modules.get("keras"), sys.modules.get("torch")
    if torch is None or not isinstance(model, torch.nn.Module):
        return False
    return keras is None or not isinstance(model, keras.Model)


@contextmanager
def at_rest(module: Any) -> Iterator[None]:
    """The module in evaluation mode; afterwards each of its parts is in the mode in which it was."""
    modes = [(part, part.training) for part in module.modules()]
    try:
        module.eval()
        yield
    finally:
        for part, mode in modes:
            part.training = mode


@dataclass(frozen=True, slots=True)
class TorchCall:
    """A module as a function of arrays with channels last.

    Attributes:
        module: called in evaluation mode, without gradients, on the device and in the precision of its parameters.
        first_in: the module takes channels before the spatial axes.
        first_out: its output has classes before the spatial axes.
        logit: its output is one logit, of which a sigmoid makes a probability.
    """

    module: Any
    first_in: bool = False
    first_out: bool = False
    logit: bool = False

    def taken(self, x: Sequence[Any]) -> list[FloatArray]:
        """Recordings as the module takes them, with channels last."""
        return [np.moveaxis(np.asarray(rows), 0, -1) if self.first_in else np.asarray(rows) for rows in x]

    def __call__(self, batch: FloatArray) -> FloatArray:
        """The answer to ``(recordings, *spatial, channels)``.

        Returns:
            ``(recordings, *output spatial, classes)`` or ``(recordings, classes)``; float32 or float64.

        Raises:
            InputError: the module cannot take the batch, or gives several tensors.
        """
        import torch

        with at_rest(self.module), torch.no_grad():
            given = np.moveaxis(batch, -1, 1) if self.first_in and batch.ndim > 2 else batch
            answer = as_numpy(answer_of(self.module, tensor_of(self.module, given)))
            if len(batch) == 1 and answer.shape[:1] != (1,):  # squeeze() takes the axis of a single recording too
                answer = as_numpy(answer_of(self.module, tensor_of(self.module, np.repeat(given, 2, axis=0))))[:1]
        if answer.ndim == 1:
            answer = answer[:, None]
        answer = np.moveaxis(answer, 1, -1) if self.first_out and answer.ndim > 2 else answer
        return sigmoid(answer) if self.logit else answer


def tensor_of(module: Any, batch: Any) -> Any:
    """A batch as the module's parameters are: their device and precision; whole numbers stay so for an Embedding.

    Raises:
        InputError: the module was never run, so that some of its layers have no size yet.
    """
    import torch

    if any(torch.nn.parameter.is_lazy(weight) for weight in module.parameters()):
        raise InputError("model: expected a module that was run once. Received lazy layers without sizes")
    weight = next((weight for weight in module.parameters() if weight.is_floating_point()), None)
    device, precision = (torch.device("cpu"), torch.float32) if weight is None else (weight.device, weight.dtype)
    rows = as_given(module, np.asarray(batch))
    if rows.dtype.kind in "biu":
        return torch.from_numpy(rows.astype(np.int64)).to(device)
    held = rows.astype(np.float64 if precision == torch.float64 else np.float32)
    return torch.from_numpy(np.ascontiguousarray(held)).to(device, precision)


def as_given(module: Any, batch: FloatArray) -> FloatArray:
    """A batch in the kind of numbers that the module takes: real ones, unless an Embedding reads whole ones."""
    import torch

    if batch.dtype.kind in "biu" and any(isinstance(part, torch.nn.Embedding) for part in module.modules()):
        return batch
    return batch if batch.dtype.kind == "f" else batch.astype(np.float32)


def differentiable(module: Any, batch: Any) -> tuple[Any, Any]:
    """A batch as a tensor that gradients reach, where it holds real numbers, and the module's answer to it."""
    tensor = tensor_of(module, batch)
    if tensor.is_floating_point():
        tensor.requires_grad_(True)
    return tensor, answer_of(module, tensor)


def aim_at(values: Any) -> Any:
    """A random combination of values, to be differentiated: the sum of a softmax is constant."""
    import torch

    direction = np.random.default_rng(1).normal(size=tuple(values.shape))
    return (values * torch.as_tensor(direction, dtype=values.dtype, device=values.device)).sum()


def answer_of(module: Any, tensor: Any) -> Any:
    """The one tensor that the module gives.

    Raises:
        InputError: the module raised, or gives several tensors, or none.
    """
    import torch

    try:
        answer = module(tensor)
    except Exception as error:
        raise InputError(
            f"model: expected a module that takes a batch of shape {tuple(tensor.shape)}, {tensor.dtype}. "
            f"Received {type(error).__name__}: {first_line(error)}"
        ) from error
    if isinstance(answer, dict):
        answer = next((answer[key] for key in ANSWERS if key in answer), tuple(answer.values()))
    if isinstance(answer, list | tuple) and len(answer) == 1:
        answer = answer[0]
    if not isinstance(answer, torch.Tensor):
        many = f"{len(answer)} parts" if isinstance(answer, list | tuple) else type(answer).__name__
        raise InputError(
            f"model: expected a module that gives one tensor. Received {many}; output=NUMBER (or the key of a "
            "dict) looks at one of them"
        )
    return answer
