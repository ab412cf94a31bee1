"""Report content made in milliseconds."""

from __future__ import annotations

from typing import Any

import numpy as np

from segmend.artifacts.finding import DiagnosisRecord, Expected, Finding, OracleRung, Remedy, Severity, Skipped
from segmend.artifacts.plan import Choice, Plan
from segmend.artifacts.prediction import Prediction
from segmend.artifacts.review import Doubt, Review
from segmend.artifacts.scores import Scores
from segmend.artifacts.trial import Certificate, Interval, Outcome, Trial
from segmend.core.labels import Labels
from segmend.reporting.content import ReportContent, Result
from segmend.scoring import score


def lane(rng: np.random.Generator, steps: int, classes: int, mean: float) -> np.ndarray:
    """Runs of random classes with geometric lengths."""
    lengths = rng.geometric(1 / mean, size=max(4, int(3 * steps / mean)))
    return np.repeat(rng.integers(0, classes, len(lengths)), lengths)[:steps].astype(np.int64)


def broken(rng: np.random.Generator, true: np.ndarray, classes: int, rate: float) -> np.ndarray:
    """The reference with single steps set to random classes."""
    return np.where(rng.random(len(true)) < rate, rng.integers(0, classes, len(true)), true)


def soft(rng: np.random.Generator, pred: np.ndarray, classes: int) -> np.ndarray:
    """Probabilities whose argmax is the prediction."""
    noise = rng.random((len(pred), classes)).astype(np.float32)
    noise[np.arange(len(pred)), pred] += 1.0
    return noise / noise.sum(axis=1, keepdims=True)


def scores(labels: Labels, names: tuple[str, ...], y_true: Any, y_pred: Any) -> Scores:
    """The ruler's scores."""
    return score(Prediction(names=names, labels=labels, y_true=y_true, y_pred=y_pred))


def diagnosis() -> DiagnosisRecord:
    """One cause with what it explains, a ladder and a skipped rule."""
    expected = Expected(objective="segment_f1@50", before=0.03, at_most=0.81)
    decode = Remedy(
        name="decode-viterbi",
        safety="safe",
        edits={"decoder": "viterbi"},
        advice="fit a switch penalty",
        expected=expected,
    )
    retrain = Remedy(name="longer-field", safety="manual", advice="Give the model a field of 900 steps.")
    cause = Finding(
        rule="receptive-field-too-short",
        code="M201",
        severity=Severity.ERROR,
        message="Each output sees 5 steps; half of the segments are longer than 1,774.",
        evidence={"field": 5, "median_length": 1774.0},
        remedies=(retrain,),
    )
    effect = Finding(
        rule="over-segmentation",
        code="P402",
        severity=Severity.ERROR,
        where={"label": "ROW"},
        explained_by=("receptive-field-too-short",),
        message="91.2 predicted segments for each reference segment of ROW.",
        evidence={"ratio": 91.2, "threshold": 1.5, "reference": 6, "predicted": 547},
        remedies=(decode,),
    )
    ladder = tuple(
        OracleRung(if_fixed=kind, segment_f1_50=f1, count_mae=mae, count_ratio=ratio)
        for kind, f1, mae, ratio in (
            (None, 0.03, 1210.0, 91.2),
            ("fragmentation", 0.81, 19.0, 2.1),
            ("insertion", 0.05, 800.0, 40.0),
            ("merge", 0.03, 1210.0, 91.2),
        )
    )
    return DiagnosisRecord(
        task={"kind": "segmentation", "labels": "multiclass", "rank": 1, "classes": 8},
        judged_on="validation_data",
        findings=(cause, effect),
        oracle=ladder,
        checked=("over-segmentation", "receptive-field-too-short"),
        skipped=(Skipped(rule="overfitting", because="no history given"),),
    )


def certificate() -> Certificate:
    """A mend that helped."""
    outcome = Outcome(
        trial=Trial(name="decode-viterbi", edits={"decoder": "viterbi"}, because=("over-segmentation",)),
        before={"objective": 0.03, "count_ratio": 91.2},
        after={"objective": 0.77, "count_ratio": 1.1},
        change=Interval(difference=0.74, low=0.61, high=0.8, unit="recordings"),
        inner=0.75,
        seconds=2.5,
    )
    return Certificate(
        verdict="helped",
        objective="segment_f1@50",
        chosen="decode-viterbi",
        outcome=outcome,
        tried=(outcome,),
        control={"drawn": 20, "beaten": 0.95},
        mean_count_mae=0.4,
        judged_on="3 people never used",
        note="Look at IR and ER next.",
    )


def review() -> Review:
    """One place whose label looks wrong."""
    told = "PEN looks like ABD"
    return Review(places=(Doubt(kind="mislabelled", recording="p", start=5, stop=9, label="PEN", told=told),))


def plan() -> Plan:
    """Two choices."""
    return Plan(
        choices={
            "window": {"length": Choice(value=4096, because="1.5 x the longest field", source="duration.p95")},
            "model": {"filters": Choice(value=32, because="244,102 steps to learn from", source="steps")},
        }
    )


def content(
    *,
    recordings: int = 3,
    steps: int = 4000,
    names: tuple[str, ...] = ("PEN", "ABD", "FEL"),
    mean: float = 300,
    **more: Any,
) -> ReportContent:
    """A broken and a mended result on random lanes."""
    rng = np.random.default_rng(0)
    labels = Labels.of(names, background=None)
    classes = len(labels)
    called = tuple(f"person {k + 1}" for k in range(recordings))
    y_true = tuple(lane(rng, steps, classes, mean) for _ in range(recordings))
    worse = tuple(broken(rng, row, classes, 0.05 * (k + 1) / recordings) for k, row in enumerate(y_true))
    results = (
        Result(
            name="before",
            caption="two convolutions",
            y_pred=worse,
            scores=scores(labels, called, y_true, worse),
            y_prob=tuple(soft(rng, row, classes) for row in worse),
        ),
        Result(name="mended", caption="viterbi", y_pred=y_true, scores=scores(labels, called, y_true, y_true)),
    )
    given = {
        "title": "wrist",
        "labels": labels,
        "names": called,
        "results": results,
        "y_true": y_true,
        "signals": tuple(np.cumsum(rng.normal(size=(steps, 3)), axis=0) for _ in range(recordings)),
        "channels": ("ax", "ay", "az"),
        "sampling_rate_hz": 50.0,
        "judged_on": "test",
        "provenance": {"seed": "0"},
    }
    return ReportContent(**{**given, **more})
