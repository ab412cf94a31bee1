"""A saved model beside the data that it is to be looked at on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from segmend.core.dataset import Dataset
from segmend.loading import load_dataset
from segmend.pipeline.inputs.keras_files import Loaded, load_keras, require_model
from segmend.pipeline.results.run import Run, load_run
from segmend.pipeline.runs import run_folder
from segmend.pipeline.runs.standardized import data_as_planned
from segmend.prediction.one_input import one_input
from segmend.prediction.one_output import one_output


@dataclass(frozen=True, slots=True, eq=False)
class ModelAndData:
    """What was opened.

    Attributes:
        loaded: the Keras model, and why its loss is lost.
        data: the recordings as the model takes them.
        run: the RUN that the model lies in; None where it is anyone's.
    """

    loaded: Loaded
    data: Dataset
    run: Run | None


def open_both(
    model: Path,
    data: Path,
    *,
    labels: Sequence[str] | None = None,
    background: int | str | None = "auto",
    annotations: str | Path | None = None,
    imports: Sequence[str | Path] = (),
    output: str | int | None = None,
) -> ModelAndData:
    """Open a .keras or .h5 file and a DATA folder; a model that lies in its RUN is given the data as its plan has them.

    A model of several inputs takes the channels of the recordings in the order of its inputs.

    Args:
        model: the file.
        data: the folder.
        labels: class names instead of the folder's.
        background: class number that is no segment, None, or "auto".
        annotations: a file instead of DATA/annotations.csv.
        imports: Python files that define custom layers.
        output: which of several outputs of the model is looked at, by name or number.

    Raises:
        InputError: either cannot be read, or the model has no such output.
    """
    require_model(model)
    dataset = load_dataset(data, annotations=annotations, labels=labels, background=background)
    run = None
    if (model.parent / run_folder.RUN).is_file() and (model.parent / run_folder.PLAN).is_file():
        run = load_run(model.parent)
        dataset = data_as_planned(run.values, dataset)
    loaded = load_keras(model, imports)
    whole = loaded.model if output is None else one_output(loaded.model, output)[0]
    return ModelAndData(loaded._replace(model=one_input(whole)[0]), dataset, run)


def description(data: Dataset) -> dict[str, Any]:
    """What run.json says of the data that a model takes."""
    return {
        "channels": list(data.channels),
        "labels": list(data.labels.names),
        "background": data.labels.background,
        "task": data.task.to_dict(),
        "sampling_rate_hz": data.sampling_rate_hz,
        "pixels": str(data.recordings[0].signal.dtype) if data.task.rank > 1 else None,
    }
