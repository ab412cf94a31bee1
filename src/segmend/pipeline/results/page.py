"""From artifacts to a page: the one place that knows where a page's parts come from."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from segmend import __version__
from segmend.artifacts.finding import DiagnosisRecord
from segmend.artifacts.prediction import Prediction
from segmend.core.files import staged_file
from segmend.core.roles import purpose
from segmend.core.types import FloatArray
from segmend.diagnosis.review import review_of
from segmend.errors import InputError
from segmend.pipeline.results.explanations import explanations
from segmend.pipeline.results.undecided import undecided
from segmend.reporting.content import ReportContent, Result

if TYPE_CHECKING:
    from segmend.pipeline.results.diagnosis import Diagnosis
    from segmend.pipeline.results.mended import Mended
    from segmend.scoring import SoftScores

Signals = Mapping[str, FloatArray]


def write_page(content: ReportContent, path: str | Path) -> Path:
    """Render content and write it whole or not at all.

    Raises:
        InputError: the path is a folder.
    """
    from segmend.reporting import render

    out = Path(path)
    if out.is_dir():
        raise InputError(f"{out}: expected a file to write the report to. Received a folder")
    page = render(content)
    with staged_file(out) as stage:
        stage.write_text(page, encoding="utf-8")
    return out


def write_diagnosis(diagnosis: Diagnosis, path: str | Path, *, signals: Signals | None = None, title: str = "") -> Path:
    """The page of a diagnosis.

    Args:
        diagnosis: what ``diagnose`` returned.
        path: file to write.
        signals: signals of judged recordings by name, for the timelines.
        title: head of the page.

    Returns:
        The file.

    Raises:
        InputError: the path is a folder, or the diagnosis is of no prediction.
    """
    chart = diagnosis.chart
    if chart.prediction is None:
        raise InputError("report: expected a diagnosis of predictions. Received one without")
    content = content_of(
        chart.prediction,
        [result_of("model", chart.prediction, scores=chart.scores)],
        title=title or "diagnosis",
        signals=signals,
        judged_on=chart.judged_on,
        diagnosis=diagnosis.record,
        fingerprint=chart.fingerprint if chart.fingerprint and chart.fingerprint.channels else None,
    )
    return write_page(content, path)


def write_mended(mended: Mended, path: str | Path, *, signals: Signals | None = None, title: str = "") -> Path:
    """The page of a mend: before beside mended, on the recordings that prove it.

    Args:
        mended: what ``mend`` returned or ``load_mended`` read.
        path: file to write.
        signals: signals of judged recordings by name, for the timelines.
        title: head of the page.

    Raises:
        InputError: the path is a folder, or the mend was saved without its predictions.
    """
    if mended.prediction is None:
        raise InputError("report: expected a mend with its predictions. Received one that was saved without")
    names = shown_names(mended.prediction)
    after = part_of(mended.prediction, names)
    before = after
    if mended.diagnosis is not None and set(names) <= set(_judged(mended.diagnosis).names):
        before = part_of(_judged(mended.diagnosis), names)
    elif after.y_prob is not None:  # loaded, or diagnosed on val and proven on test
        before = undecided(after)
    content = content_of(
        after,
        [result_of("before", before), result_of("mended", after, caption=mended.record.name, prob=False)],
        title=title or "mend",
        signals=signals,
        judged_on=mended.certificate.judged_on,
        diagnosis=mended.diagnosis.record if mended.diagnosis is not None else None,
        certificate=mended.certificate,
        review=mended.review,
    )
    return write_page(content, path)


def _judged(diagnosis: Diagnosis) -> Prediction:
    assert diagnosis.chart.prediction is not None
    return diagnosis.chart.prediction


def content_of(
    prediction: Prediction,
    results: Sequence[Result],
    *,
    title: str,
    signals: Signals | None = None,
    diagnosis: DiagnosisRecord | None = None,
    provenance: Mapping[str, str] | None = None,
    **parts: Any,
) -> ReportContent:
    """Content of a page on the recordings of a prediction.

    Args:
        prediction: gives names, labels, reference and sampling rate.
        results: what is shown side by side.
        title: head of the page.
        signals: by name of recording; recordings without one show lanes only.
        diagnosis: its rules' texts are looked up.
        provenance: facts for the foot of the page.
        parts: further fields of ``ReportContent``; the review is read from the diagnosis where it is not given.
    """
    if diagnosis is not None:
        parts.setdefault("review", review_of(diagnosis, parts.get("fingerprint")))
    return ReportContent(
        title=title,
        labels=prediction.labels,
        names=prediction.names,
        results=tuple(results),
        rank=prediction.rank,
        multilabel=prediction.multilabel,
        y_true=prediction.y_true,
        instances=prediction.instances,
        signals=None if not signals else tuple(signals.get(name) for name in prediction.names),
        sampling_rate_hz=prediction.sampling_rate_hz,
        diagnosis=diagnosis,
        explanations=explanations(diagnosis),
        provenance={"made by": f"segmend {__version__}", **(provenance or {})},
        **parts,
    )


def result_of(
    name: str,
    prediction: Prediction,
    *,
    caption: str = "",
    scores: Any = None,
    soft: SoftScores | None = None,
    prob: bool = True,
) -> Result:
    """One column of the page: a prediction with its scores, computed where they are not given.

    Args:
        name: head of the column.
        prediction: what was predicted.
        caption: a few words below the name.
        scores: known scores.
        soft: known scores of its probabilities.
        prob: show its probabilities; False where another column shows the same ones.
    """
    from segmend.scoring import score

    if scores is None and prediction.y_true is not None:
        scores = score(prediction, soft=soft)
    return Result(
        name=name,
        caption=caption,
        y_pred=prediction.y_pred,
        scores=scores,
        y_prob=prediction.y_prob if prob else None,
        instances=prediction.predicted_instances,
    )


def part_of(prediction: Prediction, names: Sequence[str]) -> Prediction:
    """The recordings of the given names, in their order."""
    number = {name: k for k, name in enumerate(prediction.names)}
    kept = [number[name] for name in names]

    def rows(column: Any) -> Any:
        return None if column is None else tuple(column[k] for k in kept)

    columns = ("y_true", "y_pred", "y_prob", "reference", "predicted", "instances", "predicted_instances", "groups")
    chosen = {column: rows(getattr(prediction, column)) for column in columns}
    return dataclasses.replace(prediction, names=tuple(names), splits={}, **chosen)


def shown_names(prediction: Prediction) -> tuple[str, ...]:
    """Names of the recordings that a page shows: those of role test, else val, else all."""
    for wanted in ("test", "val"):
        members = {name for role, names in prediction.splits.items() if purpose(role) == wanted for name in names}
        if members:
            return tuple(name for name in prediction.names if name in members)
    return prediction.names
