"""A trained model with all that belongs to it, as a RUN folder holds it."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from segmend.artifacts.decoder import DecoderRecord
from segmend.artifacts.fingerprint import Fingerprint
from segmend.artifacts.history import History
from segmend.artifacts.plan import Plan
from segmend.artifacts.prediction import Prediction
from segmend.core.backend import choose_backend
from segmend.core.labels import Labels
from segmend.core.types import FloatArray
from segmend.errors import InputError
from segmend.pipeline.runs import run_folder

Allocate = Callable[[tuple[int, ...]], FloatArray]

CHUNK = 1 << 18
"""Steps looked at together."""


def load_run(path: Path | str) -> Run:
    """The run in a folder; its parts are read when they are asked for.

    Raises:
        InputError: the folder is no RUN, or its run.json is damaged.
    """
    from segmend.loading.description import read_json_object

    folder = Path(path)
    for name in (run_folder.RUN, run_folder.MODEL):
        if not (folder / name).is_file():
            raise InputError(f"{folder}: expected a RUN folder with {name}. Received one without, or none")
    about = read_json_object(folder / run_folder.RUN)
    missing = [key for key in ("labels", "background", "channels", "sampling_rate_hz") if key not in about]
    if missing:
        raise InputError(f"{folder / run_folder.RUN}: expected the key {missing[0]}. Received {sorted(about)!s:.80}")
    return Run(folder, about)


@dataclass(frozen=True, eq=False)
class Run:
    """A trained model: predict with it, or look at how it was planned, trained and scored.

    Attributes:
        path: the RUN folder.
        about: what run.json says.
    """

    path: Path
    about: dict[str, Any]

    @functools.cached_property
    def plan(self) -> Plan:
        """The plan it was trained by."""
        from segmend.planning import toml

        path = self.path / run_folder.PLAN
        return toml.loads(_read_text(path), source=str(path))

    @functools.cached_property
    def fingerprint(self) -> Fingerprint:
        """The fingerprint of the data it was trained on."""
        path = self.path / run_folder.FINGERPRINT
        return Fingerprint.from_dict(_read_json(path), source=str(path))

    @functools.cached_property
    def decoder(self) -> DecoderRecord:
        """The decoder that was fitted on validation predictions."""
        path = self.path / run_folder.DECODER
        return DecoderRecord.from_dict(_read_json(path), source=str(path))

    @functools.cached_property
    def history(self) -> History:
        """What happened in training, epoch by epoch."""
        return run_folder.read_history(self.path / run_folder.HISTORY)

    @functools.cached_property
    def scores(self) -> dict[str, Any]:
        """Scores by role ("val", "test..."), each "decoded" and "argmax"; None stands for what is undefined."""
        return _read_json(self.path / run_folder.SCORES)

    @functools.cached_property
    def model(self) -> Any:
        """The Keras model; loading runs no code from the file."""
        from segmend.pipeline.inputs.keras_files import load_keras

        return load_keras(self.path / run_folder.MODEL, compiled=False)

    @property
    def labels(self) -> Labels:
        """Class names and the background."""
        return Labels(tuple(self.about["labels"]), self.about["background"])

    def predict(self, recording: Path | str | FloatArray, *, out: Allocate | None = None) -> Prediction:
        """Predict and decode one recording of any length, in constant memory but for the result.

        Args:
            recording: a signal file, whose channels and rate are brought to those of training where it says others, or
                an array (steps, channels).
            out: given the shape (steps, classes), where the probabilities go, such as a memory map.

        Returns:
            A prediction of one recording: ``y_pred[0]`` its decoded labels, ``y_prob[0]`` its probabilities.

        Raises:
            InputError: the file cannot be read, samples are not finite, or channels are not the model's.
        """
        name, signal, rate = self._open(recording)
        self._require_fitting(str(recording) if isinstance(recording, Path | str) else name, signal)
        return self._predict(name, signal, rate, out)

    def __repr__(self) -> str:
        return f"Run({str(self.path)!r}, {len(self.about['channels'])} channels, labels {list(self.labels.names)})"

    def _open(self, recording: Path | str | FloatArray) -> tuple[str, FloatArray, float | None]:
        rate = self.about["sampling_rate_hz"]
        if not isinstance(recording, Path | str):
            signal = np.asarray(recording)
            return "recording", signal[:, np.newaxis] if signal.ndim == 1 else signal, rate
        from segmend import loading

        file = loading.open_alike(Path(recording), tuple(self.about["channels"]), rate)
        return file.name, file.signal.values, rate

    def _require_fitting(self, where: str, signal: FloatArray) -> None:
        """Refuse a signal that the model cannot take; it may be a memory map, so it is looked through by parts."""
        channels = self.about["channels"]
        if signal.ndim != 2 or signal.shape[1] != len(channels):
            raise InputError(
                f"{where}: expected the {len(channels)} channels {', '.join(channels)}, as in training. "
                f"Received shape {signal.shape}"
            )
        if not len(signal):
            raise InputError(f"{where}: expected at least one step. Received none")
        for first in range(0, len(signal), CHUNK):
            bad = ~(np.abs(np.asarray(signal[first : first + CHUNK], np.float64)) <= np.finfo(np.float32).max)
            if bad.any():
                step, channel = np.argwhere(bad)[0].tolist()
                raise InputError(
                    f"{where}: expected finite samples. Received {signal[first + step, channel]} at step "
                    f'{first + step}, channel "{channels[channel]}"'
                )

    def _predict(self, name: str, signal: FloatArray, rate: float | None, out: Allocate | None) -> Prediction:
        choose_backend()
        from segmend import decoding
        from segmend.pipeline.runs.translate import tiles_of
        from segmend.planning import Values
        from segmend.prediction import predict

        y_prob = predict(self.model, signal, out=out, **tiles_of(Values.of(self.plan)))
        decoded = decoding.restore(self.decoder).decode(y_prob)
        return Prediction(
            names=(name,), labels=self.labels, y_true=None, y_pred=(decoded,), y_prob=(y_prob,), sampling_rate_hz=rate
        )


def _read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: expected a text file of the run. Received {error}") from None


def _read_json(path: Path) -> dict[str, Any]:
    try:
        content: dict[str, Any] = json.loads(_read_text(path))
    except json.JSONDecodeError as error:
        raise InputError(f"{path}, line {error.lineno}: expected JSON. Received {error.msg}") from None
    return content
