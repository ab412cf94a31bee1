"""One output of a model that has several, as a model of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from segmend.anatomy.graph import graph_of, is_keras, output_names
from segmend.anatomy.torch_run import is_torch
from segmend.errors import InputError


@dataclass(frozen=True, slots=True)
class Output:
    """Which output it is, and the names that it goes by.

    Attributes:
        names: its key in a dict of outputs and the name of its layer; nothing where outputs have numbers alone.
        number: its place; None where it is only known by a key.
    """

    names: tuple[str, ...] = ()
    number: int | None = None

    def of(self, parts: Any, asked: str = "output") -> Any:
        """Its part of what goes with every output: answers, labels, weights, losses.

        Args:
            parts: a dict by name, or a list or tuple in the order of the outputs.
            asked: what messages call it.

        Raises:
            InputError: nothing is there for this output; names what is.

        Examples:
            >>> Output(("wave",), 1).of({"beat": 3, "wave": 4}), Output(("wave",), 1).of([3, 4])
            (4, 4)
        """
        key = self._key(parts)
        if key is None:
            received = _listed(parts) if isinstance(parts, Mapping) else f"{len(parts)} without names"
            raise InputError(f"{asked}: expected one for output {self}. Received {received}")
        return parts[key]

    def among(self, parts: Any) -> Any:
        """As ``of``, but None where there is nothing for this output, or nothing that could be told apart."""
        key = self._key(parts) if isinstance(parts, Mapping | list | tuple) else None
        return None if key is None else parts[key]

    def _key(self, parts: Any) -> Any:
        if isinstance(parts, Mapping):
            return next((name for name in (*self.names, self.number) if name in parts), None)
        return self.number if self.number is not None and self.number < len(parts) else None

    def __str__(self) -> str:
        """As it was asked for."""
        return f'"{self.names[0]}"' if self.names else str(self.number)


def one_output(model: Any, output: str | int) -> tuple[Any, Output]:
    """A model that gives one of the outputs alone; it shares all layers and weights.

    Args:
        model: a Keras model, a ``torch.nn.Module`` or a callable.
        output: the key of a dict of outputs, the name of the layer that gives it, or its number from 0.

    Returns:
        The model, compiled with the loss and the metrics of that output where the whole one is compiled, and which
        output it is.

    Raises:
        InputError: a graph has no such output; the message names those that it has. A model without a graph says so
            once it is called.

    Examples:
        >>> import keras
        >>> entry = keras.Input((None, 1))
        >>> heads = {name: keras.layers.Conv1D(k, 3, padding="same")(entry) for k, name in ((2, "beat"), (4, "wave"))}
        >>> model, which = one_output(keras.Model(entry, heads), "wave")
        >>> model.output_shape, which.number
        ((None, None, 4), 1)
    """
    graph = graph_of(model) if is_keras(model) else None
    if graph is not None:
        return _of_graph(model, graph, output)
    which = Output(number=output) if isinstance(output, int) else Output((output,))
    if is_keras(model):
        return _subclassed(model, which), which
    if is_torch(model):
        return _module(model, which), which
    if not callable(model):
        return model, which  # refused where models are told apart
    return lambda batch: which.of(model(batch)), which


def _of_graph(model: Any, graph: Any, output: str | int) -> tuple[Any, Output]:
    every = output_names(graph)
    if isinstance(output, int):
        number = output if 0 <= output < len(every) else None
    else:
        number = next((k for k, names in enumerate(every) if output in names), None)
    if number is None:
        raise InputError(
            f"output: expected one of {_listed([names[0] for names in every])}, or a number below {len(every)}. "
            f"Received {output!r}"
        )
    which = Output(every[number], number)
    if len(every) == 1:
        return model, which
    import keras

    return compiled_like(keras.Model(model.inputs, model.outputs[number], name=model.name), model, which), which


def compiled_like(model: Any, whole: Any, which: Output | None = None) -> Any:
    """A model, compiled as another is, as far as it concerns one output; not where the other is not compiled.

    Args:
        model: is compiled.
        whole: of which it is a part or another form.
        which: output of the whole; None where it has the same outputs.
    """
    if not getattr(whole, "compiled", False):
        return model
    loss, optimizer = whole.loss, getattr(whole, "optimizer", None)
    metrics = getattr(getattr(whole, "_compile_metrics", None), "_user_metrics", None)
    if which is not None:
        loss = which.among(loss) if isinstance(loss, Mapping | list | tuple) else loss
        metrics = which.among(metrics)
    again = None if optimizer is None else type(optimizer).from_config(optimizer.get_config())
    model.compile(optimizer=again, loss=loss, metrics=metrics)
    return model


def _subclassed(model: Any, which: Output) -> Any:
    """A Keras model without a graph, called for one of its outputs."""
    import keras

    class OneOutput(keras.Model):
        def __init__(self) -> None:
            super().__init__(name=model.name)
            self.whole = model

        def call(self, inputs: Any, **how: Any) -> Any:
            return which.of(self.whole(inputs, **how))

    return OneOutput()


def _module(module: Any, which: Output) -> Any:
    """A PyTorch module, called for one of its outputs."""
    import torch

    class OneOutput(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.whole = module

        def forward(self, *inputs: Any) -> Any:
            return which.of(self.whole(*inputs))

    return OneOutput()


def _listed(names: Sequence[Any] | Mapping[Any, Any]) -> str:
    return ", ".join(f'"{name}"' for name in names)
