"""Noise in which bursts of a tone are to be found."""

from __future__ import annotations

import numpy as np


def bursts(seed, steps=400):
    """A signal (steps, 1) and its labels: 1 within a burst."""
    rng = np.random.default_rng(seed)
    signal = rng.normal(0, 0.3, (steps, 1)).astype(np.float32)
    labels = np.zeros(steps, int)
    for start in range(20, steps - 40, 60):
        labels[start : start + 25] = 1
    signal[:, 0] += labels * np.sin(np.arange(steps) * 0.9) * 2
    return signal, labels
