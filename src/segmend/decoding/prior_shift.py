"""The most probable class under the class frequencies of a new site, which are estimated without labels."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

import numpy as np
from scipy.special import softmax

from segmend.core.labels import IGNORE, Labels
from segmend.core.types import FloatArray, IntArray
from segmend.decoding.base import StepDecoder, log_probabilities
from segmend.decoding.logit_adjustment import evenly_of, labelled

ROUNDS, ENOUGH = 200, 1e-6
"""Rounds of expectation and maximisation, fewer once no frequency moves by more than this."""


@dataclass(frozen=True, slots=True, eq=False)
class PriorShift(StepDecoder):
    """Probabilities corrected from the class frequencies of training to those of the recordings at hand.

    Calibrated probabilities are those of the labelled recordings' frequencies. Where a new person or site has others,
    the most likely frequencies under its probabilities alone are found by expectation and maximisation (Saerens et al.
    2002; calibrated first, as Alexandari et al. 2020 show to be needed), drawn towards those of training as if
    ``trust`` steps of them had been seen.

    ``adapted`` estimates them over all recordings of a site together; otherwise each recording is a site of its own.
    It holds where classes look the same everywhere and only their frequencies differ. A class that no labelled
    recording has keeps its frequency: nothing is known of what the model says of it.

    Attributes:
        labels: class names and the background.
        temperature, bias: of the calibration, softmax(log p / temperature + bias).
        frequency: of the classes in the labelled recordings, shape (classes,).
        trust: steps (or recordings, of wholes) that the labelled frequencies count for.
        unseen: numbers of the classes that no labelled recording has.
        site: frequencies at the site, shape (classes,); None estimates them for each recording.

    Examples:
        >>> even = PriorShift(Labels.numbered(2), 1.0, np.zeros(2), np.array([0.5, 0.5]), trust=1.0)
        >>> site = np.array([[0.9, 0.1]] * 8 + [[0.45, 0.55]])
        >>> even.decode(site).tolist()  # class 1 is rare here
        [0, 0, 0, 0, 0, 0, 0, 0, 0]
    """

    name: ClassVar[str] = "prior_shift"
    whole: ClassVar[bool] = True
    grid: ClassVar[Mapping[str, tuple[float, ...]]] = {
        "calibrated": (0.0, 1.0),
        "trust": (3.0, 10.0, 30.0, 100.0, 300.0, 1000.0, 10000.0, 100000.0),
    }
    start: ClassVar[Mapping[str, float]] = {"calibrated": 1.0, "trust": 30.0}

    labels: Labels
    temperature: float
    bias: FloatArray
    frequency: FloatArray
    trust: float
    unseen: tuple[int, ...] = ()
    site: FloatArray | None = None

    def adapted(self, y_prob: Sequence[FloatArray]) -> Self:
        """The decoder for the recordings of one site, whose class frequencies are estimated from them."""
        rows = [np.asarray(each).reshape(-1, len(self.labels)) for each in y_prob]
        return replace(self, site=self._frequencies(rows)) if any(map(len, rows)) else self

    def adapts(self) -> bool:
        """Frequencies are learnt from recordings without labels."""
        return True

    def decode_judged(self, y_prob: FloatArray, y_true: IntArray) -> IntArray:
        """Decode with frequencies that are estimated from judged steps alone."""
        judged = np.asarray(y_true) != IGNORE
        if self.site is not None or judged.all() or not judged.any():
            return StepDecoder.decode_judged(self, y_prob, y_true)
        return self.adapted([y_prob[judged]]).decode(y_prob)

    def _decode(self, y_prob: FloatArray) -> IntArray:
        site = self._frequencies([y_prob]) if self.site is None else self.site
        return np.argmax(self._scores(y_prob) + np.log(site / self.frequency), axis=1)

    def _scores(self, y_prob: FloatArray) -> FloatArray:
        return log_probabilities(y_prob) / self.temperature + self.bias

    def _frequencies(self, rows: Sequence[FloatArray]) -> FloatArray:
        """The most likely frequencies of the classes where these probabilities come from, (steps, classes) each."""
        likely = softmax(self._scores(evenly_of(rows).astype(np.float64)), axis=1)
        known, seen = self.trust * self.frequency, sum(map(len, rows))
        found = self.frequency
        for _ in range(ROUNDS):
            share = likely * (found / self.frequency)
            share /= share.sum(axis=1, keepdims=True)
            moved = self._without_unseen((seen * share.mean(axis=0) + known) / (seen + self.trust))
            if np.abs(moved - found).max() < ENOUGH:
                return moved
            found = moved
        return found

    def _without_unseen(self, frequency: FloatArray) -> FloatArray:
        """The frequencies with those of unseen classes as they were, and the others in the same proportions."""
        if not self.unseen:
            return frequency
        kept = np.isin(np.arange(len(frequency)), self.unseen)
        if kept.all():
            return self.frequency
        rest = (1 - self.frequency[kept].sum()) / frequency[~kept].sum()
        return np.where(kept, self.frequency, frequency * rest)

    def parameters(self) -> dict[str, Any]:
        """Calibration and frequencies of the labelled recordings; those of a site are no part of it."""
        return {
            "temperature": float(self.temperature),
            "bias": self.bias.tolist(),
            "frequency": self.frequency.tolist(),
            "trust": float(self.trust),
            "unseen": list(self.unseen),
        }

    @classmethod
    def from_parameters(cls, parameters: Mapping[str, Any], labels: Labels) -> Self:
        """The decoder back from ``parameters()``."""
        bias, frequency = (np.asarray(parameters[key], float) for key in ("bias", "frequency"))
        unseen = tuple(int(k) for k in parameters.get("unseen", ()))  # records of before have none
        return cls(labels, float(parameters["temperature"]), bias, frequency, float(parameters["trust"]), unseen)

    @classmethod
    def maker(
        cls, y_prob: Sequence[FloatArray], y_true: Sequence[IntArray], labels: Labels
    ) -> Callable[[Mapping[str, float]], Self]:
        """``learn`` as a function of the setting alone; the calibration is fitted once."""
        frequency, correction = labelled(y_prob, y_true, len(labels))
        there = np.unique(np.concatenate([np.ravel(each) for each in y_true])) if len(y_true) else ()
        unseen = tuple(k for k in range(len(labels)) if len(y_true) and k not in there)

        def make(setting: Mapping[str, float]) -> Any:
            return cls(labels, *correction(setting["calibrated"]), frequency, setting["trust"], unseen)

        return make
