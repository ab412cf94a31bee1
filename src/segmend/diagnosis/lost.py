"""Classes that are there and hardly ever predicted, and whether ranking or threshold is at fault."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from segmend.artifacts.chart import Chart
from segmend.artifacts.finding import Expected, Remedy
from segmend.artifacts.prediction import Prediction
from segmend.core.task import Task
from segmend.diagnosis import remedies, severity
from segmend.diagnosis.ranking import separation
from segmend.diagnosis.wording import number, percent
from segmend.scoring.meetings import meeting_of
from segmend.scoring.steps import StepTally, count_steps
from segmend.scoring.tallies import Tally, tally_of

THRESHOLD = 0.05
FEWEST = 3
LEARNT = 0.80
NOTHING = 0.60


@dataclass(frozen=True, slots=True, eq=False)
class Lost:
    """Classes that are lost.

    Attributes:
        steps: counts of steps.
        segments: counts of segments, None where whole recordings have labels.
        classes: numbers of the classes that are hardly predicted.
        present: numbers of all classes that are there.
        whole: whether nothing but one class is left; of overlapping labels, none.
    """

    steps: StepTally
    segments: Tally | None
    classes: list[int]
    present: list[int]
    whole: bool


def lost_of(prediction: Prediction) -> Lost:
    """The lost classes of a prediction with ``y_true``."""
    assert prediction.y_true is not None
    if prediction.rank:
        met = meeting_of(prediction)
        steps, segments = met.step, tally_of(met, None)
    else:
        steps = count_steps(prediction.y_true, prediction.y_pred, prediction.labels, multilabel=prediction.multilabel)
        segments = None
    lost, present = _hardly_predicted(steps, segments)
    # Of exclusive classes one is left that takes all; of overlapping ones none may be.
    whole = bool(lost) and len(present) - len(lost) == (0 if prediction.multilabel else 1)
    return Lost(steps, segments, lost, present, whole)


def _hardly_predicted(counted: StepTally, found: Tally | None) -> tuple[list[int], list[int]]:
    """Classes that are there and hardly predicted, and all classes that are there."""
    steps = counted.pooled()
    held, said = steps.tp + steps.fn, steps.tp + steps.fp
    segments = held if found is None else found.reference.sum(axis=0)
    background = counted.labels.background
    present = [k for k in np.flatnonzero(held).tolist() if k == background or segments[k] >= FEWEST]
    few = (said < THRESHOLD * held) & (steps.tp < THRESHOLD * held)
    return [k for k in present if few[k]], present


def missing(counts: Tally | None, classes: Sequence[int]) -> float:
    """Segments of the classes that the count lacks, as a share of all segments."""
    if counts is None:
        return 0.0
    lacking = (counts.reference - counts.predicted)[:, classes].sum()
    return max(0.0, float(lacking / max(counts.reference.sum(), 1)))


def evidence(found: Lost, classes: Sequence[int], auc: Sequence[float]) -> dict[str, Any]:
    """The numbers of lost classes: recall, and area under the ROC curve where there are probabilities."""
    names = [found.steps.labels.names[k] for k in classes]
    return {
        "lost": names,
        "threshold": THRESHOLD,
        "recall": float(found.steps.pooled().tp[list(classes)].sum() / _held(found, classes)),
        "auc": {name: value if np.isfinite(value) else None for name, value in zip(names, auc, strict=False)} or None,
        "fault": fault(auc),
    }


def held_share(found: Lost, classes: Sequence[int]) -> float:
    """Share of the judged steps that the classes hold."""
    return float(_held(found, classes) / max(1, found.steps.judged.sum()))


def _held(found: Lost, classes: Sequence[int]) -> int:
    """Steps that the classes hold."""
    pooled = found.steps.pooled()
    return int(pooled.tp[list(classes)].sum() + pooled.fn[list(classes)].sum())


def areas(prediction: Prediction, classes: Sequence[int]) -> list[float]:
    """Area under the ROC curve of each class against the rest; empty without probabilities."""
    if prediction.y_prob is None or prediction.y_true is None:
        return []
    return [separation(prediction.y_true, prediction.y_prob, k) for k in classes]


def _known(auc: Sequence[float]) -> list[float]:
    """Without those of classes that hold everywhere, which nothing can be told from."""
    return [value for value in auc if np.isfinite(value)]


def fault(auc: Sequence[float]) -> str | None:
    """Whether threshold or ranking is at fault, None where it is not known or in between."""
    if not (auc := _known(auc)):
        return None
    middle = float(np.median(auc))
    return "threshold" if middle >= LEARNT else "ranking" if middle < NOTHING else None


def verdict(auc: Sequence[float]) -> str:
    """What the areas tell, as the end of a message."""
    if not (auc := _known(auc)):
        return ""
    said = {
        "threshold": "the ranking is right, the threshold is at fault",
        "ranking": f"nothing was learnt of {'it' if len(auc) == 1 else 'them'}",
        None: "partly learnt",
    }
    low, high = number(min(auc)), number(max(auc))
    told = low if low == high else f"{low} to {high}, {number(float(np.median(auc)))} at the median"
    return f". AUC {told}: {said[fault(auc)]}"


def share_told(chart: Chart, share: float) -> str:
    """How many steps the lost classes hold, in words."""
    return f"{percent(share)} of the {chart.task.unit}"


def expected_of(chart: Chart, names: Sequence[str]) -> Expected:
    """What finding the lost segments again can bring: the better of adding and relabelling them."""
    if chart.task.kind == "classification":
        return severity.of_classes(chart, names)[1]
    label = names[0] if len(names) == 1 else None
    return severity.at_stake(chart, "deletion", "substitution", label=label)[1]


def remedies_for(auc: Sequence[float], expected: Expected, task: Task) -> list[Remedy]:
    """What to do: another threshold where the ranking is right, else a look at what is learnt."""
    weights = remedies.weigh(task, expected)
    if fault(auc) == "ranking":
        return [
            Remedy(
                name="check-what-is-learnt",
                safety="manual",
                advice="Look at whether inputs and labels belong together, and whether the training loss falls at all.",
            ),
            remedies.begin_anew(weights),
            weights,
        ]
    return [*remedies.rebalanced(task, expected), weights]
