"""M201: an output step sees less of the signal than the items last that it must keep whole."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from segmend.artifacts.anatomy import Anatomy, OutputFacts
from segmend.artifacts.chart import Chart
from segmend.artifacts.finding import Expected, Finding, Remedy
from segmend.core.stages import field_of_stages
from segmend.diagnosis import pieces, remedies, severity
from segmend.diagnosis.pieces import Pieces
from segmend.diagnosis.rule import Rule
from segmend.diagnosis.wording import listed, number

FEWEST = 3
EXTRA_SHARE = 0.10
REACH = 1.5
"""Times the 95th percentile of length that a field should span: an item and what is around it."""

MOST_STRIDE = 32


class ReceptiveFieldTooShort(Rule):
    """The model sees a shorter stretch of signal than the items last that it breaks into pieces.

    What it finds:
        A receptive field below the median length of a class that breaks into pieces (at least 3 extra pieces and one
        for every ten items). The field is that of the output step that sees least, by the model's graph.

    Why it matters:
        A step in the middle of a long item sees neither of its ends. What it says rests on a detail of the signal, so
        it changes its mind within the item, and every change makes another item to count.

    Evidence:
        The field, and median and 95th percentile of the length of the classes concerned, in steps and in seconds
        where the sampling rate is known; the extra pieces; the field to aim for, 1.5 times the 95th percentile.
        Severity is read off the oracle ladder: what joining the pieces gains.

    Remedy:
        A longer field, with the figures worked out: more dilated layers (few parameters), a coarser grid by pooling
        or strides and upsampling back (none), or longer kernels (many). All of them mean training again. Decoding
        mends the symptom without training.

    Known limits:
        The effective field, which the gradient really reaches, is often several times smaller than this one. A field
        that is long enough may still be learnt badly. Recurrent layers and attention count as unbounded.
    """

    name = "receptive-field-too-short"
    code = "M201"
    needs: ClassVar[tuple[str, ...]] = ("anatomy", "anatomy.outputs", "fingerprint", "prediction", "oracle")
    explains: ClassVar[tuple[str, ...]] = (
        "underfitting",
        "flickering",
        "over-segmentation",
        "spurious-segments",
        "count-bias",
    )
    moves = "up"
    ranks: ClassVar[tuple[int, ...]] = (1,)

    def examine(self, chart: Chart) -> Iterator[Finding]:
        """One finding for the model, if its field is shorter than a class that breaks into pieces."""
        assert chart.anatomy is not None
        assert chart.prediction is not None
        if not chart.anatomy.outputs[0].fields:
            return
        output = chart.anatomy.outputs[0]
        field = output.fields[0].smallest
        if field is None:
            return
        lengths = _lengths(chart)
        found = pieces.by_label(chart.prediction, FEWEST)
        broken = {n: part for n, part in found.items() if part.extra >= max(FEWEST, EXTRA_SHARE * part.reference)}
        sick = {name: part for name, part in broken.items() if name in lengths and field < lengths[name][0]}
        if sick:
            yield self._of(chart, output, field, sick, {name: lengths[name] for name in sick})

    def _of(
        self,
        chart: Chart,
        output: OutputFacts,
        field: int,
        sick: Mapping[str, Pieces],
        lengths: Mapping[str, tuple[float, float]],
    ) -> Finding:
        label = next(iter(sick)) if len(sick) == 1 else None
        median, longest = max(m for m, _ in lengths.values()), max(p for _, p in lengths.values())
        extra, spurious = (
            sum(part.extra for part in sick.values()),
            sum(part.short_insertions for part in sick.values()),
        )
        expected = severity.over_segmentation(chart, label, spurious)
        aim = math.ceil(REACH * longest)
        rate = chart.fingerprint.sampling_rate_hz if chart.fingerprint else None
        return self.finding(
            f"An output step sees {field} steps{_seconds(field, rate)}, but items of {listed(list(sick))} last "
            f"{number(median)} steps{_seconds(median, rate)} at the median and {number(longest)} at the 95th "
            f"percentile; aim for {aim}",
            severity=severity.of_change(severity.gain(expected), extra / severity.references(chart)),
            where={"output": output.name, **({"label": label} if label else {})},
            evidence={
                "field_steps": field,
                "effective_steps": output.fields[0].effective.get(95),
                "threshold": median,
                "length_p50_steps": median,
                "length_p95_steps": longest,
                "field_aim_steps": aim,
                "extra_pieces": extra,
                "labels": list(sick),
                **({"field_s": field / rate, "length_p50_s": median / rate} if rate else {}),
            },
            remedies=_remedies(chart, field, aim, expected),
            gain=severity.gain(expected),
        )


def _lengths(chart: Chart) -> dict[str, tuple[float, float]]:
    """Median and 95th percentile of length of each class that has both."""
    facts = chart.fingerprint.classes if chart.fingerprint else ()
    return {c.name: (c.duration.p50, c.duration.p95) for c in facts if c.duration.p50 and c.duration.p95}


def _seconds(steps: float, rate: float | None) -> str:
    return f" ({number(steps / rate)} s)" if rate else ""


def _remedies(chart: Chart, field: int, aim: int, expected: Expected) -> list[Remedy]:
    """What reaches the field aimed for, fewest parameters first."""
    assert chart.anatomy is not None
    filters, kernel, layers = _widest(chart.anatomy)
    found = [_coarser(chart, field, aim, expected), _dilated(kernel, filters, aim, expected)]
    found.append(_longer_kernels(layers, filters, aim, expected))
    return [*(remedy for remedy in found if remedy is not None), remedies.rebuild(expected)]


def _dilated(kernel: int, filters: int, aim: int, expected: Expected) -> Remedy:
    depth = max(1, math.ceil(math.log2((aim - 1) / (kernel - 1) + 1)))
    stages = [{"kernel": kernel, "dilation": 2**level} for level in range(depth)]
    return Remedy(
        name="widen-by-dilation",
        safety="unsafe",
        edits={"model.stages": stages},
        advice=(
            f"Train again with {depth} residual convolutions of kernel {kernel} and dilations 1 to {2 ** (depth - 1)}: "
            f"a field of {field_of_stages(stages).size} steps for about {depth * (kernel * filters + 1) * filters:,} "
            f"parameters at {filters} filters."
        ),
        expected=expected,
    )


def _coarser(chart: Chart, field: int, aim: int, expected: Expected) -> Remedy | None:
    """Pooling in front and upsampling behind, where the shortest items leave room for it."""
    assert chart.fingerprint is not None
    stride = 2 ** max(1, math.ceil(math.log2(aim / field)))
    shortest = min((c.duration.p5 for c in chart.fingerprint.classes if c.duration.p5), default=0.0)
    if stride > MOST_STRIDE or stride > shortest / 2:
        return None
    return Remedy(
        name="widen-by-pooling",
        safety="manual",
        advice=(
            f"Put AveragePooling1D({stride}) in front and UpSampling1D({stride}) behind and train again: a field of at "
            f"least {field * stride} steps for no parameters; borders are then told to {stride} steps."
        ),
        expected=expected,
    )


def _longer_kernels(layers: int, filters: int, aim: int, expected: Expected) -> Remedy:
    kernel = math.ceil((aim - 1) / layers) + 1
    kernel += 1 - kernel % 2
    return Remedy(
        name="widen-by-kernels",
        safety="manual",
        advice=(
            f"Train again with kernels of {kernel} in {layers} convolution{'s' * (layers > 1)}: a field of "
            f"{1 + layers * (kernel - 1)} steps for about {layers * (kernel * filters + 1) * filters:,} parameters at "
            f"{filters} filters."
        ),
        expected=expected,
    )


def _widest(anatomy: Anatomy) -> tuple[int, int, int]:
    """Filters and kernel to build on, and the number of convolutions with more than one tap."""
    convs = [layer.config for layer in anatomy.layers if "Conv" in layer.kind and _taps(layer.config) > 1]
    filters = max((int(config.get("filters", 0)) for config in convs), default=0) or 32
    kernel = min(max((_taps(config) for config in convs), default=3), 9)
    return filters, max(kernel, 3), max(len(convs), 1)


def _taps(config: Mapping[str, Any]) -> int:
    size = config.get("kernel_size", 1)
    return int(size[0] if isinstance(size, tuple | list) else size)
