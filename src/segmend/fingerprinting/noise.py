"""How much a channel changes from step to step where nothing happens."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from segmend.core.types import FloatArray

DEVIATION = 0.6744897501960817
"""Median of the absolute value of a standard normal variable."""

GAIN = 6.0**0.5
"""Standard deviation of 1, -2, 1 on white noise of standard deviation 1."""


def noise(samples: npt.NDArray[Any]) -> FloatArray:
    """Standard deviation of white noise on each channel, from second differences along every spatial axis.

    Second differences take slopes away, and the median of their absolute values does not see the few that stand at
    borders.

    Args:
        samples: shape (*spatial, channels), of any dtype.

    Returns:
        Shape (channels,); NaN where an axis has fewer than 3 samples, or none of the differences is finite.

    Source: Donoho, Johnstone, Ideal spatial adaptation by wavelet shrinkage, Biometrika 81 (1994): the median over
    0.6745, of the finest detail; Gasser, Sroka, Jennen-Steinmetz, Residual variance and residual pattern in nonlinear
    regression, Biometrika 73 (1986): second differences of signals; Immerkaer, Fast noise variance estimation,
    Computer Vision and Image Understanding 64 (1996): second differences along both axes of images.

    Examples:
        >>> wave = np.sin(np.arange(20_000) / 50)[:, np.newaxis]
        >>> print(noise(wave + 0.1 * np.random.default_rng(0).normal(size=wave.shape)).round(2))
        [0.1]
    """
    detail = np.asarray(samples, np.float64)
    axes = range(detail.ndim - 1)
    if min(detail.shape[:-1]) < 3:
        return np.full(detail.shape[-1], np.nan)
    with np.errstate(invalid="ignore", over="ignore"):
        for axis in axes:
            detail = np.diff(detail, 2, axis=axis)
    size = np.abs(detail).reshape(-1, detail.shape[-1])
    gain = DEVIATION * GAIN ** len(axes)
    return medians(size) / gain


def medians(table: FloatArray) -> FloatArray:
    """The median of the finite values of each column, shape (columns,); NaN where there are none.

    >>> medians(np.array([[1.0, np.nan], [3.0, np.nan], [np.inf, np.nan]]))
    array([ 2., nan])
    """
    if len(table) == 1:
        return table[0]
    if np.isfinite(table).all():
        middle: FloatArray = np.median(table, axis=0)
        return middle
    columns = [column[np.isfinite(column)] for column in table.T]
    return np.array([np.median(column) if column.size else np.nan for column in columns])
