"""How many independent segments the segments of a data set are worth."""

from __future__ import annotations

import numpy as np

from segmend.core.types import FloatArray, IntArray


def effective_number(values: FloatArray | IntArray, group: IntArray) -> float | None:
    """The number of values over their design effect, 1 + (m - 1) x intraclass correlation.

    Values of a group that resemble each other tell less than as many values of as many groups. With a correlation of 1
    what counts is the groups, with 0 the values. The correlation is that of the analysis of variance, at least 0; m is
    the size of a group as a value meets it, the sum of squared sizes over the sum of sizes.

    Args:
        values: shape (n,), or (n, columns), whose squares are summed.
        group: number of each value's group, shape (n,).

    Returns:
        None where there are no values, or all are of one group: what groups share cannot be told from one.

    Source: Kish, Survey Sampling, Wiley 1965; Donner, A review of inference procedures for the intraclass correlation
    coefficient in the one-way random effects model, International Statistical Review 54 (1986).

    Examples:
        >>> effective_number(np.array([1.0, 1.0, 5.0, 5.0]), np.array([0, 0, 1, 1]))
        2.0
        >>> effective_number(np.array([1.0, 5.0, 1.0, 5.0]), np.array([0, 0, 1, 1]))
        4.0
    """
    columns = np.asarray(values, np.float64)
    columns = columns if columns.ndim > 1 else columns[:, np.newaxis]
    names, place, size = np.unique(group, return_inverse=True, return_counts=True)
    n, k = len(columns), names.size
    if k < 2:
        return None
    if n == k:
        return float(n)
    means = np.stack([np.bincount(place, column, minlength=k) for column in columns.T], axis=1) / size[:, np.newaxis]
    within = np.square(columns - means[place]).sum() / (n - k)
    between = (size[:, np.newaxis] * np.square(means - columns.mean(axis=0))).sum() / (k - 1)
    met = np.square(size).sum() / n
    spread = between + ((n - met) / (k - 1) - 1) * within
    alike = min(1.0, max(0.0, float((between - within) / spread))) if spread > 0 else 0.0
    return n / (1 + (float(met) - 1) * alike)


def of_lengths(length: FloatArray | IntArray, label: IntArray, group: IntArray) -> float | None:
    """The effective number of segments of several classes: by their lengths' logarithms, less each class's mean.

    Args:
        length: of each segment, above 0, shape (n,).
        label: class number of each, shape (n,).
        group: group number of each, shape (n,).
    """
    logs = np.log(np.asarray(length, np.float64))
    _, place, size = np.unique(label, return_inverse=True, return_counts=True)
    return effective_number(logs - (np.bincount(place, logs) / size)[place], group) if logs.size else None
