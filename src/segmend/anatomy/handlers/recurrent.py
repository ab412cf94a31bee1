"""Recurrent layers, their wrappers and time-distributed layers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from segmend.anatomy.sight import Axis, Call, Sight, vanish
from segmend.core.receptive_field import Field, union

FORWARD = ("LSTM", "GRU", "SimpleRNN", "RNN")


def recurrent(call: Call) -> Sight:
    """All of the past; without ``return_sequences`` a summary of the recording.

    With ``go_backwards`` Keras returns the steps in reversed order, so a step sees all that lies beyond its mirror
    image: unbounded on both sides of its own place.
    """
    layer = call.operation
    return _recur(call, layer, lambda field: field.everything() if layer.go_backwards else field.forward_recurrent())


def bidirectional(call: Call) -> Sight | None:
    """Forward and backward together; None (probe it) around layers of an unknown kind."""
    layer = call.operation
    if any(type(part).__name__ not in FORWARD for part in (layer.forward_layer, layer.backward_layer)):
        return None
    return _recur(call, layer.forward_layer, lambda field: union([field.forward_recurrent(), field.backward()]))


def _recur(call: Call, layer: Any, see: Any) -> Sight:
    if not layer.return_sequences:
        return vanish(call.sight)

    def change(axis: Axis) -> Axis:
        field: Field = see(axis.field)
        return replace(axis, field=field) if axis.place == 1 else axis if axis.place is None else axis.gone()

    return tuple(change(axis) for axis in call.sight)


def time_distributed(call: Call) -> Sight | None:
    """A layer on each step by itself; None (probe it) where further axes lie inside the step."""
    return call.sight if all(axis.place in (1, None) for axis in call.sight) else None
