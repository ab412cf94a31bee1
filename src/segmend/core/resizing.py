"""Images at another size."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from segmend.core.types import FloatArray


def resize(image: FloatArray, sides: tuple[int, int]) -> FloatArray:
    """An image at another height and width, by linear interpolation between pixel centres.

    Where a side shrinks, pixels are averaged first, so that what is finer than the new grid fades instead of standing
    out by chance.

    Args:
        image: shape (height, width, channels).
        sides: new height and width.

    Returns:
        float32, shape (*sides, channels); the image itself where nothing changes.

    Examples:
        >>> resize(np.array([[[0.0], [4.0], [0.0], [4.0]]]), (1, 2))[0, :, 0].tolist()
        [2.0, 2.0]
    """
    whole = np.asarray(image, np.float32)
    old = whole.shape[:2]
    if old == tuple(sides):
        return whole
    spans = [max(1, round(before / after)) for before, after in zip(old, sides, strict=True)]
    if max(spans) > 1:
        # An even span averages pixels k to k + span - 1 about a centre half a pixel to the right of ndimage's.
        whole = ndimage.uniform_filter(whole, (*spans, 1), mode="nearest")
    places = [
        (np.arange(after) + 0.5) * before / after - 0.5 + (0.5 if span % 2 == 0 else 0.0)
        for before, after, span in zip(old, sides, spans, strict=True)
    ]
    return _at(_at(whole, places[0], 0), places[1], 1)


def _at(image: FloatArray, places: FloatArray, axis: int) -> FloatArray:
    """Rows or columns at fractional places, clipped to the image."""
    last = image.shape[axis] - 1
    places = np.clip(places, 0, last)
    before = np.minimum(places.astype(np.int64), max(last - 1, 0))
    share = (places - before).astype(np.float32)
    share = share[:, None, None] if axis == 0 else share[None, :, None]
    after = np.minimum(before + 1, last)
    return image.take(before, axis) * (1 - share) + image.take(after, axis) * share
