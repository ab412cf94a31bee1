"""Which runs of pixels are one object."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np

from segmend.core.types import IntArray
from segmend.scoring.items import Items
from segmend.scoring.objects.runs import PixelRuns
from segmend.scoring.overlaps import overlaps


def components(runs: PixelRuns, connectivity: int) -> IntArray:
    """Number of the connected component of each run, in the order of their first pixels, shape (runs,).

    Args:
        runs: of one image.
        connectivity: along how many axes at once a neighbour may lie, from 1 to the rank: in two dimensions 1 is the 4
            and 2 the 8 neighbours (as in scikit-image and ``scipy.ndimage.generate_binary_structure``).
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    line = runs.line
    after = np.flatnonzero((line.start[1:] == line.stop[:-1]) & (line.label[1:] == line.label[:-1]))
    one, other = [after], [after + 1]  # neighbours within a row: runs that a border of the judged ground has parted
    for shift, reach in _neighbours(runs.strides, connectivity):
        near = Items(line.recording, line.start + (shift - reach), line.stop + (shift + reach), line.label)
        met = overlaps(near, line)
        alike = line.label[met.reference] == line.label[met.prediction]
        one.append(met.reference[alike])
        other.append(met.prediction[alike])
    row, column = np.concatenate(one), np.concatenate(other)
    graph = coo_array((np.ones(row.size, np.int8), (row, column)), shape=(len(runs), len(runs)))
    _, number = connected_components(graph, directed=False)
    return by_first(number)


def by_first(number: IntArray) -> IntArray:
    """The same partition, numbered in the order of first occurrence.

    >>> by_first(np.array([7, 3, 7, 0]))
    array([0, 1, 0, 2])
    """
    _, first, inverse = np.unique(number, return_index=True, return_inverse=True)
    rank = np.empty_like(first)
    rank[np.argsort(first)] = np.arange(first.size)
    return rank[inverse]


def _neighbours(strides: IntArray, connectivity: int) -> Iterator[tuple[int, int]]:
    """Shift to each neighbouring row (one of each two opposite ones), and how far it reaches along the row."""
    here = (0,) * (strides.size - 1)
    for offset in itertools.product((-1, 0, 1), repeat=strides.size - 1):
        distance = sum(map(abs, offset))
        if offset > here and distance <= connectivity:
            yield int(np.dot(offset, strides[:-1])), int(distance < connectivity)
