"""Layers that slide a window over the steps: convolutions, pooling, upsampling, padding, cropping."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from segmend.anatomy.sight import Axis, Call, ImpossibleLengthError, Sight
from segmend.core.padding import steps_after_conv


def spatial(call: Call) -> list[int]:
    """The tensor axes over which a layer slides, by its data format."""
    first = 2 if getattr(call.operation, "data_format", None) == "channels_first" else 1
    return list(range(first, first + call.rank - 2))


def per_axis(call: Call, change: Callable[[Axis, int], Axis]) -> Sight:
    """Apply ``change(axis, number of the layer's spatial axis)``; an axis that lies among the channels is mixed."""
    places = spatial(call)
    moved = []
    for axis in call.sight:
        if axis.place in places:
            moved.append(change(axis, places.index(axis.place)))
        else:
            moved.append(axis if axis.place is None else axis.gone())
    if any(axis.steps is not None and axis.steps < 1 for axis in moved):
        raise ImpossibleLengthError
    return tuple(moved)


def pair(value: Any, number: int) -> Any:
    """The entry of a per-axis setting that may be one value for all axes."""
    return value[number] if isinstance(value, tuple | list) else value


def conv(call: Call) -> Sight:
    """Convolution, plain, depthwise or separable."""
    layer = call.operation

    def change(axis: Axis, number: int) -> Axis:
        return _slide(
            axis,
            pair(layer.kernel_size, number),
            pair(layer.dilation_rate, number),
            pair(layer.strides, number),
            layer.padding,
        )

    return per_axis(call, change)


def padded_conv(call: Call) -> Sight:
    """The house's own convolutions: zeros at both ends of every axis, then a convolution."""
    left, right = call.operation.pads
    padded = per_axis(call, lambda axis, number: _resize(axis, left, right))
    return conv(replace(call, sights=[padded, *call.sights[1:]]))


def frames(call: Call) -> Sight:
    """The house's own spectrum: frames of some steps, each centred on a cell of ``hop`` steps."""
    layer = call.operation

    def change(axis: Axis, number: int) -> Axis:
        field = axis.field.pad((layer.frame - layer.hop) // 2).conv(layer.frame, stride=layer.hop, padding="valid")
        return replace(axis, field=field, steps=None if axis.steps is None else -(-axis.steps // layer.hop))

    return per_axis(call, change)


def pool(call: Call) -> Sight:
    """Max or average pooling."""
    layer = call.operation

    def change(axis: Axis, number: int) -> Axis:
        size = pair(layer.pool_size, number)
        stride = size if layer.strides is None else pair(layer.strides, number)
        return _slide(axis, size, 1, stride, layer.padding)

    return per_axis(call, change)


def _slide(axis: Axis, kernel: int, dilation: int, stride: int, padding: str) -> Axis:
    steps = axis.steps
    field = axis.field.conv(kernel, dilation=dilation, stride=stride, padding=padding, steps=steps)
    after = (
        steps if steps is None else steps_after_conv(steps, kernel, dilation=dilation, stride=stride, padding=padding)
    )
    return replace(axis, field=field, steps=after)


def transposed(call: Call) -> Sight | None:
    """Transposed convolution; None (probe it) where ``output_padding`` moves the taps."""
    layer = call.operation
    if layer.output_padding is not None:
        return None

    def change(axis: Axis, number: int) -> Axis:
        kernel, stride = pair(layer.kernel_size, number), pair(layer.strides, number)
        dilation = pair(layer.dilation_rate, number)
        field = axis.field.transposed(kernel, stride=stride, dilation=dilation, padding=layer.padding)
        extra = max(dilation * (kernel - 1) + 1 - stride, 0) if layer.padding == "valid" else 0
        return replace(axis, field=field, steps=None if axis.steps is None else axis.steps * stride + extra)

    return per_axis(call, change)


def upsample(call: Call) -> Sight | None:
    """Repetition of steps, or interpolation between neighbours; None (probe it) where it takes more of them."""
    layer = call.operation
    kind = getattr(layer, "interpolation", "nearest")
    if kind not in ("nearest", "bilinear", "bicubic"):
        return None

    def change(axis: Axis, number: int) -> Axis:
        times = pair(layer.size, number)
        field = axis.field.upsample(times) if kind == "nearest" else axis.field.gather(_between(times, kind))
        return replace(axis, field=field, steps=None if axis.steps is None else axis.steps * times)

    return per_axis(call, change)


def _between(times: int, kind: str) -> list[range]:
    """The steps between which each of ``times`` new steps lies, the centre of a step being in its middle."""
    more = {"bilinear": 0, "bicubic": 1}[kind]
    reads = []
    for phase in range(times):
        step, rest = divmod(2 * phase + 1 - times, 2 * times)
        reads.append(range(step - more, step + 2 + more) if rest else range(step, step + 1))
    return reads


def adapt(call: Call) -> Sight | None:
    """Pooling to a number of steps that is given; None (probe it) where the length is open."""
    layer = call.operation
    if any(axis.place is not None and call.tensors[0].shape[axis.place] is None for axis in call.sight):
        return None

    def change(axis: Axis, number: int) -> Axis:
        out, steps = pair(layer.output_size, number), axis.steps or 1
        common = math.gcd(out, steps)
        reads = [range(k * steps // out, -(-(k + 1) * steps // out)) for k in range(out // common)]
        return replace(axis, field=axis.field.gather(reads, steps // common), steps=out)

    return per_axis(call, change)


def zero_padding(call: Call) -> Sight:
    """Steps of zeros at the ends."""
    return per_axis(call, lambda axis, number: _resize(axis, *_ends(call.operation.padding, call.rank, number)))


def cropping(call: Call) -> Sight:
    """Steps cut at the ends."""
    ends = call.operation.cropping
    return per_axis(call, lambda axis, number: _resize(axis, *(-end for end in _ends(ends, call.rank, number))))


def _ends(setting: Any, rank: int, number: int) -> tuple[int, int]:
    return setting if rank == 3 else setting[number]


def _resize(axis: Axis, left: int, right: int) -> Axis:
    steps = None if axis.steps is None else axis.steps + left + right
    return replace(axis, field=axis.field.pad(left), steps=steps)
