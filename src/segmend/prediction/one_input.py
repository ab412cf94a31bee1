"""A model of several inputs as one of a single input, which holds the channels of all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from segmend.anatomy.graph import graph_of, is_keras
from segmend.core.tensors import as_numpy
from segmend.errors import InputError, NotYetError
from segmend.prediction.one_output import compiled_like


@dataclass(frozen=True, slots=True)
class Inputs:
    """The inputs of a model, in its order.

    Attributes:
        names: of the inputs.
        channels: how many each has.
    """

    names: tuple[str, ...]
    channels: tuple[int, ...]

    def packed(self, x: Any, asked: str = "x") -> Any:
        """Recordings with the channels of all inputs, one input after the other.

        Args:
            x: a dict by name, or a list or tuple in the order of the inputs: for each an array (recordings, *spatial,
                channels) or a list of (*spatial, channels). An array alone is taken to be packed.
            asked: what messages call it.

        Raises:
            InputError: an input is missing, or they differ in recordings or steps.

        Examples:
            >>> Inputs(("ecg", "belt"), (2, 1)).packed({"belt": np.zeros((4, 9, 1)), "ecg": np.ones((4, 9, 2))}).shape
            (4, 9, 3)
        """
        if not isinstance(x, Mapping | list | tuple):
            return x
        received = str(len(x))
        if isinstance(x, Mapping):
            received = ", ".join(f'"{name}"' for name in x)
            x = [x[name] for name in self.names if name in x]
        if len(x) != len(self.names):
            raise InputError(f"{asked}: expected an array for each of {self._listed()}. Received {received}")
        parts = [[as_numpy(rows) for rows in part] for part in x]
        first = self.names[0]
        for name, part in zip(self.names, parts, strict=True):
            if len(part) != len(parts[0]):
                raise InputError(
                    f'{asked}, "{name}": expected {len(parts[0])} recordings as "{first}" has. Received {len(part)}'
                )
            for number, (rows, others) in enumerate(zip(part, parts[0], strict=True)):
                if rows.shape[:-1] != others.shape[:-1]:
                    raise InputError(
                        f'{asked}, "{name}"[{number}]: expected {others.shape[:-1]} before the channels, as "{first}" '
                        f"has. Received shape {rows.shape}"
                    )
        every = [np.concatenate(rows, axis=-1) for rows in zip(*parts, strict=True)]
        return np.stack(every) if len({rows.shape for rows in every}) == 1 else every

    def _listed(self) -> str:
        return ", ".join(f'"{name}"' for name in self.names)


def one_input(model: Any) -> tuple[Any, Inputs | None]:
    """A model whose one input holds the channels of all; it shares all layers and weights.

    Args:
        model: anything; a Keras graph of several inputs is packed, everything else stays as it is.

    Returns:
        The model, and its inputs where there were several.

    Raises:
        NotYetError: the inputs do not run along the same steps (pixels), so that one recording could not hold them.

    Examples:
        >>> import keras
        >>> inputs = [keras.Input((None, 2), name="ecg"), keras.Input((None, 1), name="belt")]
        >>> model, names = one_input(keras.Model(inputs, keras.layers.Concatenate()(inputs)))
        >>> model.input_shape, names.names
        ((None, None, 3), ('ecg', 'belt'))
    """
    graph = graph_of(model) if is_keras(model) else None
    if graph is None or len(graph.inputs) < 2:
        return model, None
    names = tuple(str(tensor.name) for tensor in graph.inputs)
    shapes = [tuple(tensor.shape[1:]) for tensor in graph.inputs]
    spatial = _common([shape[:-1] for shape in shapes])
    if spatial is None or any(shape[-1] is None for shape in shapes):
        told = ", ".join(f'"{name}" {shape}' for name, shape in zip(names, shapes, strict=True))
        raise NotYetError(
            f"model: expected inputs (*spatial, channels) that share their steps. Received {told}; other inputs are "
            "not there yet, but the probabilities can be judged: y_true=y, y_prob=model.predict(...)"
        )
    import keras

    channels = tuple(int(shape[-1]) for shape in shapes)
    entry = keras.Input((*spatial, sum(channels)), name="_".join(names))
    ends = np.cumsum(channels).tolist()
    parts = [entry[..., end - own : end] for end, own in zip(ends, channels, strict=True)]
    packed = keras.Model(entry, model(_in_form_of(model, names, parts)), name=model.name)
    return compiled_like(packed, model), Inputs(names, channels)


def _common(sizes: Sequence[tuple[int | None, ...]]) -> tuple[int | None, ...] | None:
    """One size for all, None on an axis that is open; nothing where they differ, or there is no axis."""
    if not sizes[0] or len({len(size) for size in sizes}) > 1:
        return None
    axes = [{length for length in lengths if length is not None} for lengths in zip(*sizes, strict=True)]
    if any(len(known) > 1 for known in axes):
        return None
    return tuple(next(iter(known), None) for known in axes)


def _in_form_of(model: Any, names: Sequence[str], parts: Sequence[Any]) -> Any:
    """A dict where the model's inputs are one, else a list."""
    structure = getattr(model, "_inputs_struct", None)
    if not isinstance(structure, Mapping):
        return list(parts)
    by_name = dict(zip(names, parts, strict=True))
    return {key: by_name[str(tensor.name)] for key, tensor in structure.items()}
