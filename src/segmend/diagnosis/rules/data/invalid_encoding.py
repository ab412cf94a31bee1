"""D102: labels that cannot be what they are taken for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from segmend.artifacts.chart import Chart
from segmend.artifacts.finding import Finding, Remedy, Severity
from segmend.core.task import Kind
from segmend.diagnosis.encoding import misfit
from segmend.diagnosis.endings import Ending, ending_of
from segmend.diagnosis.rule import Rule


class InvalidEncoding(Rule):
    """Labels are written in a way that no model of this kind can learn from.

    What it finds:
        Labels that are NaN; rows of one value for each class that hold none, several, or fractions which do not sum to
        1, where the model says that exactly one class holds; values outside 0 to 1 for a binary loss, such as masks of
        0 and 255; fractions in place of class numbers; class numbers below 0 (but for -1) or beyond the outputs.

    Why it matters:
        Losses do not check labels. Random numbers in place of one-hot rows give a loss that falls and a model that has
        learnt nothing; a class number beyond the outputs gives NaN on one machine and a silent 0 on another.

    Evidence:
        How many values or rows are wrong; the threshold is 0. Severity is error, and warning for rows without a class
        alone, which may be meant as padding.

    Remedy:
        One line that writes the labels as they are meant, for the case at hand.

    Known limits:
        Where nothing is known of the model's end, rows of several classes are what multi-label data look like. Soft
        labels, fractions that sum to 1, are right and are left alone, as are the targets of losses that are no
        cross-entropy. What does not fit between loss and labels is found by ``activation-loss-mismatch``.
    """

    name = "invalid-encoding"
    code = "D102"
    needs: ClassVar[tuple[str, ...]] = ("targets",)
    explains: ClassVar[tuple[str, ...]] = (
        "activation-loss-mismatch",
        "underfitting",
        "diverged",
        "single-class-collapse",
        "missed-class",
        "over-segmentation",
        "confused-pair",
        "miscalibrated",
        "count-bias",
    )
    kinds: ClassVar[tuple[Kind, ...]] = ("segmentation", "classification")

    def examine(self, chart: Chart) -> Iterator[Finding]:
        """At most one finding."""
        assert chart.targets is not None
        found = misfit(chart.targets, _ending(chart), chart.task)
        if found is None:
            return
        yield self.finding(
            found.message,
            severity=found.severity,
            evidence={"form": chart.targets.get("form"), **found.evidence},
            remedies=(Remedy(name=found.remedy, safety="manual", advice=found.advice),),
            gain=1.0 if found.severity is Severity.ERROR else 0.0,
        )


def _ending(chart: Chart) -> Ending | None:
    """How the model's first output ends, which is what the labels are for."""
    if chart.anatomy is None or not chart.anatomy.outputs:
        return None
    return ending_of(chart, 0)
