"""All that can be told of a PyTorch module without training it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from segmend.anatomy.torch_effective import with_effective
from segmend.anatomy.torch_ending import activations, measured
from segmend.anatomy.torch_flow import flow_of
from segmend.anatomy.torch_layers import RECURRENT, layer_facts, leaves
from segmend.anatomy.torch_layout import entry_of, moving_axis, unsteady
from segmend.anatomy.torch_run import TorchCall, as_given, is_torch
from segmend.anatomy.whole_probe import Probed, probe
from segmend.artifacts.anatomy import Anatomy, OutputFacts
from segmend.core.tensors import as_numpy
from segmend.core.types import FloatArray
from segmend.errors import InputError, SegmendError

LENGTHS = (256, 1024, 4096)
"""Steps of the signals on which a module is probed; what still reaches both ends of the last counts as unbounded."""

LARGE = 10.0
"""Size of values that drive an output without an activation out of 0 to 1."""

SIDE = 48
"""Pixels of a side of the images on which it is probed."""

UNBOUNDED = (*RECURRENT, "MultiheadAttention", "TransformerEncoderLayer")
"""Where one of these is inside, what reaches both ends of the shortest signal is not tried on longer ones."""


def of_torch(
    module: Any,
    example: Any,
    *,
    channels_first: bool | None = None,
    classes_first: bool | None = None,
    effective: bool = False,
) -> Anatomy:
    """The anatomy of a PyTorch module. It runs in evaluation mode, and is left in the modes in which it was.

    Layers are told in Keras' words, shapes with channels last. The receptive field is found by disturbing steps of
    random recordings. What a module was trained with (loss, optimizer, metrics) cannot be seen.

    Args:
        module: any ``torch.nn.Module`` of one input and one output.
        example: a batch as the module takes it, an array or a tensor of two recordings or so.
        channels_first: the module takes ``(recordings, channels, *spatial)``; None to see at its first layers.
        classes_first: likewise for the output; None to see which axis follows the input's steps.
        effective: measure the effective receptive field too, which takes a few gradients.

    Raises:
        InputError: this is no module, it cannot take the example, or gives several tensors.

    Example:
        >>> import torch
        >>> module = torch.nn.Sequential(torch.nn.Conv1d(2, 4, 5, padding=2), torch.nn.Softmax(dim=1))
        >>> anatomy = of_torch(module, np.zeros((2, 2, 100), "float32"))
        >>> output = anatomy.outputs[0]
        >>> output.activation, output.fields[0].left, output.fields[0].right, anatomy.layers[0].kind
        ('softmax', -2, 2, 'Conv1D')
    """
    if not is_torch(module):
        raise InputError(f"model: expected a torch.nn.Module. Received {type(module).__name__}")
    given = as_given(module, as_numpy(example))
    if given.ndim < 2 or not given.size:
        raise InputError(f"example: expected a batch of recordings. Received shape {given.shape}")
    call = call_of(module, given, channels_first, classes_first)
    house = np.moveaxis(given, 1, -1) if call.first_in and given.ndim > 2 else given
    answer = call(house)
    found = _fields(call, house)
    tail = activations(module, given)
    output = OutputFacts(
        name="output",
        shape=(*(None for _ in answer.shape[1:-1]), answer.shape[-1]),
        activation=tail[-1] if tail else _looks(call, house),
        activations=tail,
        fields=found.fields,
        steps_for=found.steps_for,
        unknown=found.unknown,
    )
    weights = list(module.parameters())
    return Anatomy(
        framework="torch",
        name=type(module).__name__,
        input_shape=(*(None for _ in house.shape[1:-1]), house.shape[-1]),
        outputs=(with_effective(call, house, output) if effective else output,),
        layers=tuple(layer_facts(name, part) for name, part in leaves(module)),
        parameters=sum(weight.numel() for weight in weights),
        trainable_parameters=sum(weight.numel() for weight in weights if weight.requires_grad),
        flow=flow_of(module, given) if given.ndim <= 3 else None,
    )


def call_of(
    module: Any, example: FloatArray, channels_first: bool | None = None, classes_first: bool | None = None
) -> TorchCall:
    """The module as a function of arrays with channels last, as far as it shows where it has them.

    Args:
        module: any ``torch.nn.Module``.
        example: a batch as the module takes it.
        channels_first: as for ``of_torch``.
        classes_first: as for ``of_torch``.
    """
    first_in = bool(entry_of(module, example).first) if channels_first is None else channels_first
    call = TorchCall(module, first_in)
    if classes_first is None:
        classes_first = places_classes_first(call, np.moveaxis(example, 1, -1) if first_in else example) is True
    return TorchCall(module, first_in, classes_first)


def places_classes_first(call: TorchCall, house: FloatArray) -> bool | None:
    """Whether the output's last axis follows the steps of the input; None where that cannot be seen.

    Args:
        call: whose output is as the module gives it.
        house: a batch with channels last.
    """
    if house.ndim < 3 or house.dtype.kind != "f":
        return None
    for steps in dict.fromkeys((max(house.shape[1], 64), house.shape[1])):
        try:
            axis = moving_axis(call, np.zeros((1, steps, *house.shape[2:]), np.float32))
        except SegmendError:
            continue
        return None if axis is None else axis > 1
    return None


def _looks(call: TorchCall, house: FloatArray) -> str | None:
    """The activation that the output's values show, on random recordings of large values; None where they are NaN."""
    rows = house
    if house.dtype.kind == "f":
        rows = LARGE * np.random.default_rng(3).normal(size=(4, *house.shape[1:]))
    answer = call(rows)
    return measured(answer) if np.isfinite(answer).all() else None


def _fields(call: TorchCall, house: FloatArray) -> Probed:
    """The fields, on random recordings of the first size that the module takes."""
    if house.dtype.kind != "f":
        return Probed(unknown="the module takes whole numbers, which cannot be disturbed")
    if house.ndim < 3:
        return _fields_of_rows(call, house)
    why = unsteady(call, house)
    if why is not None:
        return Probed(unknown=why)
    recurrent = any(type(part).__name__ in UNBOUNDED for part in call.module.modules())
    found: Probed | None = None
    for shape in _sizes(house.shape[1:]):
        clean = np.random.default_rng(0).uniform(0.5, 1.5, size=shape).astype(np.float32)
        seen = probe(call, clean)
        if seen.unknown is None or found is None:
            found = seen
        if seen.unknown is None and (recurrent or not seen.unbounded):
            break
    assert found is not None
    return found


def _fields_of_rows(call: TorchCall, house: FloatArray) -> Probed:
    """The field of recordings without an axis of channels, which can be told where the output has steps."""
    if house.ndim < 2 or call(house).ndim < 3:
        return Probed(unknown="recordings have no axis of steps")
    return probe(lambda rows: call(rows[..., 0]), np.random.default_rng(0).uniform(0.5, 1.5, (house.shape[1], 1)))


def _sizes(shape: Sequence[int]) -> list[tuple[int, ...]]:
    """Sizes to probe on; the example's own is one that the module takes for sure."""
    own = tuple(shape)
    if len(shape) > 2:
        small = (*(min(SIDE, side) for side in shape[:-1]), shape[-1])
        return list(dict.fromkeys((small, own) if own[0] * own[1] <= 4 * SIDE**2 else (small,)))
    return [(LENGTHS[0], shape[-1]), own, *((steps, shape[-1]) for steps in LENGTHS[1:] if steps > own[0])]
