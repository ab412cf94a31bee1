"""D101: some classes are much rarer than others."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from segmend.artifacts.chart import Chart
from segmend.artifacts.finding import Finding, Remedy, Severity
from segmend.artifacts.fingerprint import Fingerprint
from segmend.core.labels import BACKGROUND_NAME
from segmend.core.task import Kind
from segmend.diagnosis import remedies, severity
from segmend.diagnosis.linking import lowers, share_a_class
from segmend.diagnosis.rule import Rule
from segmend.diagnosis.wording import listed, number, percent

THRESHOLD = 10.0
"""An order of magnitude: data at 3 to 8 train well without weights, at 20 and more they start to lose classes."""

WORSE = 0.10


class ClassImbalance(Rule):
    """Some classes are much rarer than others, by steps or by segments.

    What it finds:
        A ratio of at least 10 between the most and the least frequent class, counted in steps (background included) or
        in segments (background left out). Classes that never occur are left out.

    Why it matters:
        The loss of a step classifier is a sum over steps. A class with one step in a hundred carries about one
        hundredth of it, so a model can ignore the class and still look good; step accuracy rewards that.

    Evidence:
        Both ratios, and the rarest class. The two differ: an event of 5 steps once a minute is rare by steps and may
        be the most frequent of all by segments. Imbalance alone is no fault (severity info). It is a warning or an
        error when rare classes are recalled at least 10 points worse than the others, by what their missed segments
        cost on the oracle ladder, or, where whole recordings have classes, cost of the macro F1.

    Remedy:
        Weigh steps by class (``segmend.step_weights`` gives a sample_weight that Keras applies step by step; the
        ``class_weight`` of ``fit`` works on labels of whole recordings only) or add a per-class Dice loss. Do not also
        sample the rare class more often: that corrects twice. On predictions that are there already: a threshold per
        class.

    Known limits:
        A frequent class can be hard and a rare one easy: the ratio says nothing about that. A rare class with few
        segments needs recordings more than weights.
    """

    name = "class-imbalance"
    code = "D101"
    needs: ClassVar[tuple[str, ...]] = ("fingerprint",)
    explains: ClassVar[tuple[str, ...]] = (
        "single-class-collapse",
        "missed-class",
        "missed-segments",
        "wrong-threshold",
        "confused-pair",
        "accuracy-only",
    )
    condition = True
    spent_as_info = True
    kinds: ClassVar[tuple[Kind, ...]] = ("segmentation", "classification")

    def examine(self, chart: Chart) -> Iterator[Finding]:
        """At most one finding."""
        assert chart.fingerprint is not None
        steps, segments = _shares(chart.fingerprint)
        if len(steps) < 2:
            return
        by_step, by_segment = _ratio(steps), _ratio(segments)
        if max(by_step, by_segment) < THRESHOLD:
            return
        shares = steps if by_step >= THRESHOLD else segments
        most, least = max(shares, key=shares.__getitem__), min(shares, key=shares.__getitem__)
        rare = [name for name, share in shares.items() if share * THRESHOLD <= shares[most]]
        grave, gain, recall = _cost(chart, rare)
        where = {"label": rare[0]} if len(rare) == 1 and rare[0] != BACKGROUND_NAME else {}
        unit = chart.task.unit if shares is steps else chart.task.item
        ratios = f"{number(by_step)} to 1 by {chart.task.unit}"
        if chart.task.kind == "segmentation" and len(segments) > 1:
            ratios += f", {number(by_segment)} to 1 by {chart.task.item}"
        yield self.finding(
            f"{least} holds {percent(shares[least])} of the {unit} and {most} {percent(shares[most])}: "
            f"{ratios}; rare: {listed(rare)}",
            severity=grave,
            where=where,
            evidence={
                f"{chart.task.unit[:-1]}_ratio": by_step,
                **({f"{chart.task.item[:-1]}_ratio": by_segment} if len(segments) > 1 else {}),
                "threshold": THRESHOLD,
                "rarest": least,
                "most_frequent": most,
                "rare": rare,
                **recall,
            },
            remedies=_remedies(chart),
            gain=gain,
        )

    def causes(self, mine: Finding, other: Finding) -> bool:
        """Being rare explains faults of the rare classes, and thresholds that are too high for them."""
        if other.rule == "wrong-threshold" and not lowers(other):
            return False
        return super().causes(mine, other) and share_a_class(set(mine.evidence["rare"]), other)


def _shares(fingerprint: Fingerprint) -> tuple[dict[str, float], dict[str, float]]:
    """Shares of the classes that occur: of steps, the background's included, and of segments."""
    steps = {facts.name: facts.step_share for facts in fingerprint.classes if facts.steps}
    if fingerprint.background is not None and fingerprint.background_share > 0:
        steps[fingerprint.labels[fingerprint.background]] = fingerprint.background_share
    return steps, {facts.name: facts.segment_share for facts in fingerprint.classes if facts.segments}


def _ratio(shares: Mapping[str, float]) -> float:
    return max(shares.values()) / min(shares.values()) if shares else 1.0


def _cost(chart: Chart, rare: list[str]) -> tuple[Severity, float, dict[str, Any]]:
    """Severity, gain and recalls of the rare classes, where a prediction shows that they suffer."""
    whole = chart.task.kind == "classification"
    if chart.scores is None or not (chart.oracle or whole):
        return Severity.INFO, 0.0, {}
    per_class = chart.scores.step["per_class"]
    recall = {name: row["recall"] for name, row in per_class.items() if _known(row["recall"])}
    ours = [value for name, value in recall.items() if name in rare]
    others = [value for name, value in recall.items() if name not in rare]
    if not ours or not others:
        return Severity.INFO, 0.0, {}
    low, high = sum(ours) / len(ours), sum(others) / len(others)
    unit = chart.task.unit[:-1]
    shown = {f"rare_{unit}_recall": low, f"other_{unit}_recall": high}
    if high - low < WORSE:
        return Severity.INFO, 0.0, shown
    if whole:
        grave, expected = severity.of_classes(chart, rare)
        return grave, severity.gain(expected), shown
    judged = [severity.from_oracle(chart, "deletion", name) for name in rare if name in chart.labels.foreground_names]
    gains = sum(severity.gain(expected) for _, expected in judged)
    return severity.worst(severity.of_change(gains, 0.0), *(grade for grade, _ in judged)), gains, shown


def _known(value: float | None) -> bool:
    return value is not None and math.isfinite(value)


def _remedies(chart: Chart) -> list[Remedy]:
    weights = remedies.weigh(chart.task)
    if chart.prediction is None or chart.prediction.y_prob is None:
        return [weights]
    return [remedies.find_again(chart.task), weights]
