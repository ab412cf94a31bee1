"""A trained model with all that belongs to it, as a RUN folder holds it."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from segmend.artifacts.decoder import DecoderRecord
from segmend.artifacts.fingerprint import Fingerprint
from segmend.artifacts.history import History
from segmend.artifacts.plan import Plan
from segmend.artifacts.prediction import Prediction
from segmend.core.backend import choose_backend
from segmend.core.labels import Labels
from segmend.core.task import Task
from segmend.core.types import FloatArray
from segmend.core.undecoded import undecoded
from segmend.errors import InputError
from segmend.pipeline.runs import run_folder
from segmend.pipeline.runs.opening import Opened, open_recording

if TYPE_CHECKING:
    from segmend.planning import Values

Allocate = Callable[[tuple[int, ...]], FloatArray]


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

    A folder that ``mend`` made of anyone's model has no plan: that model is given whole recordings as they are.

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
    def values(self) -> Values:
        """What the plan says, checked.

        Raises:
            InputError: the plan lacks a key that plans of this version have, or a value is of the wrong type.
        """
        from segmend.planning import Values

        return Values.of(self.plan, str(self.path / run_folder.PLAN))

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

        return load_keras(self.path / run_folder.MODEL, compiled=False).model

    @property
    def labels(self) -> Labels:
        """Class names and the background."""
        return Labels(tuple(self.about["labels"]), self.about["background"])

    @property
    def task(self) -> Task:
        """What its labels answer; runs that do not say are of segmentation of signals."""
        return run_folder.task_of(self.about, len(self.about["labels"]))

    def predict(self, recording: Path | str | FloatArray, *, out: Allocate | None = None) -> Prediction:
        """Predict and decode one recording or image of any size, in constant memory but for the result.

        Args:
            recording: a file, or an array (steps, channels) or (height, width, channels). Channels and rate of a signal
                file are brought to those of training where it says others.
            out: given the shape (*spatial, classes), where the probabilities go, such as a memory map; left alone where
                a whole recording has one answer.

        Returns:
            A prediction of one recording: ``y_pred[0]`` its decoded labels, ``y_prob[0]`` its probabilities, and of
            images ``predicted_instances[0]`` the number of each pixel's object.

        Raises:
            InputError: the file cannot be read, samples are not finite, or channels are not the model's.
        """
        return self.predict_many([recording], out=None if out is None else [out])

    def predict_many(
        self,
        recordings: Sequence[Path | str | FloatArray],
        *,
        out: Sequence[Allocate] | None = None,
        strange: Callable[[int, str], None] | None = None,
    ) -> Prediction:
        """Predict and decode recordings; arguments and errors as for ``predict``, one after the other.

        ``strange`` is told the number of each recording that is unlike the training data, and in what.

        Where whole recordings have one answer, their windows share batches, which is many times faster than one by one.
        """
        opened = self._opened(recordings)
        prediction = self._predict(opened, out)
        if strange is not None:
            for number, told in enumerate(self._unlike_training(opened)):
                if told:
                    strange(number, told)
        return prediction

    def unfamiliar(self, recordings: Sequence[Path | str | FloatArray]) -> list[str]:
        """What is unlike the training data in each recording, a phrase for people; "" where nothing is.

        Level, spread and noise of each channel are compared with those of the recordings of training, as by the rule
        ``unfamiliar-input``; not where the plan standardises each recording, which takes them out.

        Args:
            recordings: as for ``predict_many``.

        Raises:
            InputError: as ``predict`` does.
        """
        return self._unlike_training(self._opened(recordings))

    def __repr__(self) -> str:
        return f"Run({str(self.path)!r}, {len(self.about['channels'])} channels, labels {list(self.labels.names)})"

    def _opened(self, recordings: Sequence[Path | str | FloatArray]) -> list[Opened]:
        about = (self.task, tuple(self.about["channels"]), self.about["sampling_rate_hz"], self.about.get("pixels"))
        return [open_recording(each, *about) for each in recordings]

    def _unlike_training(self, opened: Sequence[Opened]) -> list[str]:
        from segmend.pipeline.runs.unfamiliar import unfamiliar

        planned = (self.path / run_folder.PLAN).is_file()
        if planned and self.values.window.standardize == "recording":
            return [""] * len(opened)
        known = self.fingerprint if (self.path / run_folder.FINGERPRINT).is_file() else None
        return unfamiliar(known, [each.signal for each in opened])

    def _predict(self, opened: Sequence[Opened], out: Sequence[Allocate] | None) -> Prediction:
        choose_backend()
        from segmend.pipeline.runs.decoded import decode

        task = self.task
        y_prob = self._probabilities([each.signal for each in opened], out)
        multilabel = task.labels == "multilabel"
        raw = Prediction(
            names=tuple(each.name for each in opened),
            labels=self.labels,
            y_true=None,
            y_pred=tuple(undecoded(rows, multilabel=multilabel) for rows in y_prob),
            y_prob=tuple(y_prob),
            rank=task.rank if task.kind == "segmentation" else 0,
            data_rank=task.rank,
            multilabel=multilabel,
            sampling_rate_hz=self.about["sampling_rate_hz"],
        )
        return decode(raw, self.decoder)

    def _probabilities(self, signals: Sequence[FloatArray], out: Sequence[Allocate] | None = None) -> list[FloatArray]:
        from segmend.pipeline.runs.predicting import probabilities, said_by
        from segmend.pipeline.runs.standardized import as_planned

        model = self.model
        if (self.path / run_folder.PLAN).is_file():
            return probabilities(model, self.values, self.task, as_planned(self.values, signals), out)
        from segmend.decoding.temperature import warmed
        from segmend.pipeline.charting.patient import anatomy_of

        said = said_by(model, list(signals), anatomy_of(model), self.task)
        said = warmed(said, self.decoder.temperature, multilabel=self.task.labels == "multilabel")
        for place, rows in zip(out or (), said, strict=bool(out)):
            place(rows.shape)[:] = rows
        return said


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
