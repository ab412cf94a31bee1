"""What a training needs to go on after it was killed, in one file."""

from __future__ import annotations

import dataclasses
import json
import os
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import keras
import numpy as np

from segmend.core.files import staged_file
from segmend.errors import InputError
from segmend.training.states import State, set_states, states_of

TOLD = "told"


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """How far a training has come.

    Attributes:
        steps: batches that are planned in all.
        epochs: epochs that are planned.
        epoch: the next epoch, from 0.
        columns: the logs of the epochs that are done.
        stopped: whether something asked training to stop.
        spent: seconds since the training's clock began to run.
        states: of all that changes, by name.
    """

    steps: int
    epochs: int
    epoch: int = 0
    columns: dict[str, list[float]] = field(default_factory=dict)
    stopped: bool = False
    spent: float = 0.0
    states: dict[str, State] = field(default_factory=dict)

    @property
    def ended(self) -> bool:
        """Whether no epoch is left to train."""
        return self.stopped or self.epoch >= self.epochs


class Checkpoint(keras.callbacks.Callback):
    """Writes the course of a training after each epoch, whole or not at all; it is to be the last callback.

    Keras' ``BackupAndRestore`` keeps the weights and the number of the epoch. A training that is to end in the same
    history needs the best weights so far, the pace, the draws and the logs as well.

    Args:
        file: to write; that of an earlier epoch is replaced. None writes nothing.
        parts: what has a state, by name; see ``states.Stateful``.
        course: where training begins: at its first epoch, or at that of a checkpoint.
        started: reading of ``clock`` at which the training's time began to run.
        clock: seconds, monotonic.
    """

    def __init__(
        self,
        file: Path | None,
        parts: Mapping[str, Any],
        course: Course,
        *,
        started: float,
        clock: Callable[[], float],
    ) -> None:
        super().__init__()
        self.file, self.parts, self.course, self.started, self.clock = file, dict(parts), course, started, clock

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Callbacks forget when training begins; what they knew is set after that."""
        set_states(self.parts, self.course.states)

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Note the epoch's logs, and write."""
        columns = grown(self.course.columns, logs or {})
        self.course = dataclasses.replace(
            self.course,
            epoch=epoch + 1,
            columns=columns,
            stopped=bool(self.model.stop_training),
            spent=self.clock() - self.started,
            states=states_of(self.parts) if self.file is not None else {},
        )
        if self.file is not None and np.isfinite(columns.get("loss", [0.0])[-1]):  # from NaN nothing goes on
            write(self.file, self.course)


def grown(columns: Mapping[str, list[float]], logs: Mapping[str, Any]) -> dict[str, list[float]]:
    """The columns with one more epoch; NaN where a log is missing in some epochs.

    Examples:
        >>> grown({"loss": [0.5]}, {"loss": 0.4, "val_loss": 0.6})
        {'loss': [0.5, 0.4], 'val_loss': [nan, 0.6]}
    """
    epochs = max(map(len, columns.values()), default=0)
    names = dict.fromkeys([*columns, *logs])
    none = [float("nan")] * epochs
    return {name: [*columns.get(name, none), float(logs.get(name, "nan"))] for name in names}


def write(file: Path, course: Course) -> None:
    """Write a NumPy archive without pickles, whole or not at all.

    Raises:
        InputError: a callback's state holds something else than arrays and what JSON holds.
    """
    arrays: dict[str, Any] = {}
    told = {each.name: getattr(course, each.name) for each in dataclasses.fields(course)}
    told["states"] = {name: _told(name, state, arrays) for name, state in course.states.items()}
    with staged_file(file) as stage, stage.open("wb") as handle:
        np.savez(handle, allow_pickle=False, **{TOLD: np.array(json.dumps(told))}, **arrays)
        handle.flush()
        os.fsync(handle.fileno())  # a power cut leaves this checkpoint or the one before


def read(file: Path) -> Course | None:
    """What was written; None where there is no file.

    Raises:
        InputError: the file cannot be read as a checkpoint.
    """
    if not file.exists():
        return None
    try:
        with file.open("rb") as handle, np.load(handle, allow_pickle=False) as content:
            told = json.loads(str(content[TOLD]))
            states = {
                name: {key: _untold(value, content) for key, value in state.items()}
                for name, state in told.pop("states").items()
            }
            return Course(**told, states=states)
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
        told = f"{file}: expected the checkpoint of a training (--overwrite begins anew). Received: {error}"
        raise InputError(told) from None


def _told(part: str, state: State, arrays: dict[str, Any]) -> dict[str, Any]:
    """A state as JSON; its arrays go into the archive, and their names stand in their place."""

    def told(value: Any, name: str) -> Any:
        if isinstance(value, list | tuple):
            return [told(each, f"{name}/{k}") for k, each in enumerate(value)]
        if isinstance(value, dict):
            return {"dict": {str(key): told(each, f"{name}/{key}") for key, each in value.items()}}
        if isinstance(value, np.ndarray) and value.dtype != object:
            arrays[name] = value
            return {"array": name}
        value = value.item() if isinstance(value, np.generic) else value
        if value is None or isinstance(value, bool | int | float | str):
            return value
        raise InputError(f"{name}: expected a state of arrays, numbers and text. Received {type(value).__name__}")

    return {key: told(value, f"{part}/{key}") for key, value in state.items()}


def _untold(value: Any, content: Any) -> Any:
    if isinstance(value, list):
        return [_untold(each, content) for each in value]
    if not isinstance(value, dict):
        return value
    if "array" in value:
        return content[value["array"]]
    return {key: _untold(each, content) for key, each in value["dict"].items()}
