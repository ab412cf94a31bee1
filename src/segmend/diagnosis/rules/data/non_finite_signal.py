"""D201: samples that are no numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from segmend.artifacts.chart import Chart
from segmend.artifacts.finding import Finding, Remedy, Severity
from segmend.core.task import Kind
from segmend.diagnosis.rule import Rule
from segmend.diagnosis.wording import holders, listed

REMEDIES = (
    Remedy(
        name="fill-short-gaps",
        safety="manual",
        advice="Interpolate gaps that are shorter than what you look for, before the signal is saved.",
    ),
    Remedy(
        name="cut-out-long-gaps",
        safety="manual",
        advice="Cut recordings at longer gaps into several, with their annotations, or leave the channel out.",
    ),
)
LOOK = Remedy(
    name="fill-or-leave-out",
    safety="manual",
    advice="Look at how these images were made; fill such pixels from their neighbours, or leave the images out.",
)


class NonFiniteSignal(Rule):
    """Signals hold NaN or infinite samples.

    What it finds:
        Any sample that is NaN or infinite, in any recording.

    Why it matters:
        One such sample turns every weight of a model into NaN at the first gradient step, and from then on the model
        answers one class for everything. At prediction it spoils every step whose receptive field reaches it.

    Evidence:
        How many samples in which recordings and channels, and where the first one stands: recording, step, channel.
        A single one is too many: the threshold is 0.

    Remedy:
        Fill short gaps by interpolation, cut the recording at long ones. Training, scoring and prediction refuse such
        recordings, because there is no filling that is right for every sensor.

    Known limits:
        Gaps that were saved as 0 or as another constant are not seen here; ``flat-channel`` sees a channel that is
        constant for a whole recording.
    """

    name = "non-finite-signal"
    code = "D201"
    needs: ClassVar[tuple[str, ...]] = ("fingerprint.channels",)
    explains: ClassVar[tuple[str, ...]] = ("diverged", "non-finite-weights", "single-class-collapse")
    kinds: ClassVar[tuple[Kind, ...]] = ("segmentation", "classification")

    def examine(self, chart: Chart) -> Iterator[Finding]:
        """At most one finding."""
        assert chart.fingerprint is not None
        channels = chart.fingerprint.channels
        spoilt = [recording for recording in chart.fingerprint.recordings if recording.non_finite]
        if not spoilt:
            return
        samples = sum(recording.non_finite for recording in spoilt)
        concerned = [channel.name for channel in channels if channel.non_finite]
        step, number = spoilt[0].first_non_finite or (0, 0)
        each = holders(chart.task)
        yield self.finding(
            f"{samples} samples in {len(spoilt)} of {len(chart.fingerprint.recordings)} {each} are no finite "
            f"numbers (channels {listed(concerned)}); the first stands in {spoilt[0].name} at "
            f"{_place(step, spoilt[0].shape)}, channel {channels[number].name}",
            severity=Severity.ERROR,
            where={"recording": spoilt[0].name, "channel": channels[number].name},
            evidence={
                "samples": samples,
                "threshold": 0,
                "recordings": [recording.name for recording in spoilt],
                "channels": {channel.name: channel.non_finite for channel in channels if channel.non_finite},
                "first_step": step,
            },
            remedies=REMEDIES if chart.task.rank == 1 else (LOOK,),
        )

    def causes(self, mine: Finding, other: Finding) -> bool:
        """Such samples explain a loss that is no number, not one that rose."""
        rose = other.rule == "diverged" and other.evidence.get("loss_end") is not None
        return super().causes(mine, other) and not rose


def _place(step: int, shape: Sequence[int]) -> str:
    if len(shape) < 2:
        return f"step {step}"
    return f"row {step // shape[1]}, column {step % shape[1]}"
