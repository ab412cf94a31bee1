"""P409: the ranking is right, the threshold is not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

import numpy as np

from segmend.artifacts.chart import Chart
from segmend.artifacts.finding import Finding
from segmend.core.task import Kind
from segmend.diagnosis import lost, remedies, repaired, severity
from segmend.diagnosis.ranking import separation
from segmend.diagnosis.rule import Rule
from segmend.diagnosis.threshold_fit import USUAL, ThresholdFit, fitted
from segmend.diagnosis.wording import labels_apart, listed, number

THRESHOLD = 0.05
"""Gain in F1 over steps; calibrated probabilities of good models gain less than half of this."""
ERRORS = 3.0
"""A gain is believed from so many of its standard errors over groups on."""
LEARNT = 0.80


class WrongThreshold(Rule):
    """The probabilities rank well, but another threshold per class gives better labels.

    What it finds:
        Classes whose F1 over steps rises by at least 0.05, and by 3 standard errors over groups, when they are labelled
        by a threshold of their own that was fitted to the F1 on other groups of recordings, and whose probability
        ranks well (area under the ROC curve of at least 0.80). When more than half of the classes (and at least 3)
        gain, one finding speaks for all of them. Classes that are hardly ever predicted are left to missed-class.

    Why it matters:
        The argmax asks which class is most probable, not which answer scores best. Weighted losses, balanced sampling
        and rare classes move probabilities away from 0.5, and then items are missed or invented although the model
        sees them. It is mended without training.

    Evidence:
        The fitted threshold, the F1 over steps now and with thresholds fitted on other groups (so that the gain is
        honest), its standard error, and the area under the ROC curve. Severity is what the same labels change in
        segment F1@50 and in the count ratio; of whole recordings, in the macro F1.

    Remedy:
        Decode with a fitted threshold per class, or with biases that take back weights of training and class
        frequencies. The message says which one; ``segmend mend`` fits and proves it.

    Known limits:
        Needs at least 3 groups of recordings (or recordings), or no honest gain can be told. Thresholds of exclusive
        classes compete: the class that exceeds its own by the largest factor wins. Better steps are not always better
        segments, and then the severity is info.
    """

    name = "wrong-threshold"
    code = "P409"
    needs: ClassVar[tuple[str, ...]] = ("prediction", "prediction.y_prob", "scores")
    explains: ClassVar[tuple[str, ...]] = ("missed-segments", "spurious-segments", "count-bias")
    kinds: ClassVar[tuple[Kind, ...]] = ("segmentation", "classification")

    def examine(self, chart: Chart) -> Iterator[Finding]:
        """One finding per class, or one for all when most classes gain."""
        prediction = chart.prediction
        assert prediction is not None and prediction.y_true is not None and prediction.y_prob is not None
        fit = fitted(prediction)
        if fit is None:
            return
        gain = np.nan_to_num(fit.after - fit.before)
        better = (gain >= THRESHOLD) & (gain > ERRORS * fit.error) & np.isfinite(fit.before)
        candidates = [k for k in chart.labels.foreground if better[k]]
        if candidates:
            gone = lost.lost_of(prediction).classes
            candidates = [k for k in candidates if k not in gone]
        auc = {k: separation(prediction.y_true, prediction.y_prob, k) for k in candidates}
        sick = [k for k in candidates if auc[k] >= LEARNT]
        for classes in labels_apart(sick, len(chart.labels.foreground)):
            yield self._of(chart, fit, classes, [auc[k] for k in classes])

    def causes(self, mine: Finding, other: Finding) -> bool:
        """A threshold that is too high explains what is missed, one that is too low what is invented."""
        low = mine.evidence["lower"]
        explained = {
            "missed-segments": low,
            "spurious-segments": not low,
            "count-bias": low == ((other.evidence.get("ratio") or 1.0) < 1),
        }
        return super().causes(mine, other) and explained.get(other.rule, False)

    def _of(self, chart: Chart, fit: ThresholdFit, classes: Sequence[int], auc: Sequence[float]) -> Finding:
        prediction = chart.prediction
        assert prediction is not None
        names = [chart.labels.names[k] for k in classes]
        now, then = (repaired.measured(prediction, rows) for rows in (prediction.y_pred, fit.y_pred))
        grave, expected = repaired.judged(chart, now, then)
        before, after = float(fit.before[classes].mean()), float(fit.after[classes].mean())
        own = {name: float(fit.threshold[k]) for name, k in zip(names, classes, strict=True)}
        told = listed([f"{number(value)} for {name}" for name, value in own.items()])
        mean = "" if len(classes) == 1 else "mean "
        who = f"{names[0]} is" if len(names) == 1 else f"{len(names)} classes are"
        return self.finding(
            f"{who} ranked well (AUC {number(min(auc))}), but labelled better by another "
            f"threshold: {told} raises the {mean}F1 of {chart.task.unit} from {number(before)} to {number(after)} in "
            f"groups it was not fitted to",
            severity=grave,
            where={"label": names[0]} if len(names) == 1 else {},
            evidence={
                "thresholds": own,
                "lower": float(np.median(list(own.values()))) < USUAL,
                "f1": before,
                "f1_with_thresholds": after,
                "standard_error": float(fit.error[classes].max()),
                "threshold": THRESHOLD,
                "auc": min(auc),
                "objective": expected.objective,
                "objective_now": expected.before,
                "objective_then": then.f1 if np.isfinite(then.f1) else None,
            },
            remedies=remedies.rebalanced(chart.task),
            gain=severity.gain(expected),
        )
