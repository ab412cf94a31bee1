"""Samples that stay in their file until a slice of them is asked for."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from typing import Any

import numpy as np
import numpy.typing as npt

EAGER_SAMPLES = 2**24
"""Up to this many samples (64 MiB as float32) come into memory at once; longer signals a slice at a time."""


class Lazy(ABC):
    """An array whose rows are read when they are asked for; NumPy functions take it as an array.

    Attributes:
        shape: (steps, channels) of a signal, (height, width) or (height, width, channels) of an image.
        dtype: of the samples that come out.
        ndim: number of axes.
        size: number of samples.
    """

    def __init__(self, shape: tuple[int, ...], dtype: npt.DTypeLike) -> None:
        self.shape = shape
        self.dtype = np.dtype(dtype)
        self.ndim = len(shape)
        self.size = math.prod(shape)

    @abstractmethod
    def rows(self, first: int, last: int) -> npt.NDArray[Any]:
        """The rows from ``first`` to before ``last`` of the first axis, shape (last - first, ...)."""

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, key: Any) -> npt.NDArray[Any]:
        """As NumPy does it, reading only from the first to the last row that is asked for."""
        steps, *rest = key if isinstance(key, tuple) else (key,)
        if steps is ...:
            steps, rest = slice(None), [..., *rest]
        if isinstance(steps, slice):
            chosen = range(len(self))[steps]
            index: Any = slice(None, None, chosen.step)
            first, last = (min(chosen), max(chosen) + 1) if chosen else (0, 0)
        else:
            numbers = np.arange(len(self))[steps]
            first, last = (int(numbers.min()), int(numbers.max()) + 1) if numbers.size else (0, 0)
            index = numbers - first
        return self.rows(first, last)[(index, *rest)]

    def __array__(self, dtype: npt.DTypeLike | None = None, copy: bool | None = None) -> npt.NDArray[Any]:
        return self.rows(0, len(self)).astype(dtype or self.dtype, copy=False)


def settled(values: Lazy) -> Any:
    """The samples in memory where they are few, else as they are."""
    return np.asarray(values) if values.size <= EAGER_SAMPLES else values
