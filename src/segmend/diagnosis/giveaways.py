"""Facts of whole recordings that carry no event, and how well they tell a class."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

import numpy as np

from segmend.artifacts.fingerprint import Fingerprint, RecordingFacts
from segmend.core.types import FloatArray

Kind = Literal["size", "padding", "level", "order"]

LEAST = 5
"""Groups with the class, and groups without."""

CHANNELS = 64

SLIGHT = 0.5
"""Of the spread within a recording: a level that differs by more is what the class looks like."""


class Fact(NamedTuple):
    """One number of each recording.

    Attributes:
        kind: what it is.
        channel: whose level, "" else.
        values: shape (recordings,), NaN where not known.
        spread: within a recording, the median; of levels only, else 0.
    """

    kind: Kind
    channel: str
    values: FloatArray
    spread: float


class Told(NamedTuple):
    """How well a fact tells a class.

    Attributes:
        fact: which.
        auc: area under the ROC curve of the fact, over groups' means.
        chance: of one as far from a half.
        ours, others: median with the class and without it.
    """

    fact: Fact
    auc: float
    chance: float
    ours: float
    others: float

    @property
    def off(self) -> float:
        """The area, whichever way round it tells."""
        return max(self.auc, 1 - self.auc)


def facts_of(facts: Fingerprint) -> Iterator[Fact]:
    """All such numbers of recordings that are classified as a whole."""
    every = facts.recordings
    yield Fact("size", "", np.array([each.steps for each in every], np.float64), 0.0)
    yield Fact("padding", "", np.array([each.padding for each in every], np.float64), 0.0)
    # Arrays have row numbers for names: there the order is that of the rows, and fit's validation_split cuts by it.
    if [each.name for each in every] == [str(k) for k in range(len(every))]:
        yield Fact("order", "", np.arange(len(every), dtype=np.float64), 0.0)
    for number, channel in enumerate(facts.channels[:CHANNELS]):
        means, spreads = (_column(every, name, number) for name in ("means", "stds"))
        if np.isfinite(means).any():
            yield Fact("level", channel.name, means, float(np.nanmedian(spreads)))


def told_by(fact: Fact, facts: Fingerprint, place: int) -> Told | None:
    """How well a fact tells one class; None of too few groups, and where a level lies so far off that it is the class.

    Where there is a training part, it alone is looked at, since that is what a model learns from.

    Args:
        fact: one of ``facts_of``.
        facts: the fingerprint that it is of.
        place: number of the class.
    """
    values: dict[tuple[bool, str], list[float]] = {}
    learnt = any(each.role == "train" for each in facts.recordings)
    for each, value in zip(facts.recordings, fact.values.tolist(), strict=True):
        if each.class_steps and math.isfinite(value) and (each.role == "train" or not learnt):
            values.setdefault((each.class_steps[place] > 0, each.group), []).append(value)
    ours, others = (np.array([np.mean(v) for (has, _), v in values.items() if has is which]) for which in (True, False))
    if min(ours.size, others.size) < LEAST:
        return None
    middle = float(np.median(ours)), float(np.median(others))
    if fact.kind == "level" and abs(middle[0] - middle[1]) > SLIGHT * fact.spread:
        return None
    return Told(fact, *ranked(ours, others), *middle)


def ranked(ours: FloatArray, others: FloatArray) -> tuple[float, float]:
    """Share of pairs in which ours is the larger, ties counting half, and the chance of one as far from a half.

    Source: Mann, Whitney, On a test of whether one of two random variables is stochastically larger than the other,
    Annals of Mathematical Statistics 18 (1947); variance with ties after Lehmann, Nonparametrics, 1975.
    """
    every = np.concatenate((ours, others))
    _, place, count = np.unique(every, return_inverse=True, return_counts=True)
    rank = (np.cumsum(count) - (count - 1) / 2)[place]
    n, m, total = ours.size, others.size, every.size
    area = (rank[:n].sum() - n * (n + 1) / 2) / (n * m)
    variance = (total + 1 - (count.astype(float) ** 3 - count).sum() / (total * (total - 1))) / (12 * n * m)
    if variance <= 0:
        return 0.5, 1.0
    return float(area), math.erfc(abs(area - 0.5) / math.sqrt(2 * variance))


def _column(recordings: Sequence[RecordingFacts], name: str, number: int) -> FloatArray:
    rows = [getattr(each, name) for each in recordings]
    return np.array([row[number] if row and row[number] is not None else np.nan for row in rows], np.float64)
