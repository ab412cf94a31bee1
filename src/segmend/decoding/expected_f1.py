"""The segments that are right in most of the segmentations that the scores allow."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, ClassVar, NamedTuple, Self

import numpy as np

from segmend.core.labels import Labels
from segmend.core.types import BoolArray, FloatArray, IntArray
from segmend.decoding.base import StepDecoder, log_probabilities, stretches
from segmend.decoding.evidence import Evidence, Shown
from segmend.decoding.posterior import Prior, Weights
from segmend.decoding.regression import Linear
from segmend.decoding.statistics import RunTable
from segmend.decoding.temperature import sigmoid

MEMBERS = (Weights(1.0, 3.0, 0.3, -2.0), Weights(0.5, 2.0, 0.2, -2.0), Weights(1.5, 5.0, 0.5, -1.0))
"""Segmentations are drawn under each of these, and together."""

DRAWS = 256
"""Segmentations drawn under each of them."""

RESOLUTION = 8
"""There are at least this many cells in the shortest ordinary segment."""

STEP_SHARE = 0.1
"""What a usual segment's worth of right steps counts beside one right segment."""

LADDER = np.linspace(0.02, 0.7, 18)
"""Prices of a segment at which a recording is decoded, before one of the results is chosen."""


class Candidates(NamedTuple):
    """Segments of one recording that were drawn at least once, in order of their stop.

    Attributes:
        start, stop, label: in cells, shape (candidates,).
        gain: share of draws in which the segment is right, and a little for its steps.
        share: how often each cell has each class, shape (cells, classes).
        target: expected number of segments.
    """

    start: IntArray
    stop: IntArray
    label: IntArray
    gain: FloatArray
    share: FloatArray
    target: float


