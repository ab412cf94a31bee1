"""M401: a mask that does not arrive where it is needed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from segmend.artifacts.chart import Chart
from segmend.artifacts.finding import Finding, Remedy, Severity
from segmend.artifacts.flow import LostMask
from segmend.core.task import Kind
from segmend.diagnosis import padding, severity
from segmend.diagnosis.rule import Rule
from segmend.diagnosis.wording import listed

REMEDIES = (
    Remedy(
        name="use-layers-that-keep-masks",
        safety="manual",
        advice=(
            "Build the model from layers that keep the mask and hide what is masked: segmend.models.tcn, unet and "
            "recurrent do, or segmend.models.masked.MaskedConv1D in place of Conv1D."
        ),
    ),
    Remedy(
        name="weigh-padding-zero",
        safety="manual",
        advice=(
            "Give fit sample_weight=(x != 0).any(axis=-1).astype('float32'), so that at least the loss leaves the "
            "padded steps out."
        ),
    ),
)


class MaskDropped(Rule):
    """A layer drops the mask that another one made, so that padding counts as signal.

    What it finds:
        A mask (of Masking, or of Embedding with mask_zero) that comes to a layer without support for masks, where
        that layer mixes steps (Conv1D, Flatten, GlobalMaxPooling1D), or where something behind it would have used
        the mask: a recurrent layer, attention, a mean over steps, or the loss of an output with a label per step.

    Why it matters:
        Keras warns once and goes on. From there on padded steps are signal: they leak into their neighbours, recurrent
        layers run over them, and the loss and its metrics count them.

    Evidence:
        Where the mask is made, where it is lost, how often (the threshold is once), and what would have used it.
        Severity is read off the oracle ladder, or off the macro F1 of whole recordings; it is info where the
        recordings hold no padding.

    Remedy:
        Layers that keep the mask, or weights of 0 for padded steps, which mend the loss but not the leak.

    Known limits:
        The graph is followed, so a mask that a layer of one's own reads inside its call is not seen, nor is one that
        is given to the model by hand. A model without a graph is not looked at.
    """

    name = "mask-dropped"
    code = "M401"
    needs: ClassVar[tuple[str, ...]] = ("anatomy.flow",)
    explains: ClassVar[tuple[str, ...]] = (
        "last-step-on-padding",
        "padding-leak",
        "underfitting",
        "edge-artefacts",
        "over-segmentation",
        "count-bias",
    )
    kinds: ClassVar[tuple[Kind, ...]] = ("segmentation", "classification")
    ranks: ClassVar[tuple[int, ...]] = (1,)

    def examine(self, chart: Chart) -> Iterator[Finding]:
        """At most one finding."""
        assert chart.anatomy is not None
        assert chart.anatomy.flow is not None
        lost = [mask for mask in chart.anatomy.flow.lost_masks if mask.mixes or mask.needed_by]
        if lost:
            yield self._of(chart, lost)

    def _of(self, chart: Chart, lost: Sequence[LostMask]) -> Finding:
        first = lost[0]
        needed = list(dict.fromkeys(name for mask in lost for name in mask.needed_by))
        wanted = f", so that {listed(needed)} cannot leave padded steps out" if needed else ", which mixes padding in"
        grave, expected = severity.at_stake(chart, "insertion", "deletion", "substitution", "borders")
        if padding.is_known_absent(chart):
            grave = Severity.INFO
        return self.finding(
            f"The mask of {first.made_by} is dropped by {first.lost_in} ({first.kind}) and in {len(lost)} place"
            f"{'s' * (len(lost) > 1)} in all{wanted}",
            severity=grave,
            where={"layer": first.lost_in},
            evidence={
                "dropped": len(lost),
                "threshold": 1,
                "made_by": first.made_by,
                "dropped_by": list(dict.fromkeys(mask.lost_in for mask in lost)),
                "needed_by": needed,
            },
            remedies=REMEDIES,
            gain=0.0 if grave is Severity.INFO else severity.gain(expected),
        )
