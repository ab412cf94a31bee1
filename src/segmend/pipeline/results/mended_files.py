"""A mend on disk: plain JSON, text and NumPy arrays, and Keras's own file for a model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from segmend import __version__
from segmend.anatomy.graph import is_keras
from segmend.artifacts.decoder import DecoderRecord
from segmend.artifacts.prediction import Prediction
from segmend.artifacts.trial import Certificate
from segmend.core.files import staged_folder, write_json
from segmend.errors import InputError
from segmend.pipeline.inputs.keras_files import load_keras
from segmend.pipeline.results import review_files
from segmend.pipeline.results.mended import Mended
from segmend.pipeline.results.run import Run, load_run
from segmend.pipeline.runs import run_folder

DECODER, CERTIFICATE, CHANGES, MODEL, RUN = "decoder.json", "certificate.json", "changes.md", "model.keras", "run.json"


def save(mended: Mended, out: Path, *, overwrite: bool = False) -> Path:
    """Write a mend whole or not at all; arguments as for ``Mended.save``."""
    from segmend.pipeline.report import write_run
    from segmend.pipeline.results.mended_text import as_markdown
    from segmend.pipeline.runs.write_predictions import write_predictions

    with staged_folder(out, overwrite=overwrite) as folder:
        write_json(folder / DECODER, mended.record.to_dict())
        write_json(folder / CERTIFICATE, mended.certificate.to_dict())
        (folder / CHANGES).write_text(as_markdown(mended), encoding="utf-8")
        if mended.diagnosis is not None:
            write_json(folder / "diagnosis.json", mended.diagnosis.to_dict())
        if mended.prediction is not None:
            write_predictions(mended.prediction, folder / "predictions")
        review_files.write(mended.review, folder / "review", rate=_rate(mended), cleaned=mended.cleaned)
        if is_keras(mended.model):
            mended.model.save(folder / MODEL)
            fingerprint = mended.diagnosis.chart.fingerprint if mended.diagnosis is not None else None
            if fingerprint is not None and fingerprint.channels:
                write_json(folder / run_folder.FINGERPRINT, fingerprint.to_dict())
        about = dict(mended.about)
        if isinstance(mended.model, Run):
            about = mended.model.about
            kept = (run_folder.PLAN, run_folder.FINGERPRINT, run_folder.MODEL, run_folder.HISTORY)
            run_folder.copy_parts(mended.model.path, folder, kept)
        own = {"task": mended.task.to_dict(), "segmend": __version__, "changes": list(mended.changes)}
        write_json(folder / RUN, {**about, **own})
        if mended.prediction is not None:
            write_json(folder / run_folder.SCORES, _scores(mended.prediction))
            write_run(folder, title=out.resolve().name)
    return out


def load(folder: Path) -> Mended:
    """Read what ``save`` wrote."""
    from segmend.loading import is_predictions, load_predictions
    from segmend.loading.description import read_json_object

    for name in (DECODER, CERTIFICATE):
        if not (folder / name).is_file():
            raise InputError(f"{folder}: expected a folder that mend wrote, with {name}. Received none")
    run = read_json_object(folder / RUN) if (folder / RUN).is_file() else {}
    record = DecoderRecord.from_dict(read_json_object(folder / DECODER), str(folder / DECODER))
    return Mended(
        certificate=Certificate.from_dict(read_json_object(folder / CERTIFICATE), str(folder / CERTIFICATE)),
        task=run_folder.task_of(run, len(record.labels)),
        record=record,
        changes=tuple(str(change) for change in run.get("changes", ())),
        prediction=load_predictions(folder) if is_predictions(folder) else None,
        model=_model(folder, run),
    )


def _rate(mended: Mended) -> float | None:
    rate = mended.about.get("sampling_rate_hz")
    return float(rate) if rate is not None else getattr(mended.prediction, "sampling_rate_hz", None)


def _scores(prediction: Prediction) -> dict[str, Any]:
    """Scores by role or fold, of the mended labels and of the argmax."""
    from segmend.pipeline.results.page import part_of
    from segmend.pipeline.results.undecided import undecided
    from segmend.pipeline.runs.decoded import scores_of_both

    scores = {}
    for role, names in (prediction.splits or {"all": prediction.names}).items():
        decoded = part_of(prediction, names)
        scores[role] = scores_of_both(undecided(decoded), decoded)
    return scores


def _model(folder: Path, run: dict[str, Any]) -> Any:
    """A Run where it is known what the model takes; else the Keras model, where there is one."""
    if (folder / MODEL).is_file() and "channels" in run:
        return load_run(folder)
    return load_keras(folder / MODEL).model if (folder / MODEL).is_file() else None
