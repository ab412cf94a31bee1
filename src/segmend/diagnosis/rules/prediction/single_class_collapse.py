"""P401: one class takes all, or a class that is there is never predicted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

import numpy as np

from segmend.artifacts.chart import Chart
from segmend.artifacts.finding import Expected, Finding, Remedy, Severity
from segmend.artifacts.prediction import Prediction
from segmend.core.task import Kind, Task
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
        Classes with at least 3 reference segments (objects of images, or recordings where these have classes) that are
        predicted on fewer than 5 % as many steps as they hold, and recalled on fewer than 5 % of those. When that is
        every class but one, the model has collapsed to that one; where labels may overlap, when it is every label.

    Why it matters:
        A model that answers "background" everywhere has a high step accuracy where events are rare, and counts zero.

    Evidence:
        Predicted and true share of the steps, recall, and per lost class the area under the ROC curve of its
        probability, one class against the rest. From 0.80 the ranking is right and the threshold (the prior) is at
        fault; below 0.60 nothing was learnt. Severity is error for a whole collapse, else what the lost segments cost
        on the oracle ladder; of whole recordings, what the lost classes cost of the macro F1.

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

    def examine(self, chart: Chart) -> Iterator[Finding]:
        """One finding for a whole collapse or when most classes are lost, else one per lost class."""
        prediction = chart.prediction
        assert prediction is not None and prediction.y_true is not None
        steps = count_steps(prediction.y_true, prediction.y_pred, prediction.labels, multilabel=prediction.multilabel)
        segments = None if prediction.rank == 0 else tally_of(meeting_of(prediction), None)
        lost, present = _lost(steps, segments)
        if not lost:
            return
        # Of exclusive classes one is left that takes all; of overlapping ones none may be.
        whole = len(present) - len(lost) == (0 if prediction.multilabel else 1)
        apart = [lost] if whole else labels_apart(lost, len(present))
        for classes in apart:
            yield self._of(chart, steps, segments, classes, whole)

    def causes(self, mine: Finding, other: Finding) -> bool:
        """Lost classes explain merges, and counts that are too low, not those that are too high."""
        return super().causes(mine, other) and other.evidence.get("ratio", 0.0) < 1

    def _of(self, chart: Chart, steps: StepTally, segments: Tally | None, classes: list[int], whole: bool) -> Finding:
        assert chart.prediction is not None
        names = [chart.labels.names[k] for k in classes]
        found = steps.pooled()
        auc = _auc(chart.prediction, classes)
        expected = _expected(chart, names)
        told, evidence = _taken(chart, steps) if steps.confusion is not None else ("", {})
        held = found.tp[classes].sum() + found.fn[classes].sum()
        return self.finding(
            f"{told}{_hardly(chart, names, held / max(1, steps.judged.sum()))}{_verdict(auc)}",
            severity=Severity.ERROR
            if whole
            else severity.of_change(severity.gain(expected), _missing(segments, classes)),
            where={"label": names[0]} if len(names) == 1 else {},
            evidence={
                **evidence,
                "lost": names,
                "threshold": THRESHOLD,
                "recall": float(found.tp[classes].sum() / held),
                "auc": {name: value if np.isfinite(value) else None for name, value in zip(names, auc, strict=False)}
                or None,
                "fault": _fault(auc),
            },
            remedies=_remedies(auc, expected, chart.task),
            gain=severity.gain(expected),
        )


def _taken(chart: Chart, steps: StepTally) -> tuple[str, dict[str, Any]]:
    """The class that takes the others' place, where exactly one class holds."""
    table, unit = steps.table(), chart.task.unit
    main = int(np.argmax(table.sum(axis=0)))
    share, true_share = table[:, main].sum() / table.sum(), table[main].sum() / table.sum()
    name = chart.labels.names[main]
    text = f"{name} is predicted on {percent(share)} of the {unit} and holds {percent(true_share)}; "
    return text, {"class": name, "predicted_share": float(share), "reference_share": float(true_share)}


def _hardly(chart: Chart, names: list[str], share: float) -> str:
    """The lost classes, and how many steps they hold."""
    of = f"{percent(share)} of the {chart.task.unit}"
    if chart.task.labels != "multilabel":
        return f"{listed(names)}, {of}, hardly ever"
    if len(names) == 1:
        return f"{names[0]}, which holds in {of}, is hardly ever predicted"
    return f"{len(names)} of {len(chart.labels)} labels are hardly ever predicted: {listed(names)}"


def _lost(counted: StepTally, found: Tally | None) -> tuple[list[int], list[int]]:
    """Classes that are there and hardly predicted, and all classes that are there."""
    steps = counted.pooled()
    held, said = steps.tp + steps.fn, steps.tp + steps.fp
    segments = held if found is None else found.reference.sum(axis=0)
    background = counted.labels.background
    present = [k for k in np.flatnonzero(held).tolist() if k == background or segments[k] >= FEWEST]
    few = (said < THRESHOLD * held) & (steps.tp < THRESHOLD * held)
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


def _known(auc: Sequence[float]) -> list[float]:
    """Without those of classes that hold everywhere, which nothing can be told from."""
    return [value for value in auc if np.isfinite(value)]


def _fault(auc: Sequence[float]) -> str | None:
    """Whether threshold or ranking is at fault, None where it is not known or in between."""
    if not (auc := _known(auc)):
        return None
    middle = float(np.median(auc))
    return "threshold" if middle >= LEARNT else "ranking" if middle < NOTHING else None


def _verdict(auc: Sequence[float]) -> str:
    if not (auc := _known(auc)):
        return ""
    said = {
        "threshold": "the ranking is right, the threshold is at fault",
        "ranking": f"nothing was learnt of {'it' if len(auc) == 1 else 'them'}",
        None: "partly learnt",
    }
    low, high = number(min(auc)), number(max(auc))
    told = low if low == high else f"{low} to {high}, {number(float(np.median(auc)))} at the median"
    return f". AUC {told}: {said[_fault(auc)]}"


def _expected(chart: Chart, names: Sequence[str]) -> Expected:
    """What finding the lost segments again can bring: the better of adding and relabelling them."""
    if chart.task.kind == "classification":
        return severity.of_classes(chart, names)[1]
    label = names[0] if len(names) == 1 else None
    kinds = [severity.from_oracle(chart, kind, label)[1] for kind in ("deletion", "substitution")]
    return max(kinds, key=severity.gain)


def _remedies(auc: Sequence[float], expected: Expected, task: Task) -> list[Remedy]:
    threshold = remedies.find_again(task, expected)
    weights = remedies.weigh(task)
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
