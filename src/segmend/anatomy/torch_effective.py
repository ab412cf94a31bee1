"""The effective receptive field of a PyTorch module: where the gradient of a central output step lies."""

from __future__ import annotations

from typing import Any

import numpy as np

from segmend.anatomy.profile import DRAWS, length_for, shares_along
from segmend.anatomy.torch_run import TorchCall, aim_at, at_rest, differentiable
from segmend.artifacts.anatomy import OutputFacts
from segmend.core.tensors import as_numpy
from segmend.core.types import FloatArray
from segmend.errors import SegmendError


def with_effective(call: TorchCall, house: FloatArray, output: OutputFacts) -> OutputFacts:
    """The output with the numbers of input steps that carry shares of the gradient of a central output step.

    Args:
        call: the module.
        house: a batch with channels last.
        output: with its fields.
    """
    if not output.fields or house.dtype.kind != "f":
        return output
    length = length_for([output])
    wanted = (length, house.shape[-1]) if house.ndim == 3 else house.shape[1:]
    gradient = None
    for shape in dict.fromkeys((wanted, house.shape[1:])):
        try:
            gradient = _gradient(call, shape)
        except (SegmendError, RuntimeError):
            continue
        break
    if gradient is None:
        return output
    shares = shares_along(gradient, len(output.fields))
    fields = (field.model_copy(update={"effective": each}) for field, each in zip(output.fields, shares, strict=True))
    return output.model_copy(update={"fields": tuple(fields)})


def _gradient(call: TorchCall, shape: tuple[int, ...]) -> Any:
    """Absolute gradient of a random combination of the central output step's channels, over several random inputs."""
    import torch

    batch = np.random.default_rng(0).normal(size=(DRAWS, *shape)).astype(np.float32)
    given = np.moveaxis(batch, -1, 1) if call.first_in else batch
    # cuDNN differentiates recurrent layers in training mode only.
    with at_rest(call.module), torch.enable_grad(), torch.backends.cudnn.flags(enabled=False):
        tensor, out = differentiable(call.module, given)
        out = out.movedim(1, -1) if call.first_out and out.ndim > 2 else out
        middle = tuple(size // 2 for size in out.shape[1:-1])
        (gradient,) = torch.autograd.grad(aim_at(out[(slice(None), *middle)]), tensor, allow_unused=True)
    if gradient is None:
        return None
    found = np.abs(as_numpy(gradient)).astype(np.float64)
    return (np.moveaxis(found, 1, -1) if call.first_in else found).sum(axis=0)
