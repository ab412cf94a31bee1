"""P401: one class takes all, or a class that is there is never predicted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

import numpy as np

from segmend.artifacts.chart import Chart
from segmend.artifacts.finding import Expected, Finding, Remedy, Severity
from segmend.artifacts.prediction import Prediction
from segmend.core.task import Kind
from segmend.core.types import IntArray
from segmend.diagnosis import remedies, severity
from segmend.diagnosis.ranking import separation
from segmend.diagnosis.rule import Rule
from segmend.diagnosis.wording import labels_apart, listed, number, percent
from segmend.scoring.meetings import meeting_of
from segmend.scoring.steps import StepTally, count_steps
from segmend.scoring.tallies import Tally, tally_of

THRESHOLD = 0.05
FEWEST = 3
LEARNT = 0.80
NOTHING = 0.60


class SingleClassCollapse(Rule):
    """One class is predicted almost everywhere, or a class that is there is hardly ever predicted.

    What it finds:
        Classes with at least 3 reference segments that are predicted on fewer than 5 % as many steps as they hold, and
        recalled on fewer than 5 % of those. When that is every class but one, the model has collapsed to that one.

    Why it matters:
        A model that answers "background" everywhere has a high step accuracy where events are rare, and counts zero.

    Evidence:
        Predicted and true share of the steps, recall, and per lost class the area under the ROC curve of its
        probability, one class against the rest. From 0.80 the ranking is right and the threshold (the prior) is at
        fault; below 0.60 nothing was learnt. Severity is error for a whole collapse, else what the lost segments cost
        on the oracle ladder.

    Remedy:
        Ranking right: decode with a threshold per class fitted on held-out recordings, or train with step weights.
        Nothing learnt: look at whether inputs and labels belong together, at the learning rate and at how many
        segments of the class there are to learn from; no threshold helps.

    Known limits:
        Without probabilities the two cases cannot be told apart. A class with fewer than 3 segments is not judged. An
        AUC is high already when a class is told from an easy majority; it says nothing about borders.
    """

    name = "single-class-collapse"
    code = "P401"
    needs: ClassVar[tuple[str, ...]] = ("prediction", "scores")
    explains: ClassVar[tuple[str, ...]] = ("count-bias", "under-segmentation")
    kinds: ClassVar[tuple[Kind, ...]] = ("segmentation", "classification")
    overlapping = False

    def examine(self, chart: Chart) -> Iterator[Finding]:
        """One finding for a whole collapse or when most classes are lost, else one per lost class."""
        prediction = chart.prediction
        assert prediction is not None and prediction.y_true is not None
        steps = count_steps(prediction.y_true, prediction.y_pred, prediction.labels, multilabel=prediction.multilabel)
        segments = None if prediction.rank == 0 else tally_of(meeting_of(prediction), None)
        lost, present = _lost(steps, segments)
        if not lost:
            return
        whole = len(present) - len(lost) == 1
        names = chart.labels.names
        apart = [lost] if whole else labels_apart(lost, len(present))
        for classes in apart:
            yield self._of(chart, steps.table(), segments, [names[k] for k in classes], classes, whole)

    def causes(self, mine: Finding, other: Finding) -> bool:
        """Lost classes explain merges, and counts that are too low, not those that are too high."""
        return super().causes(mine, other) and other.evidence.get("ratio", 0.0) < 1

    def _of(
        self,
        chart: Chart,
        steps: IntArray,
        segments: Tally | None,
        names: list[str],
        classes: list[int],
        whole: bool,
    ) -> Finding:
        assert chart.prediction is not None
        main = int(np.argmax(steps.sum(axis=0)))
        share, true_share = steps[:, main].sum() / steps.sum(), steps[main].sum() / steps.sum()
        auc = _auc(chart.prediction, classes)
        expected = _expected(chart, names)
        taken = f"{chart.labels.names[main]} is predicted on {percent(share)} of the {chart.task.unit} and holds {percent(true_share)}"
        held = steps[classes].sum()
        return self.finding(
            f"{taken}; {listed(names)}, {percent(held / steps.sum())} of the {chart.task.unit}, hardly ever{_verdict(auc)}",
            severity=Severity.ERROR
            if whole
            else severity.of_change(severity.gain(expected), _missing(segments, classes)),
            where={"label": names[0]} if len(names) == 1 else {},
            evidence={
                "class": chart.labels.names[main],
                "predicted_share": float(share),
                "reference_share": float(true_share),
                "lost": names,
                "threshold": THRESHOLD,
                "recall": float(steps[classes, classes].sum() / held),
                "auc": dict(zip(names, auc, strict=True)) if auc else None,
                "fault": _fault(auc),
            },
            remedies=_remedies(auc, expected),
            gain=severity.gain(expected),
        )


def _lost(counted: StepTally, found: Tally | None) -> tuple[list[int], list[int]]:
    """Classes that are there and hardly predicted, and all classes that are there."""
    steps = counted.table()
    held, said = steps.sum(axis=1), steps.sum(axis=0)
    segments = held if found is None else found.reference.sum(axis=0)
    background = counted.labels.background
    present = [k for k in np.flatnonzero(held).tolist() if k == background or segments[k] >= FEWEST]
    few = (said < THRESHOLD * held) & (np.diag(steps) < THRESHOLD * held)
    return [k for k in present if few[k]], present


def _missing(counts: Tally | None, classes: Sequence[int]) -> float:
    """Segments of the classes that the count lacks, as a share of all segments."""
    if counts is None:
        return 0.0
    lacking = (counts.reference - counts.predicted)[:, classes].sum()
    return max(0.0, float(lacking / max(counts.reference.sum(), 1)))


def _auc(prediction: Prediction, classes: Sequence[int]) -> list[float]:
    if prediction.y_prob is None or prediction.y_true is None:
        return []
    return [separation(prediction.y_true, prediction.y_prob, k) for k in classes]


def _fault(auc: Sequence[float]) -> str | None:
    """Whether threshold or ranking is at fault, None where it is not known or in between."""
    if not auc:
        return None
    middle = float(np.median(auc))
    return "threshold" if middle >= LEARNT else "ranking" if middle < NOTHING else None


def _verdict(auc: Sequence[float]) -> str:
    if not auc:
        return ""
    said = {
        "threshold": "the ranking is right, the threshold is at fault",
        "ranking": "nothing was learnt of them",
        None: "partly learnt",
    }
    low, high = number(min(auc)), number(max(auc))
    return f". AUC {low if low == high else f'{low} to {high}'}: {said[_fault(auc)]}"


def _expected(chart: Chart, names: Sequence[str]) -> Expected:
    """What finding the lost segments again can bring: the better of adding and relabelling them."""
    label = names[0] if len(names) == 1 else None
    kinds = [severity.from_oracle(chart, kind, label)[1] for kind in ("deletion", "substitution")]
    return max(kinds, key=severity.gain)


def _remedies(auc: Sequence[float], expected: Expected) -> list[Remedy]:
    threshold = remedies.decode("thresholds", expected)
    weights = remedies.weigh_steps()
    if _fault(auc) == "ranking":
        return [
            Remedy(
                name="check-what-is-learnt",
                safety="manual",
                advice="Look at whether inputs and labels belong together, and whether the training loss falls at all.",
            ),
            weights,
        ]
    return [threshold, weights]
