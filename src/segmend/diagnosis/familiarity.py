"""Recordings that look like none of training: in level, spread or noise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from segmend.artifacts.fingerprint import RecordingFacts
from segmend.core.types import BoolArray
from segmend.diagnosis.signal_facts import Quantity, quantities
from segmend.diagnosis.wording import number

SPREADS = 6.0
"""Robust standard deviations; of bell-shaped values one in a billion lies so far out."""
BEYOND = 1.5
"""And so many times as far out as the farthest recording of training."""
FEWEST = 8
LEAST = {"level": 0.1, "spread": 0.1, "noise": 0.15}
"""Least spread that is taken, of levels in standard deviations of the samples: standardised data have next to none."""


@dataclass(frozen=True, slots=True)
class Far:
    """What is far from training: a recording, and in what.

    Attributes:
        recording: its number.
        kind: "level", "spread" or "noise".
        channel: whose.
        value: of the recording.
        usual: the median of training.
        spreads: how many robust standard deviations lie between them.
    """

    recording: int
    kind: str
    channel: str
    value: float
    usual: float
    spreads: float

    @property
    def told(self) -> str:
        """For people."""
        return (
            f"a {self.kind} of {self.value:.3g} on channel {self.channel}, usual is {self.usual:.3g} "
            f"({number(self.spreads)} spreads away)"
        )


def far_from_training(
    training: Sequence[RecordingFacts], others: Sequence[RecordingFacts], channels: Sequence[str]
) -> list[Far]:
    """In what other recordings lie far from those of training, the farthest first; empty with few to compare with.

    Args:
        training: facts of the recordings of training.
        others: facts of those in question.
        channels: names of the channels.
    """
    if len(training) < FEWEST:
        return []
    before, now = quantities(training, channels), quantities(others, channels)
    inside = {each.channel: float(np.exp(np.nanmedian(each.values))) for each in before if _known(each)}
    found = [_far(old, new, inside.get(old.channel, 1.0)) for old, new in zip(before, now, strict=True)]
    return sorted((each for part in found for each in part), key=lambda each: -each.spreads)


def _known(quantity: Quantity) -> bool:
    return quantity.kind == "spread" and bool(np.isfinite(quantity.values).any())


def _far(before: Quantity, now: Quantity, inside: float) -> list[Far]:
    """The recordings that are far from training in one quantity; ``inside`` is the samples' usual deviation."""
    usual = before.values[np.isfinite(before.values)]
    if usual.size < FEWEST:
        return []
    middle = float(np.median(usual))
    away = np.abs(usual - middle)
    least = LEAST[now.kind] * (inside if now.kind == "level" else 1.0)
    spread = max(float(np.median(away)) / 0.6745, least)
    distance = np.abs(now.values - middle)
    far: BoolArray = (distance >= SPREADS * spread) & (distance >= BEYOND * away.max())
    told = (lambda v: v) if now.kind == "level" else np.exp
    return [
        Far(k, now.kind, now.channel, float(told(now.values[k])), float(told(middle)), float(distance[k] / spread))
        for k in np.flatnonzero(far).tolist()
    ]
