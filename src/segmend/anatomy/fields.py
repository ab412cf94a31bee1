"""The receptive field of every output of a Keras model: by its graph, else by probing the whole model."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import keras

from segmend.anatomy import graph
from segmend.anatomy.probing import DISTURBANCES, POSITIONS, noticed, probed, surrounded
from segmend.anatomy.running import at_rest
from segmend.anatomy.sight import Axis, ImpossibleLengthError, Sight, UnknownError, constant
from segmend.anatomy.trace import PROBED_VALUES, trace
from segmend.artifacts.anatomy import ReceptiveField
from segmend.core.receptive_field import Field, union

LENGTHS = (128, 500, 1000, 1024, 4096)
"""Input lengths for which the output length is told, where the model leaves it open."""

MOST_RESIDUES = 32
PROBE_LENGTHS = (256, 1024, 4096)
"""Lengths at which a whole model is probed; what still reaches both ends of the last one counts as unbounded."""

CHUNK = 2**19
"""Input values that go through a probed model at once."""


@dataclass(frozen=True, slots=True)
class Sighted:
    """What is known of one output.

    Attributes:
        sight: per spatial axis of the input; empty where unknown.
        steps_for: input length to output length.
        unknown: why nothing is known.
        name: key or number of the output, where it was found by running the model and is one of several.
        shape: without the batch axis, None where it varies; empty where it was not found by running the model.
    """

    sight: Sight = ()
    steps_for: dict[int, int] = field(default_factory=dict)
    unknown: str | None = None
    name: str | None = None
    shape: tuple[int | None, ...] = ()

    @property
    def fields(self) -> tuple[ReceptiveField, ...]:
        """The receptive fields as the artifact holds them."""
        return tuple(artifact(axis.field) for axis in self.sight)


def artifact(seen: Field) -> ReceptiveField:
    """A field as an artifact."""
    return ReceptiveField(
        left=seen.left, right=seen.right, smallest=seen.smallest, size=seen.size, stride=float(seen.stride)
    )


def sight_outputs(model: Any, shape: Sequence[int | None] | None) -> list[Sighted]:
    """What each output of a model sees.

    Args:
        model: any Keras model.
        shape: of its input without the batch axis, where the model itself does not know.
    """
    functional = graph.graph_of(model)
    if functional is None:
        return _by_probe(model, shape, "the model has a call of its own")
    try:
        return _by_graph(functional)
    except UnknownError as error:
        shapes = [tuple(tensor.shape[1:]) for tensor in functional.inputs]
        return _by_probe(model, shapes[0] if len(shapes) == 1 else None, str(error))


def _by_graph(functional: Any) -> list[Sighted]:
    found = []
    for steps in _lengths(functional):
        try:
            found.append(trace(functional, start(functional, steps)))
        except ImpossibleLengthError:
            continue
        if not _depends_on_length(functional):
            break
    if not found:
        raise UnknownError("no input length fits the graph: merged tensors differ in length")
    steps_for = _steps_for(functional)
    return [
        Sighted(tuple(_united(axes) for axes in zip(*sights, strict=True)), steps)
        for sights, steps in zip(zip(*found, strict=True), steps_for, strict=True)
    ]


def start(functional: Any, steps: int | None) -> list[Sight]:
    """What the inputs see: themselves, if they have the rank of the main one, else nothing that moves."""
    main = max((len(tensor.shape) for tensor in functional.inputs), default=0)
    places = _spatial(functional, main)
    return [
        tuple(Axis(Field(), place, tensor.shape[place] or steps) for place in places)
        if len(tensor.shape) == main
        else constant(len(places))
        for tensor in functional.inputs
    ]


def _spatial(functional: Any, rank: int) -> range:
    """The axes of the input that are no channels."""
    formats = {getattr(layer, "data_format", None) for layer in graph.flat_layers(functional)}
    if rank == 2:
        return range(1, 2)
    return range(2, rank) if "channels_first" in formats else range(1, rank - 1)


def _lengths(functional: Any) -> Iterator[int | None]:
    """Lengths to try for open axes: all remainders by the product of the strides, or open where these are many."""
    total = math.prod(stride for stride, _ in _strides(functional))
    if total > MOST_RESIDUES and _depends_on_length(functional):
        yield None
        return
    base = total * max(1, math.ceil(256 / total))
    yield from itertools.islice(itertools.count(base), min(total, 4 * MOST_RESIDUES))


def _depends_on_length(functional: Any) -> bool:
    """Whether a padding depends on the length: "same" with a stride, on an axis that is left open."""
    is_open = any(size is None for tensor in functional.inputs for size in tensor.shape[1:])
    return is_open and any(padding == "same" for _, padding in _strides(functional))


def _strides(functional: Any) -> list[tuple[int, str]]:
    """Stride and padding of the layers that shorten the axis."""
    found = []
    for layer in graph.flat_layers(functional):
        given = getattr(layer, "strides", None) or getattr(layer, "pool_size", None) or 1
        stride = int(max(given) if isinstance(given, tuple | list) else given)
        if stride > 1 and "Transpose" not in type(layer).__name__:
            found.append((stride, str(getattr(layer, "padding", "valid"))))
    return found


def _united(axes: Sequence[Axis]) -> Axis:
    return replace(axes[0], field=union([axis.field for axis in axes]))


def _steps_for(functional: Any) -> list[dict[int, int]]:
    """For each output the lengths that come out of some that go in."""
    first = next((axis for axis in start(functional, None)[0]), None)
    lengths = LENGTHS if first is None or first.steps is None else (first.steps,)
    found: list[dict[int, int]] = [{} for _ in functional.outputs]
    for steps in lengths:
        try:
            sights = trace(functional, start(functional, steps))
        except (ImpossibleLengthError, UnknownError):
            continue
        for known, sight, tensor in zip(found, sights, functional.outputs, strict=True):
            if sight and sight[0].place is not None and sight[0].steps is not None:
                known[steps] = sight[0].steps
            elif sight and sight[0].place is None and len(tensor.shape) > 2 and tensor.shape[1] is not None:
                known[steps] = tensor.shape[1]
    return found


def _by_probe(model: Any, shape: Sequence[int | None] | None, because: str) -> list[Sighted]:
    """Probe a whole model as one operation."""
    if shape is None or not shape:
        outputs = max(len(getattr(model, "outputs", None) or ()), 1)
        return [Sighted(unknown=f"{because}, and its input shape is not known")] * outputs
    first = shape[0]
    is_open = first is None or first > PROBE_LENGTHS[-1]
    lengths: Sequence[int] = PROBE_LENGTHS if first is None or is_open else (first,)
    try:
        for number in itertools.count():
            found = _probe_at(model, (lengths[number], *shape[1:]))
            bounded = all(axis.field.size is not None for item in found for axis in item.sight)
            if bounded or number + 1 == len(lengths):
                return [replace(item, shape=_opened(item, is_open)) for item in found]
    except UnknownError as error:
        because = f"{because}; probing failed: {error}"
    except Exception as error:  # noqa: BLE001 - a stranger's model may raise anything
        because = f"{because}; running it on a random input failed ({type(error).__name__})"
    return [Sighted(unknown=because)]


def _opened(item: Sighted, is_open: bool) -> tuple[int | None, ...]:
    """The output's shape; axes whose length follows an open one of the input are open."""
    places = {axis.place for axis in item.sight} if is_open else set()
    return tuple(None if place in places else size for place, size in enumerate(item.shape, 1))


