"""What one tensor of a graph sees of the model's input, axis by axis."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from segmend.core.receptive_field import NOTHING, Field, union


class UnknownError(Exception):
    """The receptive field cannot be told; the text says why."""


class ImpossibleLengthError(Exception):
    """The graph cannot take an input of this length."""


@dataclass(frozen=True, slots=True)
class Axis:
    """How a tensor sees one spatial axis of the input.

    Attributes:
        field: which input steps its steps see.
        place: the tensor's axis that runs along the input axis (batch is 0); None where it has none any more.
        steps: length of that axis, None where it is left open.
    """

    field: Field
    place: int | None
    steps: int | None

    def gone(self) -> Axis:
        """The axis reduced to one value that has seen all of it; one that is gone stays what it is."""
        if self.place is None:
            return self
        return Axis(self.field.summary() if self.field.seen != (NOTHING,) else self.field, None, None)

    def mixed(self) -> Axis:
        """The axis kept, each step having seen all of it."""
        return replace(self, field=self.field.everything())


Sight = tuple[Axis, ...]
"""One entry per spatial axis of the model's input."""


@dataclass(frozen=True, slots=True)
class Call:
    """One node of a graph: an operation on tensors whose sights are known.

    Attributes:
        operation: Keras layer or operation.
        tensors: its symbolic inputs.
        sights: what they see.
        outputs: its symbolic outputs.
        fill: from concrete tensors in place of ``tensors`` to the operation's positional and keyword arguments.
    """

    operation: Any
    tensors: Sequence[Any]
    sights: Sequence[Sight]
    outputs: Sequence[Any]
    fill: Callable[[Sequence[Any]], tuple[tuple[Any, ...], dict[str, Any]]]

    @property
    def sight(self) -> Sight:
        """What the first input sees."""
        return self.sights[0]

    @property
    def rank(self) -> int:
        """Number of axes of the first input, batch included."""
        return len(self.tensors[0].shape)

    def argument(self, name: str, position: int, default: Any = None) -> Any:
        """An argument that is no attribute of the operation, as the node recorded it."""
        args, kwargs = self.fill(self.tensors)
        return kwargs.get(name, args[position] if position < len(args) else default)


def constant(axes: int) -> Sight:
    """The sight of a tensor that does not depend on the axes."""
    return (Axis(Field(0, (NOTHING,)), None, None),) * axes


def keep(call: Call) -> Sight:
    """Step by step, one step at a time."""
    return call.sight


def mix(sight: Sight, places: Iterable[int]) -> Sight:
    """All steps of the tensor axes ``places`` mixed, the axes kept."""
    mixed = set(places)
    return tuple(axis.mixed() if axis.place in mixed else axis for axis in sight)


def vanish(sight: Sight, places: Iterable[int] | None = None) -> Sight:
    """The tensor axes ``places`` (default all) reduced to one value each, the numbering of the others kept."""
    mixed = None if places is None else set(places)
    return tuple(
        axis.gone() if axis.place is not None and (mixed is None or axis.place in mixed) else axis for axis in sight
    )


def meet(sights: Sequence[Sight]) -> Sight:
    """The sight of tensors that are added, multiplied or concatenated over channels.

    Raises:
        ImpossibleLengthError: their lengths differ.
        UnknownError: their steps do not correspond.
    """
    return tuple(_meet(axes) for axes in zip(*sights, strict=True))


def _meet(axes: Sequence[Axis]) -> Axis:
    placed = [axis for axis in axes if axis.place is not None]
    steps = {axis.steps for axis in placed if axis.steps != 1}
    if len(steps) > 1:
        raise ImpossibleLengthError
    if len({axis.place for axis in placed}) > 1:
        raise UnknownError("tensors whose time axes lie in different places are merged")
    strides = {axis.field.stride for axis in placed if axis.field.advance}
    if len(strides) > 1:
        raise UnknownError(f"tensors of different strides are merged ({sorted(strides)} input steps per step)")
    longest = next((axis for axis in placed if axis.steps != 1), placed[0] if placed else axes[0])
    # One step beside many is the same for all of them, so that it lies at no distance from them.
    fixed = [axis.field.advance and axis.steps == 1 != longest.steps and axis.place is not None for axis in axes]
    fields = [axis.gone().field if same else axis.field for axis, same in zip(axes, fixed, strict=True)]
    return replace(longest, field=union(fields))
