"""M302: an output step sees many items at once, and items run into each other."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import ClassVar

from segmend.artifacts.chart import Chart
from segmend.artifacts.finding import Expected, Finding, Remedy, Severity
from segmend.artifacts.fingerprint import Fingerprint
from segmend.core.stages import field_of_stages
from segmend.diagnosis import severity
from segmend.diagnosis.rule import Rule
from segmend.diagnosis.wording import number

TIMES = 8.0
"""Items with their gaps that a field may span; beyond it, what is far away outweighs what is here."""

AIM = 2.0
KERNEL = 3


class ReceptiveFieldTooLong(Rule):
    """The model sees many items at once, and runs neighbours together.

    What it finds:
        A bounded receptive field above 8 times the 95th percentile of length plus the median gap, where merged items
        cost score. Where the effective field was measured, it too must be above.

    Why it matters:
        A step that sees ten items and nine gaps must find out which of them it lies in. Short gaps carry little weight
        in such a sum, so neighbours run together and the count comes out too low.

    Evidence:
        The field, its threshold, lengths and gaps in steps. Severity is what separating the merged items gains on the
        oracle ladder; below a warning nothing is reported, because a long field by itself is no fault.

    Remedy:
        A shorter field, as a schedule of dilations that spans twice an item and its gap. Decoding and more weight on
        gaps mend the symptom.

    Known limits:
        Recurrent layers and attention count as unbounded and are not judged: what they use of all that they see is
        learnt. Merges have other causes too, as labels of touching items.
    """

    name = "receptive-field-too-long"
    code = "M302"
    needs: ClassVar[tuple[str, ...]] = ("anatomy", "anatomy.outputs", "fingerprint", "oracle")
    explains: ClassVar[tuple[str, ...]] = ("under-segmentation", "count-bias")
    moves = "down"
    ranks: ClassVar[tuple[int, ...]] = (1,)

    def examine(self, chart: Chart) -> Iterator[Finding]:
        """At most one finding, about the first output."""
        assert chart.anatomy is not None
        assert chart.fingerprint is not None
        span = _span(chart.fingerprint)
        if span is None or not chart.anatomy.outputs[0].fields:
            return
        field = chart.anatomy.outputs[0].fields[0]
        effective = field.effective.get(95)
        seen = [size for size in (field.size, effective) if size is not None]
        if field.size is None or min(seen) <= TIMES * span:
            return
        grave, expected = severity.from_oracle(chart, "merge")
        if grave is not Severity.INFO:
            yield self._of(chart, field.size, effective, grave, expected)

    def _of(self, chart: Chart, field: int, effective: int | None, grave: Severity, expected: Expected) -> Finding:
        assert chart.anatomy is not None
        assert chart.fingerprint is not None
        length, gap = chart.fingerprint.duration.p95 or 0.0, chart.fingerprint.gap.p50 or 0.0
        return self.finding(
            f"An output step sees {field} steps, {number(field / (length + gap))} times an item of {number(length)} "
            f"steps (the 95th percentile) with its gap of {number(gap)}, and items run into each other",
            severity=grave,
            where={"output": chart.anatomy.outputs[0].name},
            evidence={
                "field_steps": field,
                "effective_steps": effective,
                "threshold": TIMES * (length + gap),
                "length_p95_steps": length,
                "gap_p50_steps": gap,
            },
            remedies=[_shorter(math.ceil(AIM * (length + gap)), expected)],
            gain=severity.gain(expected),
        )


def _span(facts: Fingerprint) -> float | None:
    """Steps of a long item with its gap, None where there are none to measure."""
    return None if facts.duration.p95 is None else facts.duration.p95 + (facts.gap.p50 or 0.0)


def _shorter(aim: int, expected: Expected) -> Remedy:
    depth = max(1, math.floor(math.log2((aim - 1) / (KERNEL - 1) + 1))) if aim > KERNEL else 1
    stages = [{"kernel": KERNEL, "dilation": 2**level} for level in range(depth)]
    return Remedy(
        name="shorten-the-field",
        safety="unsafe",
        edits={"model.stages": stages},
        advice=(
            f"Train again with {depth} convolution{'s' * (depth > 1)} of kernel {KERNEL} and dilations 1 to "
            f"{2 ** (depth - 1)}: a field of {field_of_stages(stages).size} steps, about twice an item with its gap."
        ),
        expected=expected,
    )
