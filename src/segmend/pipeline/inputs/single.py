"""A model of several inputs or outputs, and what is given for it, brought to one input and one output."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from segmend.artifacts.history import History
from segmend.errors import InputError
from segmend.pipeline.inputs.batches import batches_of, in_batches, length_of
from segmend.prediction.one_input import Inputs, one_input
from segmend.prediction.one_output import Output, one_output


@dataclass(frozen=True, slots=True)
class Given:
    """A model and data as ``diagnose`` and ``mend`` are given them."""

    model: Any
    x: Any
    y: Any
    sample_weight: Any
    validation_data: Any


@dataclass(frozen=True, slots=True)
class Single:
    """What cuts data down: the inputs where there are several, and the output where one was chosen."""

    inputs: Inputs | None
    output: Output | None

    def part(self, x: Any, y: Any, weight: Any = None) -> tuple[Any, Any, Any]:
        """Signals of one input, labels and weights of one output; batches where there are no labels beside them."""
        if x is None:
            return x, y, weight
        if in_batches(x, y) and not (self.inputs and isinstance(x, Mapping)):
            return _Batches(x, self), None, None
        packed = x if self.inputs is None else self.inputs.packed(x)
        if self.output is None:
            return packed, y, weight
        return packed, _own(self.output, y, packed, "y"), _own(self.output, weight, packed, "sample_weight")


def as_single(given: Given, output: str | int | None) -> tuple[Given, Output | None]:
    """A model of one input and one output, with the signals, labels and weights that belong to it.

    Args:
        given: signals for several inputs may be a dict by input or a list in their order; labels and weights a dict by
            output, a list in their order, or of the chosen output alone.
        output: as ``diagnose`` takes it; None leaves outputs as they are.

    Raises:
        InputError: the model has no such output, or an input or the output is given nothing.
        NotYetError: the inputs do not share their steps.
    """
    model, which = (given.model, None) if output is None else one_output(given.model, output)
    model, inputs = one_input(model)
    if which is None and inputs is None:
        return given, None
    single = Single(inputs, which)
    x, y, weight = single.part(given.x, given.y, given.sample_weight)
    held_out = given.validation_data
    if isinstance(held_out, tuple | list) and 2 <= len(held_out) <= 3:
        held_out = single.part(*held_out)[: len(held_out)]
    elif held_out is not None and not isinstance(held_out, tuple | list):
        held_out = _Batches(held_out, single)
    return Given(model, x, y, weight, held_out), which


def refuse_output(output: str | int | None) -> None:
    """Refuse an output where there is no model that could have several.

    Raises:
        InputError: one is given.
    """
    if output is not None:
        raise InputError(f"output: expected with a model and data alone. Received {output!r}")


def history_of(history: History | None, which: Output | None) -> History | None:
    """A history whose losses and metrics are those of one output, under the names that a model of one output has.

    Examples:
        >>> both = History(columns={"loss": (3.0,), "wave_loss": (2.0,), "val_loss": (4.0,), "val_wave_loss": (2.5,)})
        >>> history_of(both, Output(("wave",), 1)).columns
        {'loss': (2.0,), 'val_loss': (2.5,)}
    """
    if history is None or which is None:
        return history
    for name in which.names:
        own = {
            told + column[len(told + name) + 1 :]: values
            for column, values in history.columns.items()
            for told in ("val_" * column.startswith("val_"),)
            if column.startswith(f"{told}{name}_")
        }
        if own:
            return history.model_copy(update={"columns": own})
    return history


def _own(which: Output, values: Any, x: Any, name: str) -> Any:
    """The output's part; an array, or a list with an entry for each recording, is the output's own."""
    if isinstance(values, Mapping):
        return which.of(values, name)
    if not isinstance(values, list | tuple) or which.number is None:
        return values
    recordings = len(x)
    each = all(hasattr(part, "__len__") and len(part) == recordings for part in values)
    return which.of(values, name) if each or len(values) != recordings else values


class _Batches:
    """Batches (x, y[, sample_weight]) of one input and one output."""

    def __init__(self, source: Any, single: Single) -> None:
        self.source, self.single = source, single

    def __len__(self) -> int:
        length = length_of(self.source)
        if length is None:
            raise TypeError("unknown")
        return length

    def __iter__(self) -> Iterator[Any]:
        for batch in batches_of(self.source, "x"):
            if isinstance(batch, tuple | list) and 2 <= len(batch) <= 3:
                yield self.single.part(*batch)[: len(batch)]
            else:
                yield batch  # refused where batches are read
