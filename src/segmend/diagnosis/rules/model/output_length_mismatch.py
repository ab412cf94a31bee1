"""M202: the model's output and the labels do not have the same steps or classes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from segmend.artifacts.anatomy import Anatomy, LayerFacts
from segmend.artifacts.chart import Chart
from segmend.artifacts.finding import Finding, Remedy, Severity
from segmend.core.task import Kind
from segmend.diagnosis.rule import Rule
from segmend.diagnosis.wording import listed


class OutputLengthMismatch(Rule):
    """The output has other steps, pixels or classes than the labels.

    What it finds:
        An output that is shorter or longer than the labels (convolutions with padding "valid", strides or pooling
        without upsampling back), one row for the whole recording where every step or pixel is labelled, and the
        reverse; and fewer output channels than there are classes.

    Why it matters:
        Steps and labels are then compared one beside the other from the first step on, so that every label is
        shifted, or training fails with an error of shapes. Some frameworks broadcast in silence.

    Evidence:
        Sizes of labels and of output for the recordings that differ, the difference or the ratio when it is the same
        in all of them, the layers that change the length, the classes in the labels and the output's channels.

    Remedy:
        Name by name: padding "same" where "valid" cuts, upsampling by the stride behind strides and pooling,
        return_sequences=True or no global pooling where a label per step is wanted, as many units as classes.

    Known limits:
        A shift without a change of length cannot be seen here. Labels that were themselves cut to the output's steps
        count as agreeing.
    """

    name = "output-length-mismatch"
    code = "M202"
    needs: ClassVar[tuple[str, ...]] = ("targets",)
    explains: ClassVar[tuple[str, ...]] = (
        "over-segmentation",
        "under-segmentation",
        "shifted-boundaries",
        "missed-segments",
        "spurious-segments",
        "count-bias",
    )
    kinds: ClassVar[tuple[Kind, ...]] = ("segmentation", "classification")

    def examine(self, chart: Chart) -> Iterator[Finding]:
        """At most one finding about steps and one about classes."""
        assert chart.targets is not None
        facts = chart.targets
        whole, out_whole = _whole(facts["sizes"]), _whole(facts["output_sizes"])
        if out_whole and not whole:
            yield self._summarised(chart, facts)
        elif whole and not out_whole:
            yield self._repeated(chart, facts)
        else:
            if not whole:
                yield from self._lengths(chart, facts)
            yield from self._classes(facts)

    def _summarised(self, chart: Chart, facts: Mapping[str, Any]) -> Finding:
        layers = _named(chart.anatomy, _summarises)
        each, unit = _words(chart)
        return self._error(
            f"The model gives one row of {facts['output_shape'][-1]} values per {each}, the labels have one value "
            f"for each of up to {_largest(facts['sizes'])} {unit}{_by(layers)}",
            {"output_shape": facts["output_shape"], "shape": facts["shape"], "layers": layers},
            f"keep-the-{unit}",
            f"Keep one output per {unit[:-1]}: {_recurrent(chart)}no global pooling and no Flatten{_in(layers)}.",
        )

    def _repeated(self, chart: Chart, facts: Mapping[str, Any]) -> Finding:
        each, unit = _words(chart)
        return self._error(
            f"The model gives a row for each of up to {_largest(facts['output_sizes'])} {unit}, the labels have one "
            f"value per {each}",
            {"output_shape": facts["output_shape"], "shape": facts["shape"]},
            f"label-the-{unit}",
            f"Give one label per {unit[:-1]}, or end the model in GlobalAveragePooling{chart.task.rank}D to give one "
            f"per {each}.",
        )

    def _lengths(self, chart: Chart, facts: Mapping[str, Any]) -> Iterator[Finding]:
        sizes = list(zip(facts["sizes"], facts["output_sizes"], strict=True))
        wrong = [(size, out) for size, out in sizes if size != out]
        if not wrong:
            return
        each, unit = _words(chart)
        pairs = [pair for size, out in wrong for pair in zip(size, out, strict=False)]
        layers, advice = _length_advice(chart.anatomy, pairs, chart.task.rank)
        yield self._error(
            f"The output has {_by_axis(wrong[0][1])} {unit} where the labels have {_by_axis(wrong[0][0])}, in "
            f"{len(wrong)} of {len(sizes)} {each}s{_by(layers)}",
            {
                unit: _number_of(wrong[0][0]),
                f"output_{unit}": _number_of(wrong[0][1]),
                "recordings": len(wrong),
                "difference": _same(length - out for length, out in pairs),
                "ratio": _stride(pairs),
                "layers": layers,
            },
            f"give-a-{unit[:-1]}-for-each",
            advice,
        )

    def _classes(self, facts: Mapping[str, Any]) -> Iterator[Finding]:
        channels, classes, form = int(facts["channels"]), int(facts["classes"]), facts["form"]
        room = 2 if channels == 1 else channels
        encoded = form in ("one-hot", "multi-hot")
        if (classes != channels) if encoded else (form == "dense" and classes > room):
            yield self._error(
                f"The labels have {classes} classes, the output {channels} channel{'s' * (channels != 1)}",
                {"classes": classes, "channels": channels, "highest": facts["highest"], "form": form},
                "give-a-channel-for-each",
                f"Give the last layer {classes} units, one for each class with the background's.",
            )

    def _error(self, message: str, evidence: Mapping[str, Any], name: str, advice: str) -> Finding:
        return self.finding(
            message,
            severity=Severity.ERROR,
            evidence=evidence,
            remedies=[Remedy(name=name, safety="manual", advice=advice)],
            gain=1.0,
        )


def _whole(sizes: Sequence[Sequence[int]]) -> bool:
    """Whether there is one value for each recording."""
    return all(list(size) in ([], [1]) for size in sizes)


def _words(chart: Chart) -> tuple[str, str]:
    """What has a size, and in what it is told."""
    return ("recording", "steps") if chart.task.rank == 1 else ("image", "pixels")


def _by_axis(size: Sequence[int]) -> str:
    return " x ".join(map(str, size)) or "no"


def _number_of(size: Sequence[int]) -> int | list[int]:
    return size[0] if len(size) == 1 else list(size)


def _largest(sizes: Sequence[Sequence[int]]) -> str:
    return _by_axis(max(sizes, key=math.prod))


def _recurrent(chart: Chart) -> str:
    return "return_sequences=True in the last recurrent layer, " if chart.task.rank == 1 else ""


def _length_advice(anatomy: Anatomy | None, wrong: Sequence[tuple[int, int]], rank: int) -> tuple[list[str], str]:
    """The layers at fault and what to do, from how the lengths differ."""
    stride = _stride(wrong)
    if stride is not None:
        layers = _named(anatomy, lambda layer: _strides(layer) > 1)
        return (
            layers,
            f"Bring the steps back by UpSampling{rank}D({stride}) or a transposed convolution{_behind(layers)}.",
        )
    if all(out < steps for steps, out in wrong):
        layers = _named(anatomy, _cuts)
        return layers, f'Set padding="same"{_in(layers)}, or cut the labels by the same steps at the same ends.'
    return (
        [],
        f"Crop the output to the labels' size at its end (Cropping{rank}D), or pad what goes in to a multiple of the "
        "stride.",
    )


def _stride(wrong: Sequence[tuple[int, int]]) -> int | None:
    """The whole number of label steps per output step, where one number explains all lengths."""
    strides = {round(steps / out) for steps, out in wrong if out}
    if len(strides) != 1 or any(not out for _, out in wrong):
        return None
    stride = strides.pop()
    rounding = {steps // stride - out if stride else 1 for steps, out in wrong}
    return stride if stride > 1 and rounding <= {0, -1} else None


def _same(values: Iterator[int]) -> int | None:
    distinct = set(values)
    return distinct.pop() if len(distinct) == 1 else None


def _named(anatomy: Anatomy | None, test: Any) -> list[str]:
    return [f"{layer.name} ({layer.kind})" for layer in anatomy.layers if test(layer)] if anatomy else []


def _summarises(layer: LayerFacts) -> bool:
    return layer.kind.startswith("Global") or layer.kind == "Flatten" or layer.config.get("return_sequences") is False


def _cuts(layer: LayerFacts) -> bool:
    size = layer.config.get("kernel_size") or layer.config.get("pool_size") or 1
    taps = size[0] if isinstance(size, list | tuple) else size
    return (layer.config.get("padding") == "valid" and taps > 1) or layer.kind.startswith("Cropping")


def _strides(layer: LayerFacts) -> int:
    stride = layer.config.get("strides") or layer.config.get("pool_size") or 1
    return int(stride[0] if isinstance(stride, list | tuple) else stride)


def _by(layers: Sequence[str]) -> str:
    return f", by {listed(list(layers))}" if layers else ""


def _in(layers: Sequence[str]) -> str:
    return f" in {listed(list(layers))}" if layers else ""


def _behind(layers: Sequence[str]) -> str:
    return f" behind {layers[-1]}" if layers else ""
