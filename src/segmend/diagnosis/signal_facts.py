"""Facts about the signals of the recordings that are judged, beside those of training."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from segmend.artifacts.chart import Chart
from segmend.artifacts.fingerprint import RecordingFacts
from segmend.core.roles import purpose
from segmend.core.types import FloatArray

MOST_CHANNELS = 64

KINDS = {"level": "means", "spread": "stds", "noise": "noises"}


@dataclass(frozen=True, slots=True, eq=False)
class Quantity:
    """One number of each recording.

    Attributes:
        kind: "level" (mean), "spread" (standard deviation) or "noise".
        channel: whose.
        values: shape (recordings,), NaN where not known; spread and noise as logarithms.
    """

    kind: str
    channel: str
    values: FloatArray


def judged_facts(chart: Chart) -> list[RecordingFacts] | None:
    """Facts of each judged recording, None where the fingerprint has other ones.

    Recordings are found by name; arrays have row numbers for names and are found by their place.
    """
    prediction, facts = chart.prediction, chart.fingerprint
    if prediction is None or facts is None:
        return None
    known = {each.name: each for each in facts.recordings}
    if all(name in known for name in prediction.names):
        return [known[name] for name in prediction.names]
    held = [each for each in facts.recordings if each.role is not None and purpose(each.role) != "train"]
    part = held if chart.judged_on == "validation_data" else list(facts.recordings)
    return part if len(part) == len(prediction.names) and chart.judged_on in ("validation_data", "x, y") else None


def training_facts(chart: Chart) -> list[RecordingFacts]:
    """Facts of the recordings that the model was trained on, as far as a split tells; none of those judged."""
    if chart.fingerprint is None:
        return []
    judged = {each.name for each in judged_facts(chart) or ()}
    every = chart.fingerprint.recordings
    return [each for each in every if each.role and purpose(each.role) == "train" and each.name not in judged]


def quantities(recordings: Sequence[RecordingFacts], channels: Sequence[str]) -> list[Quantity]:
    """Levels, spreads and noise of the recordings, channel by channel."""
    found = []
    for number, channel in enumerate(channels[:MOST_CHANNELS]):
        for kind, column in KINDS.items():
            values = np.array([_value(each, column, number) for each in recordings], np.float64)
            if kind != "level":
                with np.errstate(divide="ignore", invalid="ignore"):
                    values = np.where(values > 0, np.log(values), np.nan)
            found.append(Quantity(kind, channel, values))
    return found


def _value(recording: RecordingFacts, column: str, number: int) -> float:
    values = getattr(recording, column)
    return float("nan") if not values or values[number] is None else float(values[number])
