"""M207: accuracy is all that is watched, where it says little."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, ClassVar

from segmend.artifacts.chart import Chart
from segmend.artifacts.finding import Finding, Remedy, Severity
from segmend.core.task import Kind
from segmend.diagnosis.rule import Rule
from segmend.diagnosis.shares import always_right
from segmend.diagnosis.wording import percent

AHEAD = 0.2
"""One and the same answer is right this much more often than with even classes: 70 % of two classes, 45 % of four. From
there on a model that has learnt nothing about the rare classes looks as good as one that has."""

HIDES = 0.1


class AccuracyOnly(Rule):
    """Accuracy is the only metric, and one and the same answer is right most of the time.

    What it finds:
        A model compiled with no metric but accuracy, on data of which one answer gets at least 20 points more right
        than it would with even classes.

    Why it matters:
        Accuracy rewards the frequent class. A model that never finds the rare ones, or that splits every item in two,
        shows a figure that looks good, and early stopping and model selection follow that figure.

    Evidence:
        What one and the same answer reaches, with its threshold; where there are predictions, accuracy beside macro
        F1. Imbalance alone is no fault (severity info): severity is warning where macro F1 lies 10 points or more below
        accuracy. What is watched hides a fault and does not make it, so it is never an error.

    Remedy:
        A metric that counts every class alike, and for items the segment score of whole recordings.

    Known limits:
        A metric is told by its name, and what callbacks watch is not known. Loss alone, without a metric, is not
        reported.
    """

    name = "accuracy-only"
    code = "M207"
    needs: ClassVar[tuple[str, ...]] = ("anatomy.metrics", "fingerprint")
    condition = True
    kinds: ClassVar[tuple[Kind, ...]] = ("segmentation", "classification")

    def examine(self, chart: Chart) -> Iterator[Finding]:
        """At most one finding."""
        assert chart.anatomy is not None
        found = always_right(chart)
        if found is None or not all(map(_is_accuracy, chart.anatomy.metrics)):
            return
        reached, even, answer = found
        if reached - even < AHEAD:
            return
        grave, shown = _hidden(chart)
        yield self.finding(
            f"Accuracy is the only metric, and always saying {answer} is right for {percent(reached)} of the "
            f"{chart.task.unit}: the figure says little about the others",
            severity=grave,
            evidence={
                "always_right": reached,
                "threshold": even + AHEAD,
                "metrics": list(chart.anatomy.metrics),
                **shown,
            },
            remedies=_remedies(chart),
        )


def _is_accuracy(metric: str) -> bool:
    name = metric.lower().replace("compile_metrics", "accuracy")
    return name == "acc" or ("accuracy" in name and "balanced" not in name)


def _hidden(chart: Chart) -> tuple[Severity, dict[str, Any]]:
    """Severity, and both figures, where predictions show what accuracy hides."""
    step = chart.scores.step if chart.scores else {}
    accuracy, macro = step.get("accuracy"), step.get("macro_f1")
    if accuracy is None or macro is None or not math.isfinite(accuracy - macro):
        return Severity.INFO, {}
    return Severity.WARNING if accuracy - macro >= HIDES else Severity.INFO, {"accuracy": accuracy, "macro_f1": macro}


def _remedies(chart: Chart) -> list[Remedy]:
    several = ", multilabel=True" if chart.task.labels == "multilabel" else ""
    labels = "" if chart.fingerprint is None else f"{len(chart.fingerprint.labels)}"
    found = [
        Remedy(
            name="watch-every-class",
            safety="manual",
            advice=f'Compile with metrics=["accuracy", segmend.metrics.of("macro_f1", labels={labels}{several})].',
        )
    ]
    if chart.task.kind == "segmentation":
        found.append(
            Remedy(
                name=f"watch-{chart.task.item}",
                safety="manual",
                advice=(
                    f"Judge whole {'recordings' if chart.task.rank == 1 else 'images'} by segmend.score(y_true, y_pred)"
                    f'["segment"]["f1@50"], and choose epochs by it (segmend.callbacks.SegmentScore).'
                ),
            )
        )
    return found
