"""States of what changes in training, so that it can be put back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, runtime_checkable

import keras

from segmend.core.types import FloatArray

State = dict[str, Any]
"""Values by name: NumPy arrays, and what JSON holds; lists and dicts may hold arrays too."""


@runtime_checkable
class Stateful(Protocol):
    """What can tell its state and take it back; callbacks of users may have these two methods too."""

    def get_state(self) -> State:
        """The state, in arrays of its own."""
        ...

    def set_state(self, state: State) -> None:
        """Take a state back."""
        ...


class ModelState:
    """Weights, random generators and optimiser of a compiled model.

    Args:
        model: compiled; it and its optimiser are built here.
        batches: whose first one builds a model that has no weights yet.

    Examples:
        >>> model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
        >>> model.compile("sgd", "mse")
        >>> before = ModelState(model).get_state()
        >>> _ = model.fit(keras.ops.ones((1, 1)), keras.ops.zeros((1, 1)), verbose=0)
        >>> ModelState(model).set_state(before)
        >>> int(model.optimizer.iterations), bool((model.get_weights()[0] == before["variables"][0]).all())
        (0, True)
    """

    def __init__(self, model: Any, batches: Any = None) -> None:
        self.model = model
        if not model.built and batches is not None:
            model(batches[0][0])
        if not model.optimizer.built:
            model.optimizer.build(model.trainable_variables)

    def get_state(self) -> State:
        """All variables, as NumPy arrays."""
        return {name: [_copied(variable) for variable in each] for name, each in self._variables().items()}

    def set_state(self, state: State) -> None:
        """Assign all variables."""
        for name, variables in self._variables().items():
            for variable, value in zip(variables, state[name], strict=True):
                variable.assign(value)

    def _variables(self) -> dict[str, Any]:
        return {"variables": self.model.variables, "optimizer": self.model.optimizer.variables}


def by_kind(callbacks: Sequence[Any]) -> dict[str, Any]:
    """Those that have a state, by class and number among their like: others may come or go between two calls.

    Examples:
        >>> list(by_kind([keras.callbacks.History()]))
        []
    """
    named: dict[str, Any] = {}
    for callback in (each for each in callbacks if isinstance(each, Stateful)):
        kind = type(callback).__name__
        named[f"{kind} {1 + sum(name.startswith(f'{kind} ') for name in named)}"] = callback
    return named


def states_of(parts: Mapping[str, Any]) -> dict[str, State]:
    """The states of those parts that have one, by name."""
    return {name: part.get_state() for name, part in parts.items() if isinstance(part, Stateful)}


def set_states(parts: Mapping[str, Any], states: Mapping[str, State]) -> None:
    """Give each part the state of its name."""
    for name, state in states.items():
        if name in parts:
            parts[name].set_state(state)


def _copied(variable: Any) -> FloatArray:
    return keras.ops.convert_to_numpy(variable.value).copy()
