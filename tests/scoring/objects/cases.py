"""Random images for laws: small blobs and single pixels, pixels that are not judged, with and without background."""

import numpy as np
from hypothesis import strategies as st

from segmend.core.labels import Labels


@st.composite
def images(draw, classes=3, most=2, longest=6, rank=2, ignored=True):
    """(y_true, y_pred, labels) of up to ``most`` images of any shapes."""
    background = draw(st.sampled_from([0, 0, None, classes - 1]))
    y_true, y_pred = [], []
    for _ in range(draw(st.integers(1, most))):
        shape = tuple(draw(st.lists(st.integers(1, longest), min_size=rank, max_size=rank)))
        rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
        true = _blobs(shape, classes, rng)
        near = rng.random() < 0.6
        pred = np.where(rng.random(shape) < 0.15, rng.integers(0, classes, shape), true if near else true[::-1])
        if ignored:
            true = np.where(rng.random(shape) < rng.choice([0, 0.1, 0.4]), -1, true)
        y_true.append(true)
        y_pred.append(pred)
    return y_true, y_pred, Labels.numbered(classes, background)


def _blobs(shape, classes, rng):
    image = np.zeros(shape, np.int64)
    for _ in range(rng.integers(0, 6)):
        low = [rng.integers(0, n) for n in shape]
        image[tuple(slice(a, a + rng.integers(1, 4)) for a in low)] = rng.integers(0, classes)
    return np.where(rng.random(shape) < 0.1, rng.integers(0, classes, shape), image)


@st.composite
def instances(draw, masks, most=3):
    """An instance mask for each class mask: numbers far apart, 0 for none."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    return [rng.integers(0, most + 1, mask.shape) * 1009 for mask in masks]
