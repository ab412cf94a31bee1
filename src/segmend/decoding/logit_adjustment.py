"""The most probable class under other class frequencies than the probabilities were made for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar, Self

import numpy as np

from segmend.core.labels import Labels
from segmend.core.types import FloatArray, IntArray
from segmend.decoding.base import StepDecoder, judged_rows, log_probabilities

ROWS = 20_000
"""Steps that the calibration is fitted on, spread evenly over all; more change nothing."""

RIDGE = 1e-3
"""How much the biases are drawn towards 0, in nats per squared nat."""


@dataclass(frozen=True, slots=True, eq=False)
class LogitAdjustment(StepDecoder):
    """The class with the highest log probability plus a bias of its own.

    The bias has two parts. ``calibrated`` 1 corrects the probabilities to the class frequencies of the labelled
    recordings: a temperature and biases with the highest likelihood (bias-corrected temperature scaling; Alexandari et
    al. 2020), which takes back weights or sampling that training was given. ``strength`` then subtracts so many times
    the log frequency (logit adjustment; Menon et al. 2021): 0 answers what is most probable, 1 weighs all alike.

    Attributes:
        labels: class names and the background.
        bias: added to the log probability, shape (classes,).

    Examples:
        >>> decoder = LogitAdjustment(Labels.numbered(2), bias=np.array([0.0, 1.0]))
        >>> decoder.decode(np.array([[0.7, 0.3], [0.8, 0.2]]))
        array([1, 0])
    """

    name: ClassVar[str] = "logit_adjustment"
    whole: ClassVar[bool] = True
    grid: ClassVar[Mapping[str, tuple[float, ...]]] = {
        "calibrated": (0.0, 1.0),
        "strength": (0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5),
    }
    start: ClassVar[Mapping[str, float]] = {"calibrated": 1.0, "strength": 0.5}

    labels: Labels
    bias: FloatArray

    def _decode(self, y_prob: FloatArray) -> IntArray:
        return np.argmax(log_probabilities(y_prob) + self.bias, axis=1)

    def parameters(self) -> dict[str, Any]:
        """One bias per class, in nats."""
        return {"bias": self.bias.tolist()}

    @classmethod
    def from_parameters(cls, parameters: Mapping[str, Any], labels: Labels) -> Self:
        """The decoder back from ``parameters()``."""
        return cls(labels, np.asarray(parameters["bias"], float))

    @classmethod
    def maker(
        cls, y_prob: Sequence[FloatArray], y_true: Sequence[IntArray], labels: Labels
    ) -> Callable[[Mapping[str, float]], Self]:
        """``learn`` as a function of the setting alone; the calibration is fitted once."""
        frequency, correction = labelled(y_prob, y_true, len(labels))

        def make(setting: Mapping[str, float]) -> Any:
            temperature, own = correction(setting["calibrated"])
            bias = temperature * (own - setting["strength"] * np.log(frequency))  # in the scale of the given logarithms
            return cls(labels, bias - bias.max())

        return make


Correction = Callable[[float], tuple[float, FloatArray]]


def labelled(y_prob: Sequence[FloatArray], y_true: Sequence[IntArray], classes: int) -> tuple[FloatArray, Correction]:
    """What labelled recordings tell about their probabilities.

    Returns:
        The smoothed frequency of each class, shape (classes,); and a function of the setting "calibrated": the
        temperature and biases of ``calibration``, fitted when they are first asked for, or 1 and zeros for 0.
    """
    prob, true = judged_rows(y_prob, y_true, classes)
    frequency = (np.bincount(true, minlength=classes) + 1.0) / (len(true) + classes)
    kept = evenly(len(true))
    prob, true = prob[kept], true[kept]  # all pixels of images would live as long as the function
    fitted = cache(lambda: calibration(prob, true))
    return frequency, lambda calibrated: fitted() if calibrated else (1.0, np.zeros(classes))


def evenly(count: int) -> IntArray | slice:
    """``ROWS`` positions spread evenly over so many, all of them where there are no more."""
    return np.unique(np.linspace(0, count - 1, ROWS).astype(np.int64)) if count > ROWS else slice(None)


def evenly_of(rows: Sequence[FloatArray]) -> FloatArray:
    """The rows at ``evenly`` of several tables end to end, without putting all of them together: they may be on disk.

    Args:
        rows: tables of (steps, classes), at least one.
    """
    ends = np.cumsum([0, *map(len, rows)])
    kept = np.arange(ends[-1])[evenly(int(ends[-1]))]
    cuts = np.searchsorted(kept, ends)
    pieces = zip(rows, ends[:-1], cuts[:-1], cuts[1:], strict=True)
    return np.concatenate([table[kept[first:last] - begin] for table, begin, first, last in pieces])


def calibration(y_prob: FloatArray, y_true: IntArray) -> tuple[float, FloatArray]:
    """The temperature T and biases b of softmax(log p / T + b) with the highest likelihood.

    Args:
        y_prob: shape (steps, classes).
        y_true: class numbers, shape (steps,).

    Returns:
        T, and b of shape (classes,) with mean 0; 1 and zeros where there are no steps.

    Examples:
        >>> prob = np.tile([0.5, 0.5], (4, 1))
        >>> temperature, bias = calibration(prob, np.array([0, 0, 0, 1]))
        >>> round(float(bias[0] - bias[1]), 1)  # log 3, a little less
        1.1
    """
    from scipy.optimize import minimize

    classes = y_prob.shape[1]
    if not len(y_true):
        return 1.0, np.zeros(classes)
    kept = evenly(len(y_true))
    logs, true = log_probabilities(y_prob[kept].astype(np.float64)), y_true[kept]
    row, hot = np.arange(len(true)), np.eye(classes)[true]

    def loss(point: FloatArray) -> tuple[float, FloatArray]:
        scale, bias = np.exp(point[0]), point[1:]
        scores = scale * logs + bias
        scores -= scores.max(axis=1, keepdims=True)
        likely = np.exp(scores)
        total = likely.sum(axis=1)
        surplus = (likely / total[:, None] - hot) / len(true)
        slope = np.concatenate(([scale * np.sum(surplus * logs)], surplus.sum(axis=0) + 2 * RIDGE * bias))
        return float(np.mean(np.log(total) - scores[row, true]) + RIDGE * np.sum(bias**2)), slope

    bounds = [(-3.0, 3.0), *[(-12.0, 12.0)] * classes]
    found = minimize(loss, np.zeros(classes + 1), jac=True, method="L-BFGS-B", bounds=bounds).x
    return float(np.exp(-found[0])), found[1:] - found[1:].mean()
