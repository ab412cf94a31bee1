"""P405: a class that is there is hardly ever predicted, while others are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from segmend.artifacts.chart import Chart
from segmend.artifacts.finding import Finding
from segmend.core.task import Kind
from segmend.diagnosis import lost, severity
from segmend.diagnosis.lost import Lost
from segmend.diagnosis.rule import Rule
from segmend.diagnosis.wording import labels_apart, listed


class MissedClass(Rule):
    """A class that is there is hardly ever predicted, while other classes are.

    What it finds:
        Classes with at least 3 reference segments (objects of images, or recordings where these have classes) that are
        predicted on fewer than 5 % as many steps as they hold, and recalled on fewer than 5 % of those. Where that is
        all classes but one, see single-class-collapse. When at least 3 classes and more than half of those that are
        there are lost, one finding speaks for all of them.

    Why it matters:
        A rare class hardly moves the loss or the accuracy, so a model may leave it out altogether and look good; every
        item of it is missing from the count.

    Evidence:
        What the class holds, how much of it is recalled, and the area under the ROC curve of its probability against
        the rest. From 0.80 the ranking is right and the threshold (the prior) is at fault; below 0.60 nothing was
        learnt. Severity is what the lost segments cost on the oracle ladder, and what the count lacks; of whole
        recordings, what the lost classes cost of the macro F1.

    Remedy:
        Ranking right: decode with a threshold or a bias per class fitted on held-out recordings, or train with step
        weights.
        Nothing learnt: look at whether inputs and labels belong together and at how many segments of the class there
        are to learn from, and begin again from untrained weights; no threshold helps.

    Known limits:
        A class that is recalled a little, from 5 % of its steps on, is left to missed-segments. A class with fewer than
        3 segments is not judged. Without probabilities ranking and threshold cannot be told apart.
    """

    name = "missed-class"
    code = "P405"
    needs: ClassVar[tuple[str, ...]] = ("prediction", "scores")
    explains: ClassVar[tuple[str, ...]] = ("count-bias", "under-segmentation", "missed-segments", "slice-failure")
    moves = "down"
    kinds: ClassVar[tuple[Kind, ...]] = ("segmentation", "classification")

    def examine(self, chart: Chart) -> Iterator[Finding]:
        """One finding when most classes are lost, else one per lost class."""
        assert chart.prediction is not None
        found = lost.lost_of(chart.prediction)
        if found.whole:
            return
        for classes in labels_apart(found.classes, len(found.present)):
            yield self._of(chart, found, classes)

    def _of(self, chart: Chart, found: Lost, classes: list[int]) -> Finding:
        assert chart.prediction is not None
        names = [chart.labels.names[k] for k in classes]
        auc = lost.areas(chart.prediction, classes)
        expected = lost.expected_of(chart, names)
        share = lost.share_told(chart, lost.held_share(found, classes))
        who = (
            f"{names[0]}, which holds {share}, is"
            if len(names) == 1
            else f"{len(names)} of {len(found.present)} classes, which hold {share}, are"
        )
        which = "" if len(names) == 1 else f": {listed(names)}"
        return self.finding(
            f"{who} hardly ever predicted{which}{lost.verdict(auc)}",
            severity=severity.of_change(severity.gain(expected), lost.missing(found.segments, classes)),
            where={"label": names[0]} if len(names) == 1 else {},
            evidence=lost.evidence(found, classes, auc),
            remedies=lost.remedies_for(auc, expected, chart.task),
            gain=severity.gain(expected),
        )