@dataclass(frozen=True, slots=True, eq=False)
class ExpectedF1(StepDecoder):
    """Takes the disjoint segments with the highest expected number of matches minus ``price`` for each.

    Segmentations are drawn from a semi-Markov model of raw scores, calibrated scores and borders (``Evidence``) and of
    durations, transitions and occurrences (``Prior``). A segment is worth the share of draws that hold one of its class
    with an IoU of one half; the best disjoint ones are found exactly on those drawn. F1 is a ratio, so the price stands
    for what one more predicted segment costs (Dinkelbach 1967). A number of segments regressed on the scores weighs
    the draws, and ``aim`` is the price of each by which the result is expected to be off.

    Attributes:
        labels: class names and the background.
        evidence: what scores tell.
        prior: what segmentations look like.
        number: number of segments, regressed on the expected number of borders and the length.
        emission: factor on the weights of what scores tell.
        occurrence: weight of how often each class occurs in a recording.
        price: of each segment.
        aim: price of each segment expected to be too many or too few.
        memo: candidates of recordings seen before, shared by decoders of one search; None keeps nothing.

    Examples:
        >>> truth = np.repeat([0, 1, 0], 8)
        >>> sure = np.where(truth[:, None] == [0, 1], 0.8, 0.2)
        >>> decoder = ExpectedF1.learn([sure], [truth], Labels.numbered(2), **ExpectedF1.start)
        >>> sure[4] = [0.3, 0.7]
        >>> bool((decoder.decode(sure) == truth).all())
        True
    """

    name: ClassVar[str] = "expected_f1"
    grid: ClassVar[Mapping[str, tuple[float, ...]]] = {
        "emission": (0.5, 1.0, 2.0, 4.0, 8.0),
        "occurrence": (0.0, 0.5, 1.0),
        "price": (0.1, 0.2, 0.3, 0.4, 0.5),
        "aim": (0.0, 0.2, 0.4, 0.8),
    }
    start: ClassVar[Mapping[str, float]] = {"emission": 1.0, "occurrence": 0.5, "price": 0.3, "aim": 0.4}

    labels: Labels
    evidence: Evidence
    prior: Prior
    number: Linear
    emission: float
    occurrence: float
    price: float
    aim: float
    memo: dict[bytes, Candidates] | None = field(default=None, repr=False, kw_only=True)

    def _decode(self, y_prob: FloatArray) -> IntArray:
        from segmend.decoding.kernels import refine_borders

        if len(self.labels) == 1:
            return np.zeros(len(y_prob), np.int64)
        path = self._choose(self._candidates(y_prob))
        stride = self.evidence.stride
        if stride == 1:
            return path
        score = log_probabilities(y_prob)
        durations = self.prior.durations
        mean = durations.mean + np.log(stride)
        return refine_borders(np.repeat(path, stride)[: len(y_prob)], score, mean, durations.spread, stride)

    def _candidates(self, y_prob: FloatArray) -> Candidates:
        if self.memo is None:
            return self._draw(y_prob)
        setting = f"{self.emission} {self.occurrence}".encode()
        key = hashlib.blake2b(np.ascontiguousarray(y_prob).tobytes() + setting, digest_size=16).digest()
        if key not in self.memo:
            self.memo[key] = self._draw(y_prob)
        return self.memo[key]

    def _draw(self, y_prob: FloatArray) -> Candidates:
        """Draw segmentations, and say of each segment in them how many of the others agree."""
        shown = self.evidence(y_prob)
        target = max(0.0, float(self.number(_number_features(shown)[None])[0]))
        draw = partial(
            self.prior.draw,
            shown,
            unit=self.evidence.unit,
            emission=self.emission,
            occurrence=self.occurrence,
            draws=DRAWS,
            seed=0,
        )
        paths = np.concatenate([draw(weights) for weights in MEMBERS])
        start, stop, label, path = _segments(paths)
        item = np.isin(label, self.labels.foreground)
        weight = _weights(np.bincount(path[item], minlength=len(paths)), target, self.number.spread)
        share = _share(start, stop, label, weight[path], shown.raw.shape)
        return self._valued(start[item], stop[item], label[item], weight[path[item]], share, target)

    def _valued(
        self, start: IntArray, stop: IntArray, label: IntArray, weight: FloatArray, share: FloatArray, target: float
    ) -> Candidates:
        """Each different segment once, with what it gains."""
        from segmend.decoding.kernels_expected import support

        different = np.unique(np.stack((stop, start, label), axis=1), axis=0)
        own_stop, own_start, own_label = (np.ascontiguousarray(column) for column in different.T)
        gain = np.zeros(len(different))
        order = np.argsort(start, kind="stable")
        for each in np.unique(label):
            at, drawn = np.flatnonzero(own_label == each), order[label[order] == each]
            gain[at] = support(own_start[at], own_stop[at], start[drawn], stop[drawn], weight[drawn])
        background = self.labels.background
        lead = share if background is None else share - share[:, [background]]
        total = np.concatenate((np.zeros((1, share.shape[1])), np.cumsum(lead, axis=0)))
        gain += STEP_SHARE / self.evidence.unit * (total[own_stop, own_label] - total[own_start, own_label])
        return Candidates(own_start, own_stop, own_label, gain, share, target)

    def _choose(self, found: Candidates) -> IntArray:
        """The best schedule of the ladder as a path of cells."""
        from segmend.decoding.kernels_expected import best_schedule, fill_gaps

        def schedule(price: float) -> BoolArray:
            taken = np.zeros(found.gain.size, bool)
            worth = np.flatnonzero(found.gain > price)
            columns = (column[worth] for column in (found.start, found.stop, found.label))
            taken[worth] = best_schedule(*columns, found.gain[worth] - price, len(found.share))
            return taken

        def value(taken: BoolArray) -> float:
            count = int(taken.sum())
            missed = _expected_error(count - found.target, self.number.spread)
            return float(found.gain[taken].sum()) - self.price * count - self.aim * missed

        taken = max((schedule(price) for price in LADDER), key=value)
        start, stop, label = found.start[taken], found.stop[taken], found.label[taken]
        if self.labels.background is None:
            return fill_gaps(start, stop, label, found.share)
        path = np.full(len(found.share), self.labels.background)
        inside = np.repeat(start - np.concatenate(([0], np.cumsum(stop - start)[:-1])), stop - start)
        path[inside + np.arange(inside.size)] = np.repeat(label, stop - start)
        return path

    def parameters(self) -> dict[str, Any]:
        """The learnt numbers as lists, and the four weights."""
        learnt = {name: getattr(self, name).parameters() for name in ("evidence", "prior", "number")}
        return {**learnt, **{name: float(getattr(self, name)) for name in self.grid}}

    @classmethod
    def from_parameters(cls, parameters: Mapping[str, Any], labels: Labels) -> Self:
        """The decoder back from ``parameters()``."""
        evidence = Evidence.from_parameters(parameters["evidence"])
        prior, number = Prior.from_parameters(parameters["prior"]), Linear.from_parameters(parameters["number"])
        return cls(labels, evidence, prior, number, *(float(parameters[name]) for name in cls.grid))

    @classmethod
    def learn(
        cls,
        y_prob: Sequence[FloatArray],
        y_true: Sequence[IntArray],
        labels: Labels,
        **setting: float,
    ) -> Self:
        """Evidence, prior and number of segments of labelled recordings, at one setting."""
        prob, true = _judged(y_prob, y_true)
        if not true:  # nothing judged teaches nothing, which one step of no class in particular says too
            prob, true = [np.full((1, len(labels)), 1 / len(labels))], [np.zeros(1, np.int64)]
        table = RunTable.of(true)
        item = np.isin(table.label, labels.foreground)
        length = table.length[item] if item.any() else table.length
        stride = max(1, int(np.percentile(length, 5) / RESOLUTION))
        unit = max(1.0, float(np.median(length)) / stride)
        evidence = Evidence.fit(prob, true, len(labels), stride=stride, unit=unit)
        features = np.stack([_number_features(evidence(rows)) for rows in prob])
        at = np.repeat(np.arange(len(true)), [len(RunTable.of([rows]).label) for rows in true])
        number = Linear.fit(features, np.bincount(at[item], minlength=len(true)).astype(np.float64))
        return cls(labels, evidence, Prior.of(true, labels, stride), number, *(setting[name] for name in cls.grid))

    @classmethod
    def maker(
        cls, y_prob: Sequence[FloatArray], y_true: Sequence[IntArray], labels: Labels
    ) -> Callable[[Mapping[str, float]], Self]:
        """Decoders at any setting that share what was learnt, and what they draw."""
        return replace(cls.learn(y_prob, y_true, labels, **cls.start), memo={})._at

    def _at(self, setting: Mapping[str, float]) -> Self:
        changed: dict[str, Any] = dict(setting)
        return replace(self, **changed)


