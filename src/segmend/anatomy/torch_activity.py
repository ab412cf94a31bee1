"""Units behind a ReLU of a PyTorch module that stay silent, whatever the recordings hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from segmend.anatomy.torch_layers import hookable, hooked, kind_of
from segmend.anatomy.torch_run import answer_of, at_rest, tensor_of
from segmend.artifacts.anatomy import Anatomy
from segmend.core.tensors import as_numpy
from segmend.core.types import FloatArray

LEAST_ROWS = 64
"""Steps (pixels, recordings) below which a silent unit may be chance."""


def with_activity(anatomy: Anatomy, module: Any, batch: FloatArray) -> Anatomy:
    """The anatomy with ``units`` and ``silent`` of the layers whose output goes through a ReLU.

    ReLU is seen wherever it is called, as a layer or as a function.

    Args:
        anatomy: of the module.
        module: a ``torch.nn.Module``.
        batch: judged recordings as the module takes them.
    """
    import torch

    tops: dict[str, FloatArray] = {}
    last: list[tuple[str, Any]] = []
    with _calls(module, last), _relus(last, tops), at_rest(module), torch.no_grad():
        answer_of(module, tensor_of(module, batch))
    if not tops:
        return anatomy
    layers = tuple(
        layer.model_copy(update={"units": len(tops[layer.name]), "silent": int((tops[layer.name] <= 0).sum())})
        if layer.name in tops
        else layer
        for layer in anatomy.layers
    )
    return anatomy.model_copy(update={"layers": layers, "activity_on": len(batch)})


@contextmanager
def _calls(module: Any, last: list[tuple[str, Any]]) -> Iterator[None]:
    """Keep the layer with weights that was called last."""

    def note(name: str, part: Any) -> Any:
        def hook(*_: Any) -> None:
            last[:] = [(name, part)]

        return hook

    weighted = [(name, part) for name, part in hookable(module) if any(True for _ in part.parameters())]
    with hooked(part.register_forward_hook(note(name, part)) for name, part in weighted):
        yield


@contextmanager
def _relus(last: Sequence[tuple[str, Any]], tops: dict[str, FloatArray]) -> Iterator[None]:
    """Note the largest value of each channel behind every ReLU, under the name of the layer before it."""
    import torch
    from torch.overrides import TorchFunctionMode

    functional, tensor = torch.nn.functional, torch.Tensor
    relus = {functional.relu, functional.relu_, torch.relu, torch.relu_, tensor.relu, tensor.relu_, functional.relu6}

    class Watch(TorchFunctionMode):
        def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            out = func(*args, **(kwargs or {}))
            if func in relus and last and isinstance(out, torch.Tensor):
                _note(*last[0], as_numpy(out), tops)
            return out

    with Watch():
        yield


def _note(name: str, part: Any, out: FloatArray, tops: dict[str, FloatArray]) -> None:
    first = kind_of(part).startswith(("Conv", "BatchNorm", "GroupNorm")) and out.ndim > 2
    rows = np.moveaxis(out, 1, -1) if first else out
    rows = rows.reshape(-1, rows.shape[-1])
    if len(rows) < LEAST_ROWS:
        return
    top = rows.max(axis=0)
    tops[name] = np.maximum(tops[name], top) if name in tops and len(tops[name]) == len(top) else top
