"""P401: one class takes all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import numpy as np

from segmend.artifacts.chart import Chart
from segmend.artifacts.finding import Finding, Severity
from segmend.core.task import Kind
from segmend.diagnosis import lost, severity
from segmend.diagnosis.rule import Rule
from segmend.diagnosis.wording import listed, percent
from segmend.scoring.steps import StepTally


class SingleClassCollapse(Rule):
    """One class is predicted almost everywhere, and every other class that is there hardly ever.

    What it finds:
        Classes with at least 3 reference segments (objects of images, or recordings where these have classes) that are
        predicted on fewer than 5 % as many steps as they hold, and recalled on fewer than 5 % of those, where that is
        every class but one: the model has collapsed to that one. Where labels may overlap, it is every label. Where
        some classes are lost and others are not, see missed-class.

    Why it matters:
        A model that answers "background" everywhere has a high step accuracy where events are rare, and counts zero.

    Evidence:
        Predicted and true share of the steps, recall, and per lost class the area under the ROC curve of its
        probability, one class against the rest. From 0.80 the ranking is right and the threshold (the prior) is at
        fault; below 0.60 nothing was learnt. Severity is error.

    Remedy:
        Ranking right: decode with a threshold or a bias per class fitted on held-out recordings, or train with step
        weights.
        Nothing learnt: look at whether inputs and labels belong together, at the learning rate and at how many
        segments of the class there are to learn from, and begin again from untrained weights; no threshold helps.

    Known limits:
        Without probabilities the two cases cannot be told apart. A class with fewer than 3 segments is not judged. An
        AUC is high already when a class is told from an easy majority; it says nothing about borders.
    """

    name = "single-class-collapse"
    code = "P401"
    needs: ClassVar[tuple[str, ...]] = ("prediction", "scores")
    explains: ClassVar[tuple[str, ...]] = ("count-bias", "under-segmentation", "missed-segments", "slice-failure")
    moves = "down"
    kinds: ClassVar[tuple[Kind, ...]] = ("segmentation", "classification")

    def examine(self, chart: Chart) -> Iterator[Finding]:
        """One finding for a whole collapse."""
        prediction = chart.prediction
        assert prediction is not None
        found = lost.lost_of(prediction)
        if not found.whole:
            return
        names = [chart.labels.names[k] for k in found.classes]
        auc = lost.areas(prediction, found.classes)
        expected = lost.expected_of(chart, names)
        told, evidence = _taken(chart, found.steps) if found.steps.confusion is not None else ("", {})
        share = lost.share_told(chart, lost.held_share(found, found.classes))
        yield self.finding(
            f"{told}{_hardly(chart, names, share)}{lost.verdict(auc)}",
            severity=Severity.ERROR,
            where={"label": names[0]} if len(names) == 1 else {},
            evidence={**evidence, **lost.evidence(found, found.classes, auc)},
            remedies=lost.remedies_for(auc, expected, chart.task),
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


def _hardly(chart: Chart, names: list[str], share: str) -> str:
    """The lost classes, and how many steps they hold."""
    if chart.task.labels != "multilabel":
        return f"{listed(names)}, {share}, hardly ever"
    if len(names) == 1:
        return f"{names[0]}, which holds in {share}, is hardly ever predicted"
    return f"{len(names)} of {len(chart.labels)} labels are hardly ever predicted: {listed(names)}"
