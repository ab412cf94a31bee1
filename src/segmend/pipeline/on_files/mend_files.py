"""``segmend mend``: mending on files."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from segmend.artifacts.prediction import Prediction
from segmend.core.durations import seconds_of
from segmend.decoding.temperature import softmax
from segmend.errors import InputError
from segmend.loading import is_predictions, load_predictions, refuse, refuse_two_parts
from segmend.loading.predictions import predictions_folder
from segmend.pipeline.charting.costs import folder_costs, read_cost, with_cost
from segmend.pipeline.diagnose import diagnose_chart, diagnose_prediction
from segmend.pipeline.inputs.judged import judged_names
from segmend.pipeline.inputs.keras_files import MODEL_SUFFIXES
from segmend.pipeline.inputs.objectives import also_for, objective_of
from segmend.pipeline.inputs.probabilities import with_probabilities
from segmend.pipeline.inputs.single import refuse_output
from segmend.pipeline.results.mended import Mended
from segmend.pipeline.results.page import part_of
from segmend.pipeline.results.run import load_run
from segmend.pipeline.retraining.workshop import Workshop
from segmend.pipeline.runs import run_folder
from segmend.pipeline.trials.folds import folds_of
from segmend.pipeline.trials.loop import Clock, Say
from segmend.pipeline.trials.mend_diagnosed import mend_diagnosed
from segmend.scoring.objective import Objective


def mend_files(
    first: str | Path,
    data: str | Path | None = None,
    *,
    labels: Sequence[str] | None = None,
    background: int | str | None = "auto",
    annotations: str | Path | None = None,
    imports: Sequence[str | Path] = (),
    output: str | int | None = None,
    objective: str | None = None,
    budget: float | str = "2m",
    seed: int = 0,
    unsafe: bool = False,
    say: Say | None = None,
) -> Mended:
    """Mend a PREDICTIONS folder, a RUN, or a saved model on a DATA folder.

    With roles in splits.json (always in a RUN), remedies are diagnosed and fitted on val and proven on test. The model
    of a RUN on DATA can be trained again; it is judged without the RUN's decoder, and what comes of it is a RUN.

    Args:
        first: a PREDICTIONS folder, a RUN, or a .keras or .h5 file.
        data: the DATA folder that goes with a saved model; its val recordings are judged, else test, else all.
        labels: class names instead of those in the files.
        background: class number that is no segment, None, or "auto".
        annotations: a file instead of DATA/annotations.csv.
        imports: Python files that define custom layers.
        output: which of several outputs of a saved model is mended, by name or number.
        objective: what is maximised; None is "segment_f1@50", or "macro_f1" where whole recordings have a label.
        budget: wall clock of the whole call: seconds, or text such as "2m".
        seed: seed of everything random.
        unsafe: try remedies marked unsafe too.
        say: told what is being tried.

    Raises:
        InputError: a file is missing or damaged, or would falsify a number.
    """
    clock = Clock(time.monotonic(), seconds_of(budget))
    path = Path(first)
    options: dict[str, Any] = {"seed": seed, "unsafe": unsafe, "say": say}
    if data is not None:
        files = {
            "labels": labels,
            "background": background,
            "annotations": annotations,
            "imports": imports,
            "output": output,
        }
        return _model_on_data(path, Path(data), files, objective, clock, options)
    refuse_output(output)
    if path.suffix in MODEL_SUFFIXES:
        raise InputError(f"{path}: expected a DATA folder after the model. Received none")
    if not is_predictions(path):
        raise InputError(f"{path}: expected PREDICTIONS, a RUN, or MODEL.keras DATA. Received neither")
    prediction = load_predictions(path, labels=labels, background=background)
    cost, where = folder_costs(predictions_folder(path) or path)
    wanted = objective_of(objective, prediction.task, read_cost(cost, len(prediction.labels), where))
    refuse_two_parts(prediction.splits, path)
    for part, folder in ((prediction.y_true, "labels"), (prediction.y_prob, "scores")):
        if part is None:
            raise InputError(f"{path}: expected {folder}/NAME.npy to mend with. Received no {folder} folder")
    if (path / run_folder.RUN).is_file() and (path / run_folder.DECODER).is_file():
        run = load_run(path)
        options |= {"model": run, "standing": run.decoder}
    return _predictions(prediction, wanted, clock, options)


def _predictions(prediction: Prediction, objective: Objective, clock: Clock, options: dict[str, Any]) -> Mended:
    """Mend loaded predictions; the diagnosis and the temperature see only what remedies are fitted on."""
    folds = folds_of(prediction, seed=options["seed"])
    fitted = part_of(prediction, [prediction.names[k] for k in folds.final])
    fitted, notes = with_probabilities(fitted)
    if fitted.temperature is not None and prediction.y_prob is not None:
        y_prob = tuple(softmax(rows, fitted.temperature) for rows in prediction.y_prob)
        prediction = dataclasses.replace(prediction, y_prob=y_prob, temperature=fitted.temperature)
    diagnosis = diagnose_prediction(
        fitted, judged_on=folds.fitted_on, cost=objective.cost, also=also_for(objective.text)
    )
    diagnosis = dataclasses.replace(diagnosis, notes=(*diagnosis.notes, *notes))
    return mend_diagnosed(diagnosis, objective, clock, prediction=prediction, **options)


def _model_on_data(
    model: Path,
    data: Path,
    files: dict[str, Any],
    objective: str | None,
    clock: Clock,
    options: dict[str, Any],
) -> Mended:
    """Mend a saved model by what it predicts on recordings that it was not trained on."""
    from segmend.pipeline.charting.watch_dataset import watch_dataset
    from segmend.pipeline.runs.model_and_data import description, open_both

    opened = open_both(model, data, **files)
    loaded, dataset = opened.loaded, opened.data
    cost, where = folder_costs(data)
    wanted = objective_of(objective, dataset.task, read_cost(cost, len(dataset.labels), where))
    refuse(dataset)
    watched = watch_dataset(loaded.model, dataset, loss_lost=loaded.loss_lost)
    if watched.refusal is not None:
        raise watched.refusal
    _, role = judged_names(dataset.split, [each.name for each in dataset.recordings])
    diagnosis = diagnose_chart(with_cost(watched.chart, wanted.cost), watched.notes, also=also_for(objective))
    workshop = Workshop.of(loaded.model, watched, review=diagnosis.review, run=opened.run, seed=options["seed"])
    options |= {"held_out": role is not None, "model": opened.run or loaded.model, "workshop": workshop}
    options |= {"about": description(dataset), "data": dataset}
    return mend_diagnosed(diagnosis, wanted, clock, **options)
