"""Signals that show their own labels."""

from __future__ import annotations

import numpy as np
from keras import ops

CLASSES = 4
SPATIAL = {1: (40,), 2: (14, 12)}


def arrays(parts):
    return [np.array(ops.convert_to_numpy(part)) for part in parts]


def batch_of(rank, multi_hot, seed, recordings):
    """x with a channel for each class and one for steps without, y, weight; some steps are ignored at the end."""
    rng = np.random.default_rng([seed, rank])
    dense = np.stack([labels(rng, SPATIAL[rank]) for _ in range(recordings)])
    dense[: recordings // 2, -3:] = -1
    x = (dense[..., None] == np.arange(-1, CLASSES)).astype("float32")
    y = x[..., 2:].astype("int32")
    if multi_hot:
        y[dense < 0] = -1
    return x, (y if multi_hot else dense), (dense >= 0).astype("float32")


def labels(rng, spatial):
    if len(spatial) == 1:
        runs = np.repeat(rng.integers(0, CLASSES, 40), rng.integers(1, 7, 40))
        pause = np.repeat(np.tile([1, 0], 20), rng.integers(1, 7, 40))
        return (runs[:40] * pause[:40]).astype("int32")
    y = np.zeros(spatial, "int32")
    for label in rng.permutation(np.arange(1, CLASSES)):
        top, left = rng.integers(0, spatial[0] - 3), rng.integers(0, spatial[1] - 3)
        y[top : top + rng.integers(1, 6), left : left + rng.integers(1, 6)] = label
    return y


def decoded(x, multi_hot):
    """The labels that a signal shows, and where it shows them clearly."""
    rank = x.ndim - 2
    if multi_hot:
        label, near = (x[..., 2:] > 0.5).astype("int32"), np.abs(x[..., 2:] - 0.5).min(axis=-1)
        return label, near > (1e-3 if rank == 1 else 0.499)
    ordered = np.sort(x, axis=-1)
    return x.argmax(axis=-1) - 1, ordered[..., -1] - ordered[..., -2] > (1e-3 if rank == 1 else 0.999)


def runs(y, multi_hot):
    """Segments of each class in each recording, (batch, classes): runs of steps, or components of images."""
    layers = y if multi_hot else (y[..., None] == np.arange(CLASSES)).astype("int32")
    if y.ndim - multi_hot > 2:
        return components(layers)
    on = np.pad(layers > 0, [(0, 0), (1, 0), (0, 0)])
    return (on[:, 1:] & ~on[:, :-1]).sum(axis=1)


def components(layers):
    from scipy import ndimage

    return np.array([[ndimage.label(image[..., k] > 0)[1] for k in range(image.shape[-1])] for image in layers])
