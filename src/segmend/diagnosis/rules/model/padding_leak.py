"""M402: padding is learnt from and judged as if it were signal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from segmend.artifacts.chart import Chart
from segmend.artifacts.finding import Finding, Remedy, Severity
from segmend.core.task import Kind
from segmend.diagnosis import padding, severity
from segmend.diagnosis.padding import Padding
from segmend.diagnosis.rule import Rule
from segmend.diagnosis.wording import listed, percent

LEAKS = (
    "Bidirectional",
    "BatchNormalization",
    "GroupNormalization",
    "GlobalAveragePooling1D",
    "MeanOverSteps",
    "Attention",
    "AdditiveAttention",
    "MultiHeadAttention",
    "GroupQueryAttention",
)
"""What carries padding to all other steps; a convolution carries it half a field far, a forward layer not back."""


class PaddingLeak(Rule):
    """Padded steps count as signal: no mask and no weight tells them apart.

    What it finds:
        Recordings that end in steps of one and the same value (5 steps or more in at least 2 recordings, 5 % of all
        steps), a model without a layer that makes a mask, and labels of padded steps that count, or layers that carry
        padding to all other steps: bidirectional ones, attention, a mean over steps, batch normalisation.

    Why it matters:
        Where padding counts, the model learns to tell zeros from signal, which is easy, and accuracy tells how well
        it does that. Where it only leaks, the mean of a recording, the state in which a backward layer starts, and
        the statistics of batch normalisation depend on how much was padded.

    Evidence:
        The share of steps that is padding, with its threshold; how many padded steps are judged; the layers that
        carry it further. Severity is read off the oracle ladder, or off the macro F1 of whole recordings, and is at
        least a warning where padded steps are judged, because every number printed then contains them.

    Remedy:
        A Masking layer where all layers behind it keep the mask, weights of 0 or labels of -1 on padded steps, or
        recordings in batches of one length.

    Known limits:
        Silence that was recorded as exact zeros at the end looks the same. Padding in front is not looked for.
        Recordings read from folders, which have their own lengths, are not looked at.
    """

    name = "padding-leak"
    code = "M402"
    needs: ClassVar[tuple[str, ...]] = ("anatomy.flow", "targets.padded")
    explains: ClassVar[tuple[str, ...]] = (
        "single-class-collapse",
        "edge-artefacts",
        "spurious-segments",
        "count-bias",
        "missed-class",
        "wrong-threshold",
        "confused-pair",
        "miscalibrated",
    )
    kinds: ClassVar[tuple[Kind, ...]] = ("segmentation", "classification")
    ranks: ClassVar[tuple[int, ...]] = (1,)

    def examine(self, chart: Chart) -> Iterator[Finding]:
        """At most one finding."""
        assert chart.anatomy is not None
        assert chart.anatomy.flow is not None
        found = padding.padding_of(chart)
        if found is None or padding.makes_masks(chart):
            return
        layers = [layer.name for layer in chart.anatomy.flow.unmasked if layer.kind in LEAKS]
        if found.judged or layers:
            yield self._of(chart, found, layers)

    def _of(self, chart: Chart, found: Padding, layers: list[str]) -> Finding:
        grave, expected = severity.at_stake(chart, "insertion", "deletion", "substitution", "borders")
        if found.judged:
            grave = severity.worst(grave, Severity.WARNING)
        judged = f", {found.judged} padded steps are judged like any other" if found.judged else ""
        carried = f", and {listed(layers)} carry it to all other steps" if layers else ""
        return self.finding(
            f"{percent(found.share)} of the steps are padding, in {found.recordings} of {found.of} recordings; the "
            f"model makes no mask{judged}{carried}",
            severity=grave,
            where={"layer": layers[0]} if layers else {},
            evidence={
                "padding_share": found.share,
                "threshold": padding.LEAST_SHARE,
                "recordings": found.recordings,
                "judged_steps": found.judged,
                "layers": layers,
            },
            remedies=_remedies(found),
            gain=severity.gain(expected),
        )


def _remedies(found: Padding) -> list[Remedy]:
    mask = Remedy(
        name="mask-the-padding",
        safety="manual",
        advice=(
            f"Put {padding.MASKING} in front of recurrent layers; a convolution drops the mask, so use "
            "segmend.models.tcn, unet or recurrent there, which keep it."
        ),
    )
    weigh = Remedy(
        name="weigh-padding-zero",
        safety="manual",
        advice=(
            "Label padded steps -1, or give fit and segmend.diagnose sample_weight=(x != 0).any(axis=-1), so that "
            "they are neither learnt from nor judged."
        ),
    )
    return [weigh, mask] if found.judged else [mask]
