"""A training's curves: levels, noise and what half as many epochs again would bring, all of them robust to noise."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from segmend.artifacts.history import History
from segmend.core.types import FloatArray

SCORES = ("accuracy", "acc", "f1", "iou", "dice_coef", "dice_score", "auc", "precision", "recall")
"""Words in the names of columns that lie in 0 .. 1, more being better."""

TENTH = 10
FEWEST_FITTED = 6
TIMES = np.geomspace(0.05, 20.0, 33)
"""Time constants to fit, in numbers of fitted epochs; the last is as good as a straight line."""

SURE = 1.0
"""Standard errors that the height and the time constant of a fall may lie away from the best one."""


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """One network's training.

    Attributes:
        loss: at each epoch, NaN where it is no number or was not measured, shape (epochs,).
        val_loss: likewise on validation data; None where there was none.
        rate: learning rate at each epoch; None where it was not logged.
        columns: all columns, as ``loss``.
        member: number of the network where several were trained, from 1.
    """

    loss: FloatArray
    val_loss: FloatArray | None
    rate: FloatArray | None
    columns: dict[str, FloatArray]
    member: int | None = None

    @property
    def paired(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Epochs at which the validation loss was measured, the loss then, and the validation loss."""
        known = np.flatnonzero(np.isfinite(self.loss))
        if self.val_loss is None or not known.size:
            return (np.zeros(0),) * 3
        epochs = np.flatnonzero(np.isfinite(self.val_loss)).astype(float)
        return epochs, np.interp(epochs, known, self.loss[known]), self.val_loss[epochs.astype(int)]

    def score(self, *words: str) -> tuple[str, FloatArray, FloatArray | None] | None:
        """Name and curves, of training and validation, of the first column that is such a score."""
        wanted = words or SCORES
        for name, values in self.columns.items():
            if name.startswith("val_") or not any(word in name.lower() for word in wanted):
                continue
            seen = values[np.isfinite(values)]
            if seen.size and seen.min() >= 0 and seen.max() <= 1:
                return name, values, self.columns.get(f"val_{name}")
        return None


class Forecast(NamedTuple):
    """Where a curve is going.

    Attributes:
        gained: how far it has fallen since the first epoch.
        more: how far it would fall in half as many epochs again, at least.
        share: ``more`` over ``gained``; 0 where it has not fallen.
    """

    gained: float
    more: float
    share: float


def courses(history: History) -> Iterator[Course]:
    """The training of each network in turn; there are none without a loss."""
    columns = {name: np.array([math.nan if v is None else v for v in c], float) for name, c in history.columns.items()}
    if "loss" not in columns or not columns["loss"].size:
        return
    members = columns.pop("member", None)
    numbers = [None] if members is None else sorted({int(number) for number in members if math.isfinite(number)})
    for number in numbers:
        own = columns if members is None else {name: values[members == number] for name, values in columns.items()}
        rate = own.get("learning_rate", own.get("lr"))
        yield Course(own["loss"], own.get("val_loss"), rate, own, number)


def finite(values: FloatArray | None) -> FloatArray:
    """What was measured.

    >>> finite(np.array([1.0, np.nan, 3.0])).tolist(), finite(None).tolist()
    ([1.0, 3.0], [])
    """
    return np.zeros(0) if values is None else values[np.isfinite(values)]


def tenth(epochs: int) -> int:
    """Epochs in a tenth, at least 3.

    >>> tenth(8), tenth(100)
    (3, 10)
    """
    return min(epochs, max(3, epochs // TENTH))


def level(values: Sequence[float] | FloatArray) -> float:
    """The level at the end: the median of the last tenth, of at least 3 epochs.

    >>> level([9.0, 1.0, 2.0, 30.0])
    2.0
    """
    return float(np.median(np.asarray(values)[-tenth(len(values)) :]))


def noise(values: FloatArray) -> float:
    """Standard deviation of what changes from epoch to epoch without lasting, robustly; 0 of fewer than 4 epochs.

    It is read off second differences, which a straight trend does not enter.

    Examples:
        >>> noise(np.arange(10.0)), round(noise(np.array([0, 1, 0, 1, 0, 1, 0, 1.0])), 2)
        (0.0, 1.21)
    """
    if len(values) < 4:
        return 0.0
    return float(1.4826 * np.median(np.abs(np.diff(values, 2))) / math.sqrt(6))


def smooth(values: FloatArray) -> FloatArray:
    """The curve without its noise: running medians over a tenth of the epochs, shorter at the ends.

    >>> smooth(np.array([1.0, 9.0, 2.0, 3.0, 4.0])).tolist()
    [5.0, 2.0, 3.0, 3.0, 3.5]
    """
    half = tenth(len(values)) // 2
    padded = np.pad(values.astype(float), half, constant_values=np.nan)
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * half + 1)
    return np.asarray(np.nanmedian(windows, axis=1))


def forecast(values: FloatArray) -> Forecast:
    """How much further a falling curve would go.

    To the last three fifths of the curve, exponential approaches to a floor are fitted, one for each of many time
    constants. Of those that fit about as well as the best one, the one that promises least is taken.

    Args:
        values: a loss that was measured at every epoch, shape (epochs,); of fewer than 6 epochs nothing is said.

    Examples:
        >>> epochs = np.arange(20)
        >>> round(forecast(np.exp(-epochs / 20)).share, 2), round(forecast(np.exp(-epochs / 3)).share, 2)
        (0.27, 0.0)
    """
    if len(values) < FEWEST_FITTED:
        return Forecast(0.0, 0.0, 0.0)
    gained = float(np.median(values[:2]) - level(values))
    fitted = values[-max(FEWEST_FITTED, math.ceil(0.6 * len(values))) :]
    epochs = np.arange(len(fitted)) - len(fitted) + 1.0
    falls = np.exp(-epochs[None] / (TIMES[:, None] * len(fitted)))
    falls = falls / falls[:, :1]
    centred, rest = falls - falls.mean(axis=1, keepdims=True), fitted - fitted.mean()
    height = (centred @ rest) / (centred**2).sum(axis=1)
    error = ((rest - height[:, None] * centred) ** 2).sum(axis=1)
    spread = error.min() / (len(fitted) - 3)
    likely = error <= error.min() + SURE**2 * spread + 1e-12 * (rest**2).sum()
    unsure = np.sqrt(spread / (centred**2).sum(axis=1))
    height = np.maximum(height - SURE * unsure, 0.0)
    ahead = 1 - np.exp(-0.5 * len(values) / (TIMES * len(fitted)))
    more = float((height * falls[:, -1] * ahead)[likely].min())
    return Forecast(gained, more, more / gained if gained > 0 else 0.0)
