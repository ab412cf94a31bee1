"""P414: judged recordings look like none that the model was trained on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

import numpy as np

from segmend.artifacts.chart import Chart
from segmend.artifacts.finding import Finding, Remedy, Severity
from segmend.core.task import Kind
from segmend.core.types import BoolArray, FloatArray, IntArray
from segmend.diagnosis import repaired, severity
from segmend.diagnosis.familiarity import SPREADS, Far, far_from_training
from segmend.diagnosis.rule import Rule
from segmend.diagnosis.signal_facts import judged_facts, training_facts
from segmend.diagnosis.wording import holders, percent
from segmend.scoring.steps import count_steps


class UnfamiliarInput(Rule):
    """Judged recordings look like none that the model was trained on.

    What it finds:
        Recordings whose level, spread or noise on some channel lies at least 6 robust standard deviations from the
        median of the recordings of training, and at least 1.5 times as far out as the farthest of these.

    Why it matters:
        A network knows what it was trained on. Another gain, unit, sensor or noise carries it to where nobody taught
        it anything, and its probabilities are as sure there as anywhere.

    Evidence:
        Which recording, which channel and what of it, beside the median of training; how many recordings are far; and
        how often the model is right on them and on the others. Severity is what getting them all right gains in
        segment F1@50 (of whole recordings, macro F1): where the model copes with them it is info.

    Remedy:
        Another level or spread: standardise each recording by itself, in training too. More noise: add noise when
        training. Else train with recordings of that kind.

    Known limits:
        Needs a split that says what was trained on, at least 8 recordings of it, and their signals. What level, spread
        and noise do not show (another shape, another rate) is not seen.
    """

    name = "unfamiliar-input"
    code = "P414"
    needs: ClassVar[tuple[str, ...]] = ("prediction", "scores", "fingerprint.channels")
    explains: ClassVar[tuple[str, ...]] = (
        "slice-failure",
        "flickering",
        "over-segmentation",
        "under-segmentation",
        "spurious-segments",
        "missed-segments",
        "confused-pair",
        "count-bias",
    )
    kinds: ClassVar[tuple[Kind, ...]] = ("segmentation", "classification")

    def examine(self, chart: Chart) -> Iterator[Finding]:
        """One finding for all far recordings."""
        assert chart.fingerprint is not None
        ours, theirs = training_facts(chart), judged_facts(chart)
        if theirs is None:
            return
        far = far_from_training(ours, theirs, [each.name for each in chart.fingerprint.channels])
        if far:
            yield self._of(chart, far)

    def causes(self, mine: Finding, other: Finding) -> bool:
        """Strange recordings that are worse than others explain what goes wrong, and which part does."""
        if other.rule != "slice-failure":
            return other.rule in self.explains and mine.severity is not Severity.INFO
        same = other.evidence.get("slice") in (mine.evidence["kind"], "noise", "spread", "level")
        return other.rule in self.explains and (same or other.evidence.get("of") in mine.evidence["recordings"])

    def _of(self, chart: Chart, far: Sequence[Far]) -> Finding:
        prediction, where = chart.prediction, holders(chart.task)
        assert prediction is not None and prediction.y_true is not None
        which = np.zeros(len(prediction.names), bool)
        which[[each.recording for each in far]] = True
        first = far[0]
        right, others = _right(chart, which)
        grave, expected = repaired.judged(
            chart, *(repaired.measured(prediction, rows) for rows in (prediction.y_pred, _mended(chart, which)))
        )
        name = prediction.names[first.recording]
        compared = "" if others is None else f", of the others {percent(others)}"
        return self.finding(
            f"{int(which.sum())} of {which.size} {where} are unlike those of training: {name} has {first.told}. "
            f"{percent(right)} of their {chart.task.unit} are right{compared}",
            severity=grave,
            where={"recording": name, "channel": first.channel} if which.sum() == 1 else {},
            evidence={
                "recordings": [prediction.names[k] for k in np.flatnonzero(which).tolist()][:50],
                "far": int(which.sum()),
                "judged": which.size,
                "kind": first.kind,
                "channel": first.channel,
                "value": first.value,
                "usual": first.usual,
                "spreads": first.spreads,
                "threshold": SPREADS,
                "right": right,
                "right_of_others": others,
            },
            remedies=_remedies({each.kind for each in far}, chart),
            gain=severity.gain(expected),
        )


def _right(chart: Chart, which: BoolArray) -> tuple[float, float | None]:
    """Share of right steps in some recordings and in the others."""
    prediction = chart.prediction
    assert prediction is not None and prediction.y_true is not None
    counted = count_steps(prediction.y_true, prediction.y_pred, prediction.labels, multilabel=prediction.multilabel)
    right, judged = (np.asarray(column, np.float64) for column in (counted.right, counted.judged))
    return _share(right, judged, which), None if which.all() else _share(right, judged, ~which)


def _share(right: FloatArray, judged: FloatArray, which: BoolArray) -> float:
    return float(right[which].sum() / max(1.0, judged[which].sum()))


def _mended(chart: Chart, which: BoolArray) -> list[IntArray]:
    """The labels with what is true in some recordings."""
    prediction = chart.prediction
    assert prediction is not None and prediction.y_true is not None
    return [
        np.where(np.asarray(true) >= 0, true, said) if far else said
        for true, said, far in zip(prediction.y_true, prediction.y_pred, which.tolist(), strict=True)
    ]


def _remedies(kinds: set[str], chart: Chart) -> list[Remedy]:
    axes = "(0, 1)" if chart.task.rank == 2 else "0"
    code = f"x = (x - x.mean(axis={axes})) / x.std(axis={axes})"
    found = []
    if kinds & {"level", "spread"}:
        found.append(
            Remedy(
                name="standardise-each-recording",
                safety="manual",
                advice=f"Standardise each by itself, in training too: {code}.",
            )
        )
    if "noise" in kinds:
        found.append(
            Remedy(
                name="train-with-noise",
                safety="manual",
                advice="Add noise when training: segmend.augmentation.Noise(snr=(5, 30)).",
            )
        )
    return [
        *found,
        Remedy(
            name="train-with-such-data",
            safety="manual",
            advice=f"Train with {holders(chart.task)} of that kind, and do not trust probabilities on them before.",
        ),
    ]
