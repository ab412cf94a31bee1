"""``segmend diagnose``: the doctor on files."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from segmend.artifacts.fingerprint import Fingerprint
from segmend.errors import InputError
from segmend.fingerprinting import of_labels
from segmend.loading import is_dataset, is_predictions, load_predictions
from segmend.loading.predictions import predictions_folder
from segmend.pipeline.charting.costs import folder_costs, with_cost
from segmend.pipeline.charting.watch import Watched
from segmend.pipeline.diagnose import diagnose_prediction, diagnose_watched
from segmend.pipeline.inputs.histories import read_history
from segmend.pipeline.inputs.judged import judged_part
from segmend.pipeline.inputs.keras_files import MODEL_SUFFIXES, load_keras
from segmend.pipeline.inputs.single import refuse_output
from segmend.pipeline.results.diagnosis import Diagnosis


def diagnose_files(
    first: str | Path,
    data: str | Path | None = None,
    *,
    labels: Sequence[str] | None = None,
    background: int | str | None = "auto",
    annotations: str | Path | None = None,
    imports: Sequence[str | Path] = (),
    output: str | int | None = None,
    preview: bool = False,
) -> Diagnosis:
    """Diagnose a RUN, a PREDICTIONS folder, or a saved model on a DATA folder.

    Args:
        first: a RUN, a PREDICTIONS folder, or a .keras or .h5 file.
        data: the DATA folder that goes with a saved model.
        labels: class names instead of the folder's.
        background: class number that is no segment, None, or "auto".
        annotations: a file instead of DATA/annotations.csv.
        imports: Python files that define custom layers.
        output: which of several outputs of a saved model is diagnosed, by name or number.
        preview: also run rules that are in preview.

    Raises:
        InputError: a file cannot be read, or the arguments are none of these three.
    """
    path = Path(first)
    if data is not None:
        files = {
            "labels": labels,
            "background": background,
            "annotations": annotations,
            "imports": imports,
            "output": output,
        }
        seen = _model_on_data(path, Path(data), files)
        chart = with_cost(seen.chart, *folder_costs(Path(data)))
        return diagnose_watched(seen._replace(chart=chart), preview=preview)
    refuse_output(output)
    if path.suffix in MODEL_SUFFIXES:
        raise InputError(f"{path}: expected a DATA folder after the model. Received none")
    if not is_predictions(path):
        hint = "; for the data alone there is segmend audit" if is_dataset(path) else ""
        raise InputError(f"{path}: expected a RUN, a PREDICTIONS folder, or MODEL.keras DATA. Received neither{hint}")
    whole = load_predictions(path, labels=labels, background=background)
    if whole.y_true is None:
        raise InputError(f"{path}: expected labels/NAME.npy to judge the predictions by. Received no labels folder")
    prediction, role = judged_part(whole)
    cost, where = folder_costs(predictions_folder(path) or path)
    facts = {"fingerprint": of_labels(whole), "cost": cost, "cost_from": where, **_run_facts(path, imports)}
    return diagnose_prediction(prediction, judged_on=role or "all recordings", preview=preview, **facts)


def _model_on_data(model: Path, data: Path, files: dict[str, Any]) -> Watched:
    """What the model says of the data."""
    from segmend.pipeline.charting.watch_dataset import watch_dataset
    from segmend.pipeline.runs.model_and_data import open_both

    opened = open_both(model, data, **files)
    return watch_dataset(opened.loaded.model, opened.data, loss_lost=opened.loaded.loss_lost)


def _run_facts(path: Path, imports: Sequence[str | Path]) -> dict[str, Any]:
    """What a RUN folder knows beside its predictions."""
    facts: dict[str, Any] = {}
    if (file := path / "fingerprint.json").is_file():
        facts["fingerprint"] = Fingerprint.from_dict(_json(file), source=str(file))
    if (file := path / "history.csv").is_file():
        facts["history"] = read_history(file)
    if (file := path / "model.keras").is_file():
        from segmend.pipeline.charting.patient import anatomy_of

        loaded = load_keras(file, imports)
        anatomy = anatomy_of(loaded.model, effective=True)
        facts["anatomy"] = anatomy and anatomy.model_copy(update={"loss_lost": loaded.loss_lost})
    return facts


def _json(file: Path) -> dict[str, Any]:
    try:
        content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise InputError(f"{file}: expected JSON. Received: {error}") from None
    return content
