"""What ``mend`` returns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from segmend.artifacts.decoder import DecoderRecord
from segmend.artifacts.prediction import Prediction
from segmend.artifacts.review import Review
from segmend.artifacts.trial import Certificate
from segmend.core.task import Task
from segmend.core.types import FloatArray
from segmend.errors import InputError

if TYPE_CHECKING:
    from segmend.formats.base import Annotations
    from segmend.pipeline.results.diagnosis import Diagnosis


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Mended:
    """A mend: print it, decode with it, save it.

    Attributes:
        certificate: what was tried, what is kept, and the proof.
        task: what the labels answer.
        record: the decoder that is kept; the argmax where none was.
        changes: what was changed and what was decided on the way, one sentence each.
        prediction: the judged recordings with mended labels, each decoded by a decoder that was not fitted on it
            wherever it was held out. None where it was not saved.
        diagnosis: what named the remedies; None after loading.
        model: predicts, where one was given: a Keras model, a callable (one for a PyTorch module, too), or a Run.
        about: what the model takes, as run.json says it; empty where that is not known.
        review: places whose labels a person should look at, those first that explain most.
        cleaned: the annotations of a DATA folder with doubted training items not judged; None where that is nothing.
    """

    certificate: Certificate
    task: Task
    record: DecoderRecord
    changes: tuple[str, ...] = ()
    prediction: Prediction | None = None
    diagnosis: Diagnosis | None = None
    model: Any = None
    about: Mapping[str, Any] = field(default_factory=dict)
    review: Review = field(default_factory=Review)
    cleaned: Annotations | None = None

    def decode(self, y_prob: Any) -> list[Any]:
        """The mended labels of new recordings; those of one call are taken for one site's (see ``prior_shift``).

        Args:
            y_prob: ``(recordings, *spatial, classes)`` or a list of ``(*spatial, classes)``: probabilities, or scores
                where the mend was made on scores.

        Returns:
            Per recording the class of each step, shape (steps,), or of the whole, shape (); of images ``Regions``, the
            class of each pixel with the number of its object. Where labels overlap, 0 or 1 on a last axis of classes.

        Raises:
            InputError: shapes or values are not what the mend was made on; the message names the array.
        """
        from segmend import decoding
        from segmend.pipeline.inputs.arrays import read_arrays

        if isinstance(y_prob, list | tuple) and not y_prob:
            return []
        whole = self.task.kind == "classification"
        read = read_arrays(
            y_true=None,
            y_prob=np.stack([np.asarray(rows) for rows in y_prob]) if whole else y_prob,
            background=self.record.background,
            task=self.task.name,
            rank=0 if whole else self.task.rank,
            data_rank=self.task.rank,
        )
        assert read.y_prob is not None
        classes = len(self.record.labels)
        for k, rows in enumerate(read.y_prob):
            if rows.shape[-1] != classes:
                raise InputError(f"y_prob[{k}]: expected {classes} classes, as mended. Received {rows.shape[-1]}")
        probabilities = self._probabilities(read.y_prob)
        decoder = decoding.restore(self.record).adapted(probabilities)
        return [decoder.decode(rows) for rows in probabilities]

    def predict(self, x: Any) -> list[Any]:
        """The mended labels of new signals or images, as ``decode`` gives them.

        Args:
            x: ``(recordings, *spatial, channels)`` or a list of ``(*spatial, channels)``; for a PyTorch module as it
                takes them.

        Raises:
            InputError: there is no model to predict with, or the signals are not what it takes.
        """
        from segmend.anatomy.torch_run import TorchCall
        from segmend.pipeline.charting.patient import anatomy_of, require_channels
        from segmend.pipeline.results.run import Run
        from segmend.pipeline.runs.predicting import said_by

        if self.model is None:
            raise InputError("predict: expected a mend of a model. Received one of probabilities; .decode takes those")
        if isinstance(self.model, Run):
            return self.decode([rows for each in x for rows in self.model.predict(each).y_prob or ()])
        anatomy = anatomy_of(self.model)
        signals = self.model.taken(x) if isinstance(self.model, TorchCall) else list(x)
        require_channels(signals, anatomy)
        return self.decode(said_by(self.model, signals, anatomy, self.task))

    def unfamiliar(self, x: Any) -> list[str]:
        """What is unlike the training data in each of some signals or images, a phrase for people; "" where nothing is.

        A mend proves what it does on recordings like those it had. Level, spread and noise of each channel are compared
        with the data that the model was trained on, as far as they are known.

        Args:
            x: as for ``predict``.
        """
        from segmend.pipeline.results.run import Run
        from segmend.pipeline.runs.unfamiliar import unfamiliar

        if isinstance(self.model, Run):
            return self.model.unfamiliar(list(x))
        known = self.diagnosis.chart.fingerprint if self.diagnosis is not None else None
        return unfamiliar(known, list(x))

    def save(self, path: str | Path, *, overwrite: bool = False) -> Path:
        """Write decoder.json, certificate.json, changes.md, predictions/, review/ and, for a Keras model, model.keras.

        There is a folder review/ where there is anything to review.

        Raises:
            OutputExistsError: the folder is not empty and ``overwrite`` is False.
        """
        from segmend.pipeline.results.mended_files import save

        return save(self, Path(path), overwrite=overwrite)

    def report(self, path: str | Path) -> Path:
        """Write one self-contained HTML page.

        Raises:
            InputError: the path is a folder.
        """
        from segmend.pipeline.results.page import write_mended

        return write_mended(self, path)

    def to_dict(self) -> dict[str, Any]:
        """The mend as ``segmend mend --json`` prints it: the certificate, and what was changed."""
        return {**self.certificate.to_dict(), "changes": list(self.changes), "decoder": self.record.to_dict()}

    def __str__(self) -> str:
        from segmend.pipeline.results.mended_text import as_text

        return as_text(self)

    def _repr_html_(self) -> str:
        from segmend.pipeline.results.mended_text import as_html

        return as_html(self)

    def _probabilities(self, y_prob: Sequence[FloatArray]) -> list[FloatArray]:
        from segmend.decoding.temperature import are_probabilities, warmed

        several = self.task.labels == "multilabel"
        if are_probabilities(y_prob, multilabel=several):
            return list(y_prob)
        if self.record.temperature is None:
            raise InputError(
                "y_prob: expected probabilities (rows that sum to 1), as the mend was made on. Received scores"
            )
        return warmed(y_prob, self.record.temperature, multilabel=several)


def load_mended(path: str | Path) -> Mended:
    """A mend back from ``save``; a Keras model is loaded in safe mode, and nothing is unpickled.

    Raises:
        InputError: the folder lacks a file, or one is damaged.
    """
    from segmend.pipeline.results.mended_files import load

    return load(Path(path))