def _judged(y_prob: Sequence[FloatArray], y_true: Sequence[IntArray]) -> tuple[list[FloatArray], list[IntArray]]:
    """Judged stretches as recordings, in an order that does not depend on the one they came in."""
    parts = [
        (np.asarray(prob[start:stop], np.float64), np.asarray(true[start:stop], np.int64))
        for prob, true in zip(y_prob, y_true, strict=True)
        for start, stop in stretches(true)
    ]
    parts.sort(key=lambda pair: hashlib.blake2b(pair[0].tobytes() + pair[1].tobytes()).digest())
    return [prob for prob, _ in parts], [true for _, true in parts]


def _number_features(shown: Shown) -> FloatArray:
    """Expected number of borders, and the number of cells."""
    return np.array([sigmoid(shown.edge).sum(), len(shown.edge)])


def _segments(paths: IntArray) -> tuple[IntArray, IntArray, IntArray, IntArray]:
    """Start, stop, label and path of all segments of paths, shape (draws, cells)."""
    first = np.ones(paths.shape, bool)
    first[:, 1:] = paths[:, 1:] != paths[:, :-1]
    draw, start = np.nonzero(first)
    stop = np.append(start[1:], 0)
    stop[stop == 0] = paths.shape[1]
    return start, stop, paths[draw, start].astype(np.int64), draw


def _weights(count: IntArray, target: float, spread: float) -> FloatArray:
    """Weight of each draw by its number of segments, with the heavy tails of Student's t so that few never rule."""
    weight = (1 + ((count - target) / max(spread, 0.5)) ** 2 / 4) ** -2.5
    return weight / weight.sum()


def _expected_error(away: float, spread: float) -> float:
    """Mean distance of a number from normal ones that lie ``away`` from it on average.

    >>> round(_expected_error(0.0, 1.0), 3), round(_expected_error(9.0, 1.0), 3)
    (0.798, 9.0)
    """
    z = away / max(spread, 1e-9)
    return away * math.erf(z / math.sqrt(2)) + spread * math.sqrt(2 / math.pi) * math.exp(-0.5 * z * z)


def _share(start: IntArray, stop: IntArray, label: IntArray, weight: FloatArray, shape: tuple[int, ...]) -> FloatArray:
    """Summed weight of the segments over each cell and class."""
    change = np.zeros((shape[0] + 1, shape[1]))
    np.add.at(change, (start, label), weight)
    np.add.at(change, (stop, label), -weight)
    return np.cumsum(change[:-1], axis=0)
