"""How many segments of each class there are."""

from __future__ import annotations

import numpy as np

from segmend.core.labels import IGNORE
from segmend.core.segments import runs
from segmend.core.types import IntArray


def count_pieces(steps: IntArray, classes: int, *, multilabel: bool = False, connectivity: int = 1) -> IntArray:
    """Number of maximal runs, or of connected components in images, of each class, shape (classes,).

    Args:
        steps: class numbers ``(*spatial)``; multilabel: 0 or 1 for each class, ``(*spatial, classes)``. -1 is ignored,
            and parts what lies on its two sides.
        classes: number of classes.
        multilabel: whether labels may overlap.
        connectivity: along how many axes at once a neighbour may lie, from 1 to the rank: in two dimensions 1 is the 4
            and 2 the 8 neighbours.

    Examples:
        >>> count_pieces(np.array([0, 1, 1, 0, 1]), 2).tolist()
        [2, 2]
        >>> image = np.array([[1, 0], [0, 1]])
        >>> count_pieces(image, 2).tolist(), count_pieces(image, 2, connectivity=2).tolist()
        ([2, 2], [1, 1])
    """
    rank = steps.ndim - multilabel
    if rank == 1:
        if multilabel:
            inside = np.pad(steps == 1, ((1, 0), (0, 0)))
            return np.count_nonzero(inside[1:] & ~inside[:-1], axis=0)
        found = runs(steps)[2]
        return np.bincount(found[found != IGNORE], minlength=classes)
    from scipy import ndimage

    joined = ndimage.generate_binary_structure(rank, min(connectivity, rank))
    planes = (steps[..., k] == 1 if multilabel else steps == k for k in range(classes))
    return np.array([ndimage.label(plane, joined)[1] for plane in planes], np.int64)
