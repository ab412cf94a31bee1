"""Follow masks, and the states of recurrent layers, through a Keras graph."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from segmend.anatomy import graph
from segmend.anatomy.edges import taken_step
from segmend.anatomy.handlers.recurrent import FORWARD
from segmend.artifacts.flow import Edge, Flow, LostMask, Unmasked

_STEPWISE = (
    "Dense EinsumDense Activation ReLU LeakyReLU PReLU ELU Identity Dropout SpatialDropout1D AlphaDropout "
    "GaussianDropout GaussianNoise BatchNormalization LayerNormalization UnitNormalization RMSNormalization Rescaling "
    "Normalization TimeDistributed Add Concatenate Multiply Average ActivityRegularization Masking Relu Gelu Silu Tanh "
    "Sigmoid Cast Hide"
)
"""What keeps a step's state a step's state."""

_ATTENTION = ("Attention", "AdditiveAttention", "MultiHeadAttention", "GroupQueryAttention")
_SUMS_UP = ("GlobalAveragePooling1D", "MeanOverSteps", "KernelShares", "Flatten", "GlobalMaxPooling1D")
_READS_MASKS = (*FORWARD, *_ATTENTION, "Bidirectional", "BatchNormalization", *_SUMS_UP[:3])


@dataclass(frozen=True, slots=True)
class _State:
    """What is known of one tensor: the mask it carries, the one that it lost, whose states its steps are."""

    mask: str | None = None
    lost: int | None = None
    recurrent: str | None = None
    both: bool = False


@dataclass(slots=True)
class _Walk:
    lost: list[LostMask] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    unmasked: list[Unmasked] = field(default_factory=list)

    def need(self, number: int | None, name: str) -> None:
        """Note that something would have used a mask that was lost."""
        if number is not None and name not in self.lost[number].needed_by:
            found = self.lost[number]
            self.lost[number] = found.model_copy(update={"needed_by": (*found.needed_by, name)})


def flow_of(functional: Any) -> Flow:
    """Lost masks, edges taken of recurrent outputs, and what mixes steps without a mask.

    Examples:
        >>> import keras
        >>> layers = [keras.Input((None, 2)), keras.layers.Masking(), keras.layers.LSTM(4)]
        >>> (edge,) = flow_of(keras.Sequential(layers)._functional).edges
        >>> edge.kind, edge.place, edge.masked
        ('forward', 'last', True)
    """
    walk = _Walk()
    states = _trace(functional, [_State()] * len(functional.inputs), walk)
    for tensor, state in zip(functional.outputs, states, strict=True):
        if len(tensor.shape) > 2:
            walk.need(state.lost, "the loss")
    return Flow(lost_masks=tuple(walk.lost), edges=tuple(walk.edges), unmasked=tuple(walk.unmasked))


def _trace(functional: Any, starts: Sequence[_State], walk: _Walk) -> list[_State]:
    known = {id(tensor): state for tensor, state in zip(functional.inputs, starts, strict=True)}
    for node in graph.nodes(functional):
        tensors = node.arguments.keras_tensors
        if not tensors or all(id(output) in known for output in node.outputs):
            continue
        states = [known.get(id(tensor), _State()) for tensor in tensors]
        inner = graph.graph_of(node.operation)
        if inner is not None:
            after = _trace(inner, states[: len(inner.inputs)], walk)
        else:
            after = [_after(node, tensors, states, walk)] * len(node.outputs)
        known |= {id(output): state for output, state in zip(node.outputs, after, strict=True)}
    return [known.get(id(tensor), _State()) for tensor in functional.outputs]


def _after(node: Any, tensors: Sequence[Any], states: Sequence[_State], walk: _Walk) -> _State:
    operation, kind = node.operation, type(node.operation).__name__
    mask = next((state.mask for state in states if state.mask), None)
    lost = next((state.lost for state in states if state.lost is not None), None)
    if kind in _READS_MASKS:
        walk.need(lost, operation.name)
    moves = len(tensors[0].shape) == 3
    if mask is None and moves and _mixes(operation, kind):
        walk.unmasked.append(Unmasked(name=operation.name, kind=kind))
    _note_edges(operation, kind, tensors, node.outputs, states, mask, walk)
    recurrent = _recurrent(operation, kind, states)
    if kind == "Masking" or (kind == "Embedding" and operation.mask_zero):
        return _State(mask=operation.name)
    if mask is None:
        return replace(recurrent, lost=lost)
    if getattr(operation, "supports_masking", False):
        keeps = len(node.outputs[0].shape) > 2
        return replace(recurrent, mask=mask if keeps else None)
    walk.lost.append(LostMask(made_by=mask, lost_in=operation.name, kind=kind, mixes=_mixes(operation, kind)))
    return replace(recurrent, lost=len(walk.lost) - 1)


def _mixes(operation: Any, kind: str) -> bool:
    """Whether the values of one step reach another one, or a sum of all."""
    if "Conv" in kind or "Pooling" in kind:
        size = getattr(operation, "kernel_size", None) or getattr(operation, "pool_size", None) or (2,)
        return max(size if isinstance(size, tuple | list) else (size,)) > 1
    return kind in (*FORWARD, *_ATTENTION, *_SUMS_UP, "Bidirectional", "BatchNormalization", "GroupNormalization")


def _recurrent(operation: Any, kind: str, states: Sequence[_State]) -> _State:
    """Whose states the output's steps are."""
    if kind == "Bidirectional" and operation.forward_layer.return_sequences:
        return _State(recurrent=operation.name, both=True)
    if kind in FORWARD and operation.return_sequences and not operation.go_backwards:
        return _State(recurrent=operation.name)
    if kind in _STEPWISE.split():
        return next((_State(recurrent=s.recurrent, both=s.both) for s in states if s.recurrent), _State())
    return _State()


def _note_edges(
    operation: Any,
    kind: str,
    tensors: Sequence[Any],
    outputs: Sequence[Any],
    states: Sequence[_State],
    mask: str | None,
    walk: _Walk,
) -> None:
    layer = operation.forward_layer if kind == "Bidirectional" else operation
    if kind in (*FORWARD, "Bidirectional") and not layer.return_sequences and not layer.go_backwards:
        way = "bidirectional" if kind == "Bidirectional" else "forward"
        edge = Edge(
            layer=operation.name, kind=way, place="last", by=operation.name, whole_state=True, masked=mask is not None
        )
        walk.edges.append(edge)
        return
    state = states[0]
    place = None if state.recurrent is None else taken_step(operation, tensors, outputs[0])
    if place is not None:
        way = "bidirectional" if state.both else "forward"
        whole = place == "last" and not state.both
        edge = Edge(
            layer=state.recurrent, kind=way, place=place, by=operation.name, whole_state=whole, masked=bool(mask)
        )
        walk.edges.append(edge)
