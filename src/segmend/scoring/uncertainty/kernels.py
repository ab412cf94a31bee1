"""One walk down a ranking for all draws at once, compiled; imported only when a ranking is resampled."""

from __future__ import annotations

import numba
import numpy as np

from segmend.core.types import BoolArray, FloatArray, IntArray

APART, BESIDE, POSITIVE = 0, 1, 2
"""A negative whose score no positive has, one whose score a positive has, and a positive."""


@numba.njit(cache=True, nogil=True)
def descend(
    recording: IntArray, kind: IntArray, last: BoolArray, weights: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Walk from the highest score to the lowest, each step counting as often as its recording does.

    Only scores that a positive has add to either sum, so the two divisions of a draw are done there alone; every other
    step is one addition.

    Args:
        recording: number of the recording of each step, by descending score, shape (steps,).
        kind: what the step is, shape (steps,).
        last: True at the last step of each distinct score that a positive has, shape (steps,).
        weights: how often each recording counts, whole numbers, shape (recordings, draws).

    Returns:
        Of each draw, shape (draws,): positives, negatives, precision summed over positives, and pairs of a positive
        and a negative in the wrong order (a tie is half a pair).
    """
    draws = weights.shape[1]
    positives, negatives = np.zeros(draws), np.zeros(draws)
    precision, wrong = np.zeros(draws), np.zeros(draws)
    found, false = np.zeros(draws), np.zeros(draws)
    for step in range(recording.size):
        row = weights[recording[step]]
        what = kind[step]
        into = found if what == POSITIVE else false if what == BESIDE else negatives
        for draw in range(draws):  # plain loops, for whole-array sums are several times slower here
            into[draw] += row[draw]
        if last[step]:
            for draw in range(draws):
                positives[draw] += found[draw]
                wrong[draw] += found[draw] * (negatives[draw] + 0.5 * false[draw])
                negatives[draw] += false[draw]
                taken = max(positives[draw] + negatives[draw], 1.0)
                precision[draw] += found[draw] * positives[draw] / taken
                found[draw] = 0.0
                false[draw] = 0.0
    return positives, negatives, precision, wrong
