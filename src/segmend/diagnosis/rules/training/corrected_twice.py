"""T202: classes are balanced by sampling and weighed against their rarity on top of that."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, NamedTuple

from segmend.artifacts.chart import Chart
from segmend.artifacts.finding import Finding, Remedy, Severity
from segmend.artifacts.fingerprint import Fingerprint
from segmend.core.task import Kind
from segmend.diagnosis import severity
from segmend.diagnosis.linking import lowers
from segmend.diagnosis.rule import Rule
from segmend.diagnosis.wording import number, percent

WEIGHED = 2.0
SAMPLED = 2.0
OUTWEIGHS = 2.0
BALANCED = 0.67
OVER = 1.2


class Twice(NamedTuple):
    """A class that is corrected twice.

    Attributes:
        label, most: class numbers, its own and that of the most frequent class.
        share, share_most: of the training data, as sampled.
        weight: its weight over that of the most frequent class.
        odds: how much it counts in the loss over the most frequent class.
        sampled: times that sampling raised it against the data that are judged; None where these do not tell.
        over: predicted over true share of it; None without predictions.
    """

    label: int
    most: int
    share: float
    share_most: float
    weight: float
    odds: float
    sampled: float | None
    over: float | None


class CorrectedTwice(Rule):
    """A rare class is sampled more often and weighed more heavily, too.

    What it finds:
        A class with at least twice the weight of the most frequent one, in training data in which sampling has raised
        it at least twofold against the validation data already (or, where there are none, in which it is at least 0.67
        times as frequent), so that in the loss it counts at least twice as much as the most frequent class.

    Why it matters:
        Each correction alone makes the rare class count as much as the others. Both together make it the most
        important one: the model says it too often, and its probabilities are too high by the same factor.

    Evidence:
        Shares of both classes in training and validation data, the weights, and how much the class outweighs the most
        frequent one, with the thresholds: balanced weights on the data as they are sampled give 1. Where there are
        predictions, it must show: the class must be predicted at least 1.2 times as often as it is there, recall
        being above precision. Severity is what its wrong predictions cost.

    Remedy:
        One of the two: the data as they are with weights, or the balanced sample without. Either raises probabilities
        of the rare class, so choose its threshold on validation data.

    Known limits:
        Sampling within batches on the way to ``fit`` is only seen where those batches are what ``diagnose`` is given.
        Weights that are meant to be costs look the same.
    """

    name = "corrected-twice"
    code = "T202"
    needs: ClassVar[tuple[str, ...]] = ("fingerprint", "fit_arguments")
    explains: ClassVar[tuple[str, ...]] = ("miscalibrated", "wrong-threshold", "spurious-segments", "count-bias")
    moves = "up"
    kinds: ClassVar[tuple[Kind, ...]] = ("segmentation", "classification")
    overlapping: ClassVar[bool] = False

    def examine(self, chart: Chart) -> Iterator[Finding]:
        """At most one finding, of the class that outweighs most."""
        found = list(_twice(chart))
        if found:
            yield self._of(chart, max(found, key=lambda each: each.odds))

    def causes(self, mine: Finding, other: Finding) -> bool:
        """A class that is counted double explains thresholds that are too low for it, not too high ones."""
        return super().causes(mine, other) and not (other.rule == "wrong-threshold" and lowers(other))

    def _of(self, chart: Chart, seen: Twice) -> Finding:
        names = chart.labels.names
        label, most, unit = names[seen.label], names[seen.most], chart.task.unit
        shown = "" if seen.over is None else f"; it is predicted {number(seen.over)} times as often as it is there"
        grave, gain = _cost(chart, label, seen)
        return self.finding(
            f"{label} holds {percent(seen.share)} of the training {unit} and {most} {percent(seen.share_most)}, and "
            f"{label} is weighed {number(seen.weight)} times as heavily, so that it counts {number(seen.odds)} times "
            f"as much as {most}{shown}",
            severity=grave,
            where={"label": label} if label in chart.labels.foreground_names else {},
            evidence={
                "share": seen.share,
                "most_frequent": most,
                "share_of_most_frequent": seen.share_most,
                "weight_ratio": seen.weight,
                "outweighs": seen.odds,
                "threshold": OUTWEIGHS,
                "sampled_up": seen.sampled,
                "predicted_over_true": seen.over,
            },
            remedies=_remedies(seen),
            gain=gain,
        )


def _twice(chart: Chart) -> Iterator[Twice]:
    assert chart.fingerprint is not None
    weights = _weights(chart)
    train, judged = _shares(chart.fingerprint, held_out=False), _shares(chart.fingerprint, held_out=True)
    reference = judged or train
    if not weights or len(train) < 2 or len(train) != len(reference):
        return
    most = max(range(len(reference)), key=reference.__getitem__)
    for label, share in enumerate(train):
        weight = weights.get(label, 1.0) / max(weights.get(most, 1.0), 1e-12)
        if label == most or min(share, train[most], reference[label]) <= 0 or weight < WEIGHED:
            continue
        sampled = (share / train[most]) / (reference[label] / reference[most]) if judged else None
        by_sampling = share / train[most] >= BALANCED if sampled is None else sampled >= SAMPLED
        odds, over = weight * share / train[most], _over(chart, label)
        if by_sampling and odds >= OUTWEIGHS and (over is None or over >= OVER):
            yield Twice(label, most, share, train[most], weight, odds, sampled, over)


def _weights(chart: Chart) -> dict[int, float]:
    """Weight of each class number, as given to fit or as the samples' weights come to."""
    given: Any = chart.fit_arguments.get("class_weight")
    by_class = given if isinstance(given, Mapping) and given else (chart.probe or {}).get("weight_by_class") or {}
    return {int(label): float(weight) for label, weight in by_class.items()}


def _shares(fingerprint: Fingerprint, *, held_out: bool) -> list[float]:
    """Share of each class number in the data that are trained on, or in those held out; empty where there are none."""
    rows = [
        each.class_steps
        for each in fingerprint.recordings
        if each.class_steps and (each.role not in (None, "train")) is held_out
    ]
    total = [sum(column) for column in zip(*rows, strict=False)]
    return [count / sum(total) for count in total] if sum(total) else []


def _over(chart: Chart, label: int) -> float | None:
    """How much more often a class is predicted than it is there: recall over precision."""
    if chart.scores is None:
        return None
    row = chart.scores.step["per_class"].get(chart.labels.names[label], {})
    recall, precision = row.get("recall"), row.get("precision")
    if recall is None or precision is None or not math.isfinite(recall) or not precision > 0:
        return 0.0
    return float(recall / precision)


def _cost(chart: Chart, label: str, seen: Twice) -> tuple[Severity, float]:
    if seen.over is None:
        return Severity.INFO, 0.0
    grave, expected = severity.at_stake(chart, "insertion", "substitution", "borders", label=label)
    return grave, severity.gain(expected)


def _remedies(seen: Twice) -> list[Remedy]:
    return [
        Remedy(
            name="leave-out-the-weights",
            safety="manual",
            advice="Train on the same sample without class_weight and without weights by class in sample_weight.",
        ),
        Remedy(
            name="leave-out-the-sampling",
            safety="manual",
            advice="Train on the data as they are, with weights worked out on them: "
            'segmend.class_weights(y, scheme="balanced").',
        ),
    ]
