"""Recordings that are standardised one by one, where each lies at levels of its own."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from segmend.core.dataset import Dataset
from segmend.core.types import FloatArray
from segmend.fingerprinting.moments import Moments
from segmend.fingerprinting.signals import CHUNK
from segmend.formats.lazy import Lazy
from segmend.planning import Values


class Standardized(Lazy):
    """A recording of mean 0 and standard deviation 1 on each channel; read a slice at a time.

    Args:
        signal: shape (*spatial, channels); may be a memory map.
        mean: of each channel.
        std: of each channel, above 0.
    """

    def __init__(self, signal: FloatArray, mean: FloatArray, std: FloatArray) -> None:
        super().__init__(signal.shape, np.float32)
        self.signal, self.mean, self.std = signal, mean, std

    def rows(self, first: int, last: int) -> npt.NDArray[Any]:
        """The rows from ``first`` to before ``last``, as single precision."""
        return ((self.signal[first:last] - self.mean) / self.std).astype(np.float32)


def standardized(signal: FloatArray) -> Any:
    """A recording by its own mean and spread, as a view: what is larger than memory stays where it is.

    Channels that never change become 0.

    Args:
        signal: shape (*spatial, channels), finite.

    Examples:
        >>> print(standardized(np.array([[1.0, 5.0], [3.0, 5.0]]))[:])
        [[-1.  0.]
         [ 1.  0.]]
    """
    channels = signal.shape[-1]
    found = Moments.none(channels)
    rows = max(1, CHUNK // max(1, math.prod(signal.shape[1:])))
    for first in range(0, len(signal), rows):
        found = found.join(Moments.of(np.asarray(signal[first : first + rows]).reshape(-1, channels)))
    return Standardized(signal, found.mean, np.where(found.std > 0, found.std, 1.0))


def as_planned(values: Values, signals: Sequence[FloatArray]) -> list[FloatArray]:
    """Recordings as the planned model takes them.

    Args:
        values: of a plan; ``window.standardize`` says whether each recording is standardised by itself.
        signals: one array (*spatial, channels) per recording.
    """
    return [standardized(each) for each in signals] if values.window.standardize == "recording" else list(signals)


def data_as_planned(values: Values, data: Dataset) -> Dataset:
    """A data set whose recordings are as the planned model takes them."""
    signals = as_planned(values, [recording.signal for recording in data.recordings])
    seen = (dataclasses.replace(each, signal=signal) for each, signal in zip(data.recordings, signals, strict=True))
    return dataclasses.replace(data, recordings=tuple(seen))
