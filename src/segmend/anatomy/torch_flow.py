"""Which step of a PyTorch recurrent layer's output stands for the whole recording, told by gradients."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from segmend.anatomy.torch_layers import RECURRENT, hookable, hooked, kind_of
from segmend.anatomy.torch_run import aim_at, at_rest, differentiable
from segmend.artifacts.flow import Edge, Flow, Unmasked
from segmend.core.tensors import as_numpy
from segmend.core.types import FloatArray
from segmend.errors import SegmendError

MIXES = ("Bidirectional", "BatchNormalization", "GroupNormalization", "MultiHeadAttention", "GlobalAveragePooling1D")
"""Layers that carry padding to all other steps, as rules name them."""


def flow_of(module: Any, example: Any) -> Flow | None:
    """Edges taken of recurrent outputs, and what mixes steps without leaving padding out.

    The module answers for one random recording. Where the answer's gradient reaches a single step of a recurrent
    layer's output, that step stands for the recording; where it reaches the final states only, the layer itself sums
    up. Packed sequences, and attention with a key_padding_mask, leave padding out.

    Args:
        module: any ``torch.nn.Module``.
        example: a batch of signals as the module takes it.

    Returns:
        None where no gradient can be taken.

    Examples:
        >>> import torch
        >>> class Last(torch.nn.Module):
        ...     def __init__(self):
        ...         super().__init__()
        ...         self.lstm = torch.nn.LSTM(2, 4, batch_first=True, bidirectional=True)
        ...
        ...     def forward(self, x):
        ...         return self.lstm(x)[0][:, -1]
        >>> (edge,) = flow_of(Last(), np.zeros((1, 9, 2))).edges
        >>> edge.layer, edge.kind, edge.place, edge.whole_state
        ('lstm', 'bidirectional', 'last', False)
    """
    given = np.asarray(example)[:1]
    if given.dtype.kind == "f":
        given = np.random.default_rng(0).normal(size=given.shape)
    walk = _Walk(module)
    try:
        walk.run(given)
    except (SegmendError, RuntimeError):
        return None
    return Flow(edges=tuple(walk.edges()), unmasked=tuple(walk.unmasked))


class _Walk:
    """One run of a module, with what its recurrent layers gave."""

    def __init__(self, module: Any) -> None:
        self.module = module
        self.unmasked: list[Unmasked] = []
        self.given: list[tuple[str, Any, Any, list[Any], bool]] = []
        self.gradients: list[Any] = []

    def run(self, given: FloatArray) -> None:
        """Run the module and take the gradients of a random direction of its answer."""
        import torch

        hooks = (part.register_forward_hook(self._note(name), with_kwargs=True) for name, part in hookable(self.module))
        # cuDNN differentiates recurrent layers in training mode only.
        with hooked(hooks), at_rest(self.module), torch.enable_grad(), torch.backends.cudnn.flags(enabled=False):
            _, answer = differentiable(self.module, given)
            wanted = [each for *_, tensors, _ in self.given for each in tensors]
            if wanted:
                self.gradients = list(torch.autograd.grad(aim_at(answer), wanted, allow_unused=True))

    def _note(self, name: str) -> Any:
        import torch

        def hook(part: Any, args: Any, kwargs: Any, out: Any) -> None:
            kind, packed = kind_of(part), bool(args) and isinstance(args[0], torch.nn.utils.rnn.PackedSequence)
            masked = packed or kwargs.get("key_padding_mask") is not None
            moves = packed or (bool(args) and getattr(args[0], "ndim", 0) == 3)
            if kind in MIXES and moves and not masked:
                self.unmasked.append(Unmasked(name=name, kind=kind))
            if type(part).__name__ in RECURRENT and moves and all(name != each[0] for each in self.given):
                states = out[1] if isinstance(out[1], tuple) else (out[1],)
                self.given.append((name, part, out[0], [out[0].data if packed else out[0], *states], packed))

        return hook

    def edges(self) -> list[Edge]:
        """The edges, in the order of the calls."""
        found, at = [], 0
        for name, part, _, tensors, packed in self.given:
            steps, *states = self.gradients[at : at + len(tensors)]
            at += len(tensors)
            axis = 0 if packed or not part.batch_first else 1
            place = _place(steps, axis)
            ended = any(state is not None and bool(state.abs().sum() > 0) for state in states)
            by_state = place is None and not _reached(steps) and ended
            if place is None and not by_state:
                continue
            found.append(
                Edge(
                    layer=name,
                    kind="bidirectional" if part.bidirectional else "forward",
                    place=place or "last",
                    by=name if by_state else _slice(place, axis),
                    whole_state=by_state or (place == "last" and not part.bidirectional),
                    masked=packed,
                )
            )
        return found


def _reached(gradient: Any) -> bool:
    return gradient is not None and bool(gradient.abs().sum() > 0)


def _place(gradient: Any, axis: int) -> Literal["first", "last"] | None:
    """The only step that a gradient reaches, if it is the first or the last."""
    if not _reached(gradient):
        return None
    profile = np.moveaxis(np.abs(as_numpy(gradient)), axis, 0)
    touched = np.flatnonzero(profile.reshape(len(profile), -1).sum(axis=1))
    if len(profile) < 2 or len(touched) != 1 or touched[0] not in (0, len(profile) - 1):
        return None
    return "first" if touched[0] == 0 else "last"


def _slice(place: str | None, axis: int) -> str:
    number = 0 if place == "first" else -1
    return f"[{number}]" if axis == 0 else f"[:, {number}]"
