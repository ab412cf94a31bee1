"""P412: items of one class are taken for those of one other class."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from segmend.artifacts.chart import Chart
from segmend.artifacts.finding import Expected, Finding, Remedy, Severity
from segmend.artifacts.prediction import Prediction
from segmend.core.task import Kind, Task
from segmend.core.types import IntArray
from segmend.diagnosis import remedies, repaired, severity
from segmend.diagnosis.chance import SURE, at_least
from segmend.diagnosis.rule import Rule
from segmend.diagnosis.wording import number, percent
from segmend.scoring.meetings import meeting_of
from segmend.scoring.ranking import roc_auc
from segmend.scoring.steps import count_steps
from segmend.scoring.steps.probabilities import judged_steps

THRESHOLD = 0.10
TOLERATED = 0.03
FEWEST = 3
MOST = 3
RANKED = 0.90


@dataclass(frozen=True, slots=True)
class Pair:
    """Two classes that are mistaken for each other, and how many items in either direction."""

    one: int
    other: int
    there: int
    back: int


class ConfusedPair(Rule):
    """Items of one class are taken for items of one certain other class.

    What it finds:
        Pairs of classes where at least 10 % of the items of one (and 3) are predicted as the other, more than chance
        makes of 3 % (probability below 0.001), and where these are at least half of all that this class is mistaken
        for, and a third more than if mistakes were spread evenly. An item of a signal or image is mistaken if the
        predicted item of the other class has an IoU of at least 0.5 with it and neither meets anything of its own
        class; of whole recordings the confusion matrix is read. At most the 3 worst pairs are told.

    Why it matters:
        The total count stays right while both classes' counts are wrong. Two classes that are mistaken for each other
        are one question (what tells them apart?), which other data or channels answer, not more of the same training.

    Evidence:
        Items mistaken in either direction, of how many, and the area under the ROC curve of the one probability over
        the sum of both, on what belongs to either: from 0.90 the model does tell them apart, and only its threshold is
        off. Severity is what giving these items their class gains in segment F1@50; of whole recordings, in macro F1.

    Remedy:
        Told apart by the probabilities: decode with a threshold per class, and where people or sites are known by the
        class frequencies of each. Told apart by what stands before and after:
        decode with a price for each change from class to class. Otherwise raise what this mistake costs in the loss,
        look at whether the annotators agree on the two, or count them as one class.

    Known limits:
        In signals and images mistakes of an IoU below 0.5 are told as missed and spurious segments. With two classes
        of whole recordings every error is a confusion, and nothing is told.
    """

    name = "confused-pair"
    code = "P412"
    needs: ClassVar[tuple[str, ...]] = ("prediction", "scores")
    explains: ClassVar[tuple[str, ...]] = ("count-bias",)
    kinds: ClassVar[tuple[Kind, ...]] = ("segmentation", "classification")

    def serves(self, task: Task) -> bool:
        """Labels of whole recordings that may overlap are not mistaken for each other."""
        return super().serves(task) and (task.kind == "segmentation" or task.labels != "multilabel")

    def examine(self, chart: Chart) -> Iterator[Finding]:
        """One finding per pair, the worst first."""
        assert chart.prediction is not None
        table, held = mistaken(chart.prediction)
        foreground = chart.labels.foreground
        if len(foreground) < (2 if chart.task.kind == "segmentation" else 3):
            return
        pairs = {tuple(sorted((a, b))) for a in foreground for b in foreground if a != b and _often(table, held, a, b)}
        ways = [max((a, b), (b, a), key=lambda way: _share(table, held, *way)) for a, b in pairs]
        found = [Pair(one, other, int(table[one, other]), int(table[other, one])) for one, other in ways]
        for pair in sorted(found, key=lambda p: (-p.there - p.back, p.one, p.other))[:MOST]:
            yield self._of(chart, pair, held)

    def causes(self, mine: Finding, other: Finding) -> bool:
        """Mistaking one class for the other leaves the total and moves the counts of both."""
        return other.rule in self.explains and other.where.get("label") in mine.evidence["pair"]

    def _of(self, chart: Chart, pair: Pair, held: IntArray) -> Finding:
        assert chart.prediction is not None
        one, other = (chart.labels.names[k] for k in (pair.one, pair.other))
        auc = _told_apart(chart.prediction, pair)
        grave, expected = _cost(chart, pair)
        item = chart.task.item
        back = f", and {pair.back} of {held[pair.other]} of {other} for {one}" if pair.back else ""
        verdict = "" if auc is None else f". Their probabilities tell them apart with an AUC of {number(auc)}"
        return self.finding(
            f"{pair.there} of {held[pair.one]} {item} of {one} ({percent(pair.there / held[pair.one])}) are taken for "
            f"{other}{back}{verdict}",
            severity=grave,
            where={"label": one},
            evidence={
                "pair": [one, other],
                "mistaken": pair.there,
                "reference": int(held[pair.one]),
                "share": pair.there / int(held[pair.one]),
                "mistaken_back": pair.back,
                "reference_back": int(held[pair.other]),
                "threshold": THRESHOLD,
                "auc": auc,
            },
            remedies=_remedies(chart, pair, auc, expected),
            gain=severity.gain(expected),
        )


def mistaken(prediction: Prediction) -> tuple[IntArray, IntArray]:
    """Items of each class (row) that are taken for another (column), and how many there are of each class."""
    classes = len(prediction.labels)
    if prediction.rank == 0:
        assert prediction.y_true is not None
        table = count_steps(prediction.y_true, prediction.y_pred, prediction.labels).table()
        return table - np.diag(np.diag(table)), table.sum(axis=1)
    met = meeting_of(prediction)
    swapped = met.kinds().substituted
    code = met.reference.label[swapped.reference] * classes + met.prediction.label[swapped.prediction]
    table = np.bincount(code, minlength=classes**2).reshape(classes, classes)
    return table, np.bincount(met.reference.label, minlength=classes)


def _share(table: IntArray, held: IntArray, one: int, other: int) -> float:
    """How much of a class is taken for another; below 0 where there is nothing of it."""
    return float(table[one, other] / held[one]) if held[one] else -1.0


def _often(table: IntArray, held: IntArray, one: int, other: int) -> bool:
    """Whether the first class is taken for the second far too often, and for others less."""
    count, of = int(table[one, other]), int(held[one])
    if count < max(FEWEST, THRESHOLD * of) or at_least(count, of, TOLERATED) >= SURE:
        return False
    others = len(held) - 1
    return count >= table[one].sum() * max(0.5, min(1.0, 4 / 3 / others) if others > 1 else 0.0)


def _told_apart(prediction: Prediction, pair: Pair) -> float | None:
    """Area under the ROC curve between the two, where the truth is one of them."""
    if prediction.y_prob is None or prediction.y_true is None:
        return None
    steps = judged_steps(prediction.y_true, prediction.y_prob, multilabel=prediction.multilabel)
    first, second = steps.holds(pair.one), steps.holds(pair.other)
    either = first ^ second
    ours, theirs = (steps.y_prob[either, k].astype(np.float64) for k in (pair.one, pair.other))
    auc = roc_auc(second[either], theirs / np.maximum(ours + theirs, 1e-12))
    return auc if np.isfinite(auc) else None


def _cost(chart: Chart, pair: Pair) -> tuple[Severity, Expected]:
    """Severity, and what giving the mistaken items their class brings."""
    prediction = chart.prediction
    assert prediction is not None and prediction.y_true is not None
    if prediction.rank == 0:
        two = (pair.one, pair.other)
        mended = [
            true if np.isin(true, two) and np.isin(said, two) else said
            for true, said in zip(prediction.y_true, prediction.y_pred, strict=True)
        ]
        return repaired.judged(chart, *(repaired.measured(prediction, rows) for rows in (prediction.y_pred, mended)))
    expected = severity.with_matches(chart, pair.there + pair.back)
    return severity.of_change(severity.gain(expected), 0.0), expected


def _remedies(chart: Chart, pair: Pair, auc: float | None, expected: Expected) -> list[Remedy]:
    one, other = (chart.labels.names[k] for k in (pair.one, pair.other))
    look = Remedy(
        name="look-at-the-pair",
        safety="manual",
        advice=f"Look at some {chart.task.item} of {one} and {other} side by side: if people do not agree on them "
        "either, count them as one class; if they do, give the model what they go by.",
    )
    raise_cost = Remedy(
        name="raise-the-cost",
        safety="manual",
        advice=f"Train with the mistake at a higher cost: cost = 1 - np.eye({len(chart.labels)}); "
        f"cost[{pair.one}, {pair.other}] = cost[{pair.other}, {pair.one}] = 3; "
        "loss=segmend.losses.CrossEntropy() + segmend.losses.ExpectedCost(cost=cost).",
    )
    found = [raise_cost, look] if chart.task.labels != "multilabel" else [look]
    decoders = [remedies.find_again(chart.task, expected)] if auc is not None and auc >= RANKED else []
    signals = chart.task.kind == "segmentation" and chart.task.rank == 1
    if chart.prediction is not None and chart.prediction.groups and (signals or chart.task.kind == "classification"):
        decoders.append(remedies.decode("prior_shift", expected))
    if signals:
        decoders.append(remedies.decode("hidden_markov", expected))
    return [*decoders, *found]
