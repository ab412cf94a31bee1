"""Whether the recordings of one part of a split differ from those of another by more than chance."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from segmend.artifacts.fingerprint import Fingerprint, RecordingFacts
from segmend.core.task import Task
from segmend.core.types import BoolArray, FloatArray
from segmend.diagnosis.tails import student


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """One quantity that differs.

    Attributes:
        what: "share", "rate", "duration" of a class, or "level", "spread" of a channel.
        of: name of the class or channel.
        train, part: its median over groups, in its own units.
        effect: distance of the medians in standard deviations between groups.
        p: chance of so large a difference of means, times the number of quantities that were compared.
    """

    what: str
    of: str
    train: float
    part: float
    effect: float
    p: float


@dataclass(frozen=True, slots=True, eq=False)
class Quantity:
    """What is measured of each group.

    Attributes:
        what, of: as in a shift.
        values: shape (groups,), on a scale where groups spread evenly; NaN where it is not known.
        told: the same in its own units.
    """

    what: str
    of: str
    values: FloatArray
    told: FloatArray


def quantities(facts: Fingerprint, task: Task, groups: list[list[RecordingFacts]]) -> list[Quantity]:
    """What is compared, of each group of recordings.

    Shares are compared as arc sines of their roots, and what is above 0 as logarithms, so that large values do not
    spread more than small ones.
    """
    steps = np.array([np.sum([each.class_steps for each in group], axis=0) for group in groups], np.float64)
    items = np.array([np.sum([each.class_segments for each in group], axis=0) for group in groups], np.float64)
    judged = np.array([sum(each.judged or 0 for each in group) for group in groups], np.float64)
    found = []
    with np.errstate(divide="ignore", invalid="ignore"):
        for number, name in enumerate(facts.labels):
            share = steps[:, number] / judged
            found.append(Quantity("share", name, np.arcsin(np.sqrt(np.clip(share, 0, 1))), share))
            if task.kind == "segmentation" and number != facts.background:
                rate, length = items[:, number] / judged, steps[:, number] / items[:, number]
                found.append(Quantity("rate", name, np.log((items[:, number] + 0.5) / judged), rate))
                found.append(Quantity("duration", name, np.where(length > 0, np.log(length), np.nan), length))
        for number, channel in enumerate(facts.channels):
            level, spread = (_mean(groups, column, number) for column in ("means", "stds"))
            found.append(Quantity("level", channel.name, level, level))
            found.append(Quantity("spread", channel.name, np.where(spread > 0, np.log(spread), np.nan), spread))
    return found


def shifts(found: list[Quantity], here: BoolArray, there: BoolArray, *, least: tuple[int, int]) -> list[Shift]:
    """The quantities in order of their effect, those with fewer groups than ``least`` on either side left out.

    Args:
        found: quantities of all groups.
        here: which groups are of train, shape (groups,).
        there: which groups are of the part.
        least: groups of either side.
    """
    known = [(each, np.isfinite(each.values)) for each in found]
    told = [(each, here & ok, there & ok) for each, ok in known if _enough(here & ok, there & ok, least)]
    every = []
    for each, ours, theirs in told:
        one, other = each.values[ours], each.values[theirs]
        freedom = one.size + other.size - 2
        spread = math.sqrt((one.var() * one.size + other.var() * other.size) / freedom)
        if spread <= 1e-9 * max(1e-300, float(np.abs(each.values[ours | theirs]).max())):
            continue
        t = abs(one.mean() - other.mean()) / (spread * math.sqrt(1 / one.size + 1 / other.size))
        middle = float(np.median(each.told[ours])), float(np.median(each.told[theirs]))
        effect = (float(np.median(other)) - float(np.median(one))) / spread
        chance = min(1.0, student(t, freedom) * len(told))
        every.append(Shift(what=each.what, of=each.of, train=middle[0], part=middle[1], effect=effect, p=chance))
    return sorted(every, key=lambda shift: -abs(shift.effect))


def _enough(here: BoolArray, there: BoolArray, least: tuple[int, int]) -> bool:
    return int(here.sum()) >= least[0] and int(there.sum()) >= least[1]


def _mean(groups: list[list[RecordingFacts]], column: str, number: int) -> FloatArray:
    """Mean over the recordings of each group, NaN where none is known."""
    known = [[v for each in group if (v := _value(each, column, number)) is not None] for group in groups]
    return np.array([np.mean(values) if values else np.nan for values in known])


def _value(recording: RecordingFacts, column: str, number: int) -> float | None:
    values = getattr(recording, column)
    return values[number] if values else None
