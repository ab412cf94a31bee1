"""Parts of what is judged, and whether one of them holds most of the errors, by more than chance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from segmend.artifacts.chart import Chart
from segmend.artifacts.prediction import Prediction
from segmend.core.types import BoolArray, FloatArray, IntArray
from segmend.diagnosis.ends import wrong_of
from segmend.diagnosis.signal_facts import judged_facts, quantities
from segmend.scoring.meetings import meeting_of
from segmend.scoring.tallies import matched_at

DRAWS = 4000
MOST_CHANNELS = 8
FEWEST_RECORDINGS = 8
"""Quarters of fewer recordings are single recordings."""


@dataclass(frozen=True, slots=True, eq=False)
class Judgements:
    """What can be right or wrong: reference segments or objects, or whole recordings.

    Attributes:
        wrong: whether nothing of its class matches it with an IoU of 0.5, shape (items,).
        recording: number of its recording.
        size: steps, 0 of whole recordings.
        label: class number; 0 of whole recordings whose labels may overlap.
    """

    wrong: BoolArray
    recording: IntArray
    size: IntArray
    label: IntArray


@dataclass(frozen=True, slots=True, eq=False)
class Slice:
    """A part of the items.

    Attributes:
        kind: "recording", "group", "duration", "length", "level", "spread" or "noise".
        of: the recording, group or channel; "" where none.
        end: "low" or "high" of what has an order, "" else.
        inside: which items, shape (items,).
        whole: which recordings, where it consists of whole ones that have something in common; else None.
        limit: the value at which it begins, NaN where it has none.
    """

    kind: str
    of: str
    end: str
    inside: BoolArray
    whole: BoolArray | None = None
    limit: float = float("nan")


def judgements(prediction: Prediction) -> Judgements:
    """The items of a prediction with ``y_true``."""
    assert prediction.y_true is not None
    if prediction.rank == 0:
        pairs = zip(prediction.y_true, prediction.y_pred, strict=True)
        found = [wrong_of(np.asarray(true), np.asarray(said), prediction.multilabel) for true, said in pairs]
        known = np.array([bool(judged) for _, judged in found])
        wrong = np.array([bool(off) for off, _ in found])[known]
        none = np.zeros(wrong.size, np.int64)
        label = none if prediction.multilabel else np.array(prediction.y_true, np.int64)[known]
        return Judgements(wrong, np.flatnonzero(known), none, label)
    met = meeting_of(prediction)
    wrong = np.ones(len(met.reference), bool)
    wrong[met.same.reference[matched_at(met.same, 50)]] = False
    return Judgements(wrong, met.reference.recording, met.reference.size, met.reference.label)


def slices_of(chart: Chart, items: Judgements) -> Iterator[Slice]:
    """All parts that are looked at."""
    prediction = chart.prediction
    assert prediction is not None and prediction.y_true is not None
    names, groups = prediction.names, prediction.groups
    if prediction.rank:
        yield from (Slice("recording", name, "", items.recording == k) for k, name in enumerate(names))
        yield from _quarters("duration", "", items.size.astype(np.float64))
        lengths = np.array([np.size(rows) for rows in prediction.y_true], np.float64)
        yield from _of_recordings("length", "", lengths, items)
    if groups is not None and len(set(groups)) < len(names):
        number = np.unique(groups, return_inverse=True)[1][items.recording]
        yield from (Slice("group", str(name), "", number == k) for k, name in enumerate(sorted(set(groups))))
    facts = judged_facts(chart)
    if facts is not None and chart.fingerprint is not None:
        for each in quantities(facts, [channel.name for channel in chart.fingerprint.channels[:MOST_CHANNELS]]):
            yield from _of_recordings(each.kind, each.channel, each.values, items)


def _quarters(kind: str, of: str, values: FloatArray) -> Iterator[Slice]:
    """The lowest and the highest quarter of the items; ties stay together."""
    for end, inside, limit in _outer(values):
        yield Slice(kind, of, end, inside, limit=limit)


def _of_recordings(kind: str, of: str, values: FloatArray, items: Judgements) -> Iterator[Slice]:
    if values.size >= FEWEST_RECORDINGS:
        for end, whole, limit in _outer(values):
            yield Slice(kind, of, end, whole[items.recording], whole, limit)


def _outer(values: FloatArray) -> Iterator[tuple[str, BoolArray, float]]:
    known = values[np.isfinite(values)]
    if known.size < FEWEST_RECORDINGS or known.min() == known.max():
        return
    low, high = np.quantile(known, [0.25, 0.75])
    for end, inside, limit in (("low", values <= low, low), ("high", values >= high, high)):
        if 0 < inside.sum() <= values.size / 3:
            yield end, inside, float(limit)


def chance(part: Slice, items: Judgements) -> float:
    """Probability that a part as large holds as many errors when these are dealt out at random.

    Errors are dealt to the items of their class, so that a part is not blamed for holding a class that is wrong
    everywhere. Parts of whole recordings with several items each: recordings keep their errors, and what the
    recordings have in common is dealt out.
    """
    if part.whole is None or np.array_equal(items.recording, np.unique(items.recording)):
        return dealt_within(part.inside, items.wrong, items.label)
    per_recording = np.bincount(items.recording, weights=items.wrong, minlength=part.whole.size)
    rng = np.random.default_rng(0)
    order = rng.permuted(np.broadcast_to(part.whole, (DRAWS, part.whole.size)), axis=1)
    held = per_recording[part.whole].sum()
    return float((1 + np.count_nonzero(order @ per_recording >= held - 1e-9)) / (1 + DRAWS))


def dealt_within(inside: BoolArray, wrong: BoolArray, label: IntArray) -> float:
    """Probability that at least as many errors are inside when each class deals its own to its own items.

    Args:
        inside: which items are in the part, shape (items,).
        wrong: which are errors.
        label: class number of each.

    Examples:
        >>> inside, wrong = np.array([True, True, False, False]), np.array([True, True, False, False])
        >>> round(dealt_within(inside, wrong, np.array([0, 0, 0, 0])), 4), dealt_within(inside, wrong, wrong * 1)
        (0.1667, 1.0)
    """
    spread = np.ones(1)
    for number in np.unique(label):
        own = label == number
        drawn, errors, every = (int(np.count_nonzero(each & own)) for each in (inside, wrong, own))
        spread = np.convolve(spread, dealt(drawn, errors, every))
    return min(1.0, float(spread[int(np.count_nonzero(inside & wrong)) :].sum()))


def dealt(drawn: int, errors: int, every: int) -> FloatArray:
    """Probability of 0, 1, ... errors among so many drawn of all items (hypergeometric).

    Examples:
        >>> dealt(2, 2, 4).round(4).tolist()
        [0.1667, 0.6667, 0.1667]
    """
    from scipy.special import gammaln

    def choose(n: Any, k: Any) -> Any:
        return gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)

    k = np.arange(min(drawn, errors) + 1)
    possible = drawn - k <= every - errors
    k = k[possible]
    shares = np.zeros(possible.size)
    shares[possible] = np.exp(choose(errors, k) + choose(every - errors, drawn - k) - choose(every, drawn))
    return shares


def failing(
    parts: Sequence[Slice], items: Judgements, *, fewest: int, largest: float, mostly: float, times: float, sure: float
) -> tuple[Slice, float] | None:
    """The smallest part that holds most errors by more than chance, and that probability times the parts looked at.

    Args:
        parts: what is looked at.
        items: what is right and wrong.
        fewest: errors that it must hold.
        largest: share of the items that it may have.
        mostly: share of the errors that it must hold.
        times: so many times the share of errors elsewhere.
        sure: the probability must be below.
    """
    errors, found = int(items.wrong.sum()), []
    for part in parts:
        size, held = int(part.inside.sum()), int((items.wrong & part.inside).sum())
        if held < max(fewest, mostly * errors) or size > largest * items.wrong.size:
            continue
        elsewhere = (errors - held) / max(1, items.wrong.size - size)
        if held / size >= times * elsewhere:
            found.append((size, -held, part))
    for _, _, part in sorted(found, key=lambda entry: entry[:2]):
        probability = min(1.0, chance(part, items) * len(parts))
        if probability < sure:
            return part, probability
    return None
