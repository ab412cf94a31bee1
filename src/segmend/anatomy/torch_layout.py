"""Where a PyTorch module has its channels, seen at the first layer that tells, and at what its output follows."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from segmend.anatomy.torch_layers import hookable, hooked
from segmend.anatomy.torch_run import answer_of, at_rest, tensor_of
from segmend.core.tensors import as_numpy
from segmend.core.types import FloatArray

MIXED = "the answer to one recording depends on the others of its batch"
CHANGING = "the answer to one recording changes from call to call, as where dropout stays on in evaluation mode"
_FIRST = ("Conv1d", "Conv2d", "ConvTranspose1d", "ConvTranspose2d", "BatchNorm1d", "BatchNorm2d")
_LAST = ("Linear", "LayerNorm", "RMSNorm", "Embedding")
_BATCHED = ("LSTM", "GRU", "RNN", "MultiheadAttention")


class Entry(NamedTuple):
    """How a module takes its input.

    Attributes:
        first: channels lie before the spatial axes; None where nothing tells.
        layer: name and class of the layer at which it was seen.
        mixes: the layer takes the axis of recordings for time.
    """

    first: bool | None
    layer: str = ""
    mixes: bool = False


def entry_of(module: Any, example: Any) -> Entry:
    """What the first layer that tells takes for channels.

    The module runs on random values; where they arrive unchanged, with their axes in whatever order, each axis is
    known. Where they were changed on the way, sizes tell.

    Args:
        module: any ``torch.nn.Module``.
        example: a batch as the module takes it.

    Examples:
        >>> import torch
        >>> entry_of(torch.nn.Conv1d(3, 4, 5), np.zeros((2, 3, 20)))
        Entry(first=True, layer='conv1d (Conv1d)', mixes=False)
    """
    given = np.asarray(example)
    if given.ndim < 3:
        return Entry(None)
    if given.dtype.kind == "f":
        given = np.random.default_rng(0).normal(size=given.shape)
    for name, part, taken in _arrivals(module, given):
        axis = _channel_axis(part, taken.ndim)
        if axis is None:
            continue
        first, mixes = _compared(given, taken, axis, part)
        return Entry(first, f"{name} ({type(part).__name__})", mixes)
    return Entry(None)


def _arrivals(module: Any, given: FloatArray) -> list[tuple[str, Any, FloatArray]]:
    """What each layer takes, in the order of the calls."""
    import torch

    seen: list[tuple[str, Any, FloatArray]] = []

    def note(name: str) -> Any:
        def hook(part: Any, args: Sequence[Any]) -> None:
            if args and isinstance(args[0], torch.Tensor) and len(seen) < 1 + len(layers):
                seen.append((name, part, as_numpy(args[0])))

        return hook

    layers = list(hookable(module))
    hooks = (part.register_forward_pre_hook(note(name)) for name, part in layers)
    with hooked(hooks), at_rest(module), torch.no_grad():
        answer_of(module, tensor_of(module, given))
    return seen


def _channel_axis(part: Any, rank: int) -> int | None:
    """The axis of channels of what a layer takes; None where it does not tell."""
    kind = type(part).__name__
    if kind in _FIRST and rank > 2:
        return 1
    return rank - 1 if rank > 2 and kind in (*_LAST, *_BATCHED) else None


def _compared(given: FloatArray, taken: FloatArray, axis: int, part: Any) -> tuple[bool | None, bool]:
    """Whether channels come first in what was given, and whether its recordings are taken for steps."""
    last = given.ndim - 1
    if taken.ndim == given.ndim:
        for order in itertools.permutations(range(given.ndim)):
            moved = given.transpose(order)
            if moved.shape == taken.shape and np.allclose(moved, taken, rtol=1e-3, atol=1e-3):
                steps_first = type(part).__name__ in _BATCHED and not part.batch_first
                return {1: True, last: False}.get(order[axis]), steps_first and order[0] == 0
    sizes = [given.shape[1] == taken.shape[axis], given.shape[last] == taken.shape[axis]]
    return (sizes[0] if sizes[0] != sizes[1] else None), False


def unsteady(run: Any, example: FloatArray) -> str | None:
    """Why an answer cannot be told from a recording alone: it differs from call to call, or with its batch; else None.

    Args:
        run: from a batch to its answers.
        example: a batch as it takes it; its values are not used.
    """
    rows = np.random.default_rng(2).normal(size=(3, *example.shape[1:])).astype(np.float32)
    one, again, other = (np.asarray(run(rows[[0, k]]), np.float64) for k in (1, 1, 2))
    if not np.allclose(one, again, rtol=1e-3, atol=1e-5, equal_nan=True):
        return CHANGING
    same = one.shape != other.shape or np.allclose(one[0], other[0], rtol=1e-3, atol=1e-5, equal_nan=True)
    return None if same else MIXED


def moving_axis(run: Any, example: FloatArray, *, tries: int = 5) -> int | None:
    """The output's axis that follows the first spatial axis of its input, 1 or 2; None where none does, or both do.

    Steps are disturbed one by one; along the axis that follows, the middle of what changes moves with them.

    Args:
        run: from (recordings, *spatial, channels) to an output of as many axes.
        example: such a batch; its values are not used.
        tries: steps along the first spatial axis that are disturbed.
    """
    rank, steps = example.ndim, example.shape[1]
    clean = np.random.default_rng(1).normal(size=(1, *example.shape[1:])).astype(np.float32)
    batch = np.repeat(clean, tries + 1, axis=0)
    batch[range(tries), [steps * (k + 1) // (tries + 1) for k in range(tries)]] += 1.0
    out = np.asarray(run(batch), np.float64)
    if out.ndim != rank or not np.isfinite(out).all():
        return None
    changed = np.abs(out[:-1] - out[-1])
    speeds = {axis: _speed(changed, axis) for axis in (1, 2)}
    best, other = sorted(speeds, key=speeds.__getitem__, reverse=True)
    return best if speeds[best] > 0.2 and speeds[best] > 2 * speeds[other] else None


def _speed(changed: FloatArray, axis: int) -> float:
    """By how much of its share of the axis the middle of the change moves at least from one try to the next."""
    profile = changed.sum(axis=tuple(k for k in range(1, changed.ndim) if k != axis))
    tries, size = profile.shape
    if size <= tries or (profile.sum(axis=1) <= 0).any():
        return 0.0
    centres = (profile @ np.arange(size)) / profile.sum(axis=1)
    return max(0.0, float(np.diff(centres).min()) / (size / (tries + 1)))
