"""M202: the model's output and the labels do not have the same steps or classes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from segmend.artifacts.anatomy import Anatomy, LayerFacts
from segmend.artifacts.chart import Chart
from segmend.artifacts.finding import Finding, Remedy, Severity
from segmend.diagnosis.rule import Rule
from segmend.diagnosis.wording import listed


class OutputLengthMismatch(Rule):
    """The output has other steps or other classes than the labels.

    What it finds:
        An output that is shorter or longer than the labels (convolutions with padding "valid", strides or pooling
        without upsampling back), one row for the whole recording where every step is labelled, and the reverse; and
        fewer output channels than there are classes.

    Why it matters:
        Steps and labels are then compared one beside the other from the first step on, so that every label is
        shifted, or training fails with an error of shapes. Some frameworks broadcast in silence.

    Evidence:
        Steps of labels and of output for the recordings that differ, the difference or the ratio when it is the same
        in all of them, the layers that change the length, the classes in the labels and the output's channels.

    Remedy:
        Name by name: padding "same" where "valid" cuts, UpSampling1D by the stride behind strides and pooling,
        return_sequences=True or no global pooling where a label per step is wanted, as many units as classes.

    Known limits:
        A shift without a change of length cannot be seen here. Labels that were themselves cut to the output's steps
        count as agreeing.
    """

    name = "output-length-mismatch"
    code = "M202"
    needs: ClassVar[tuple[str, ...]] = ("targets",)
    explains: ClassVar[tuple[str, ...]] = ("over-segmentation", "under-segmentation", "count-bias")
    ranks: ClassVar[tuple[int, ...]] = (1,)
    overlapping = False

    def examine(self, chart: Chart) -> Iterator[Finding]:
        """At most one finding about steps and one about classes."""
        assert chart.targets is not None
        facts = chart.targets
        labels, outputs = tuple(facts["shape"]), tuple(facts["output_shape"])
        if labels == outputs and len(outputs) == 2:
            return
        per_step, out_per_step = _per_step(facts["steps"], labels), len(outputs) > 2
        if per_step and not out_per_step:
            yield self._summarised(chart, facts)
        elif out_per_step and not per_step:
            yield self._repeated(facts)
        elif out_per_step:
            yield from self._lengths(chart, facts)
            yield from self._classes(facts)

    def _summarised(self, chart: Chart, facts: Mapping[str, Any]) -> Finding:
        layers = _named(chart.anatomy, _summarises)
        return self._error(
            f"The model gives one row of {facts['output_shape'][-1]} values per recording, the labels have one value "
            f"for each of up to {max(facts['steps'])} steps{_by(layers)}",
            {"output_shape": facts["output_shape"], "shape": facts["shape"], "layers": layers},
            "keep-the-steps",
            f"Keep one output per step: return_sequences=True in the last recurrent layer, no global pooling and no "
            f"Flatten{_in(layers)}.",
        )

    def _repeated(self, facts: Mapping[str, Any]) -> Finding:
        return self._error(
            f"The model gives a row for each of up to {max(facts['output_steps'])} steps, the labels have one value "
            f"per recording",
            {"output_shape": facts["output_shape"], "shape": facts["shape"]},
            "label-the-steps",
            "Give one label per step, or end the model in GlobalAveragePooling1D to give one per recording.",
        )

    def _lengths(self, chart: Chart, facts: Mapping[str, Any]) -> Iterator[Finding]:
        pairs = list(zip(facts["steps"], facts["output_steps"], strict=True))
        wrong = [(steps, out) for steps, out in pairs if steps != out]
        if not wrong:
            return
        steps, out = wrong[0]
        layers, advice = _length_advice(chart.anatomy, wrong)
        yield self._error(
            f"The output has {out} steps where the labels have {steps}, in {len(wrong)} of {len(pairs)} "
            f"recordings{_by(layers)}",
            {
                "steps": steps,
                "output_steps": out,
                "recordings": len(wrong),
                "difference": _same(steps - out for steps, out in wrong),
                "ratio": _stride(wrong),
                "layers": layers,
            },
            "give-a-step-for-each",
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


def _per_step(steps: Sequence[int], shape: Sequence[int | None]) -> bool:
    return len(shape) > 1 and any(count != 1 for count in steps)


def _length_advice(anatomy: Anatomy | None, wrong: Sequence[tuple[int, int]]) -> tuple[list[str], str]:
    """The layers at fault and what to do, from how the lengths differ."""
    stride = _stride(wrong)
    if stride is not None:
        layers = _named(anatomy, lambda layer: _strides(layer) > 1)
        return layers, f"Bring the steps back by UpSampling1D({stride}) or a transposed convolution{_behind(layers)}."
    if all(out < steps for steps, out in wrong):
        layers = _named(anatomy, _cuts)
        return layers, f'Set padding="same"{_in(layers)}, or cut the labels by the same steps at the same ends.'
    return (
        [],
        "Crop the output to the labels' steps at its end (Cropping1D), or pad recordings to a multiple of the stride.",
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