def _probe_at(model: Any, shape: Sequence[int | None]) -> list[Sighted]:
    if None in shape:
        raise UnknownError("more than one input axis is open")
    sizes = [int(size or 0) for size in shape]
    spatial = range(1, max(2, len(sizes)))
    if math.prod(sizes) * len(DISTURBANCES) * POSITIONS > PROBED_VALUES:
        raise UnknownError(f"an input of shape {tuple(sizes)} is too large to be probed")
    by_axis = [_answers(model, sizes, place) for place in spatial]
    names = [name for name, _, _ in by_axis[0]]
    found = []
    for number, name in enumerate(names):
        outs = [(answers[number][1], answers[number][2]) for answers in by_axis]
        axes = tuple(
            probed(Axis(Field(), place, sizes[place - 1]), noticed(first, out, place))
            for place, (first, out) in zip(spatial, outs, strict=True)
        )
        steps = {sizes[0]: axes[0].steps} if axes[0].place and axes[0].steps else {}
        found.append(Sighted(axes, steps, name=name if len(names) > 1 else None, shape=outs[0][1].shape[1:]))
    return found


def _answers(model: Any, sizes: Sequence[int], place: int) -> list[tuple[str, int, Any]]:
    """Name, first disturbed step, and values of each output for input that was disturbed along one axis."""
    first, batch = surrounded(sizes, place)
    rows = max(1, CHUNK // max(1, math.prod(sizes)))
    parts = [model(batch[k : k + rows], **at_rest(model)) for k in range(0, len(batch), rows)]
    names = sorted(map(str, parts[0])) if isinstance(parts[0], dict) else None
    outs = zip(*(keras.tree.flatten(part) for part in parts), strict=True)
    values = [keras.ops.convert_to_numpy(keras.ops.concatenate(part)) for part in outs]
    if names is None or len(names) != len(values):
        names = [str(number) for number in range(len(values))]
    return [(name, first, value) for name, value in zip(names, values, strict=True)]
