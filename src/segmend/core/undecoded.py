"""What probabilities say where nothing was decoded."""

from __future__ import annotations

import numpy as np

from segmend.core.types import FloatArray, IntArray

THRESHOLD = 0.5
"""Probability from which on a label that may overlap others is predicted."""


def undecoded(y_prob: FloatArray, *, multilabel: bool) -> IntArray:
    """The most probable class, shape (*spatial), or 0 and 1 for each class, shape (*spatial, classes).

    Args:
        y_prob: shape (*spatial, classes).
        multilabel: whether labels may overlap.

    Examples:
        >>> undecoded(np.array([[0.2, 0.8]]), multilabel=False), undecoded(np.array([[0.6, 0.8]]), multilabel=True)
        (array([1]), array([[1, 1]], dtype=int8))
    """
    return (y_prob >= THRESHOLD).astype(np.int8) if multilabel else np.argmax(y_prob, axis=-1)
