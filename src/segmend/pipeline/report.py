"""The verb ``report``: the page of a RUN, of what mend wrote, or of a folder of predictions."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from segmend.artifacts.finding import DiagnosisRecord
from segmend.artifacts.fingerprint import Fingerprint
from segmend.artifacts.plan import Plan
from segmend.artifacts.prediction import Prediction
from segmend.artifacts.trial import Certificate
from segmend.core.dataset import Dataset
from segmend.core.types import FloatArray
from segmend.errors import InputError
from segmend.loading import is_predictions, load_dataset, load_predictions
from segmend.loading.description import read_json_object
from segmend.pipeline.results.page import content_of, part_of, result_of, shown_names, write_page
from segmend.pipeline.results.pictures import stored_pictures, stored_signals, with_pictures
from segmend.pipeline.results.undecided import undecided
from segmend.planning import toml
from segmend.reporting.content import Result
from segmend.scoring import soft_scores

FACTS = {
    "version": "segmend",
    "backend": "backend",
    "seed": "seed",
    "budget_s": "budget in seconds",
    "seconds": "seconds of training",
    "networks": "networks averaged",
    "epochs": "epochs",
    "best_epochs": "best epoch of each",
    "stopped_because": "training ended",
}


def write_run(
    folder: str | Path,
    out: str | Path | None = None,
    *,
    data: str | Path | Dataset | None = None,
    annotations: str | Path | None = None,
    title: str | None = None,
) -> Path:
    """Write the page of a folder that train or mend wrote, or of a PREDICTIONS folder.

    Shown are the recordings of role test, else val, else all. No deep-learning framework is loaded.

    Args:
        folder: a RUN, an OUT of mend, or PREDICTIONS.
        out: file to write; report.html in the folder where None.
        data: the DATA folder, whose signals and images the page then shows, or what ``segmend.load`` made of it. What
            the page draws of images and of whole recordings is kept small in a RUN (``pictures/``) for later pages.
        annotations: the file that was used instead of DATA/annotations.csv.
        title: what the page is of; the folder's name where None.

    Returns:
        The file.

    Raises:
        InputError: the folder is none of these, a file in it is damaged, or ``out`` is a folder.
    """
    folder = Path(folder)
    if not is_predictions(folder):
        raise InputError(f"{folder}: expected a RUN, or a folder with scores/NAME.npy. Received one without, or none")
    whole = load_predictions(folder)
    names = shown_names(whole)
    shown = part_of(whole, names)
    roles = [role for role, members in whole.splits.items() if set(members) & set(names)]
    judged_on = " + ".join(roles) if roles and names != whole.names else "all recordings"
    fingerprint = _artifact(folder / "fingerprint.json", Fingerprint)
    content = content_of(
        shown,
        _results(folder, shown),
        title=title or folder.resolve().name,
        signals=_signals(data, annotations) if data is not None else stored_signals(folder, names),
        diagnosis=_diagnosis(folder, shown, judged_on, fingerprint),
        provenance=_provenance(folder),
        judged_on=judged_on,
        channels=tuple(channel.name for channel in fingerprint.channels) if fingerprint else (),
        fingerprint=fingerprint,
        certificate=_artifact(folder / "certificate.json", Certificate),
        plan=_plan(folder / "plan.toml"),
        pictures=stored_pictures(folder, names) if data is None else {},
    )
    if data is not None and (folder / "run.json").is_file():
        content = with_pictures(content, folder)
    return write_page(content, folder / "report.html" if out is None else out)


def _results(folder: Path, shown: Prediction) -> list[Result]:
    """What was decoded beside what probabilities say by themselves, where both are known and differ."""
    if shown.y_prob is None:
        return [result_of("model", shown)]
    raw = undecided(shown)
    alike = all(np.array_equal(one, other) for one, other in zip(raw.y_pred, shown.y_pred, strict=True))
    if alike:  # objects may have been told apart, which the classes of pixels do not show
        return [result_of("model", shown)]
    soft = None if shown.y_true is None else soft_scores(shown)
    name = str(read_json_object(folder / "decoder.json").get("name", "")) if (folder / "decoder.json").is_file() else ""
    if (folder / "certificate.json").is_file():
        return [result_of("before", raw, soft=soft), result_of("mended", shown, caption=name, soft=soft, prob=False)]
    plain = "threshold 0.5" if shown.multilabel else "argmax"
    return [result_of("decoded", shown, caption=name, soft=soft), result_of(plain, raw, soft=soft, prob=False)]


def _diagnosis(
    folder: Path, shown: Prediction, judged_on: str, fingerprint: Fingerprint | None
) -> DiagnosisRecord | None:
    """The diagnosis in the folder, or one of what is shown."""
    if (found := _artifact(folder / "diagnosis.json", DiagnosisRecord)) is not None:
        return found
    if shown.y_true is None:
        return None
    from segmend.pipeline.diagnose import diagnose_prediction

    return diagnose_prediction(shown, judged_on=judged_on, fingerprint=fingerprint).record


def _provenance(folder: Path) -> Mapping[str, str]:
    if not (folder / "run.json").is_file():
        return {}
    about = read_json_object(folder / "run.json")
    return {text: _said(about[key]) for key, text in FACTS.items() if about.get(key) is not None}


def _said(value: Any) -> str:
    return ", ".join("none" if each is None else str(each) for each in (value if isinstance(value, list) else [value]))


def _signals(data: str | Path | Dataset, annotations: str | Path | None) -> Mapping[str, FloatArray]:
    dataset = data if isinstance(data, Dataset) else load_dataset(data, annotations=annotations)
    return {recording.name: recording.signal for recording in dataset.recordings}


def _plan(path: Path) -> Plan | None:
    return toml.loads(path.read_text(encoding="utf-8"), source=str(path)) if path.is_file() else None


def _artifact(path: Path, kind: Any) -> Any:
    """An artifact from its file; None where there is no such file."""
    return kind.from_dict(read_json_object(path), source=str(path)) if path.is_file() else None
