"""What the oracle's joins and cuts do to objects, computed on the edges.

In time, pieces become their hull and a prediction is cut at gaps. Objects have no order, so pieces become their
*union*, and a prediction that meets several references is cut into one piece for each. Both functions take the edges
between objects of one class, of which no two of one side share a pixel, and give the edges after the repair.
"""

from __future__ import annotations

import numpy as np

from segmend.core.types import IntArray
from segmend.scoring.objects.components import by_first
from segmend.scoring.overlaps import Overlaps


def joined(edges: Overlaps, reference_size: IntArray, prediction_size: IntArray) -> Overlaps:
    """Edges after the repair of fragmentation: each component of the graph keeps one prediction, the union of its own.

    Args:
        edges: between objects of one class.
        reference_size: pixels of each reference, shape (references,).
        prediction_size: pixels of each prediction, shape (predictions,).

    Returns:
        One edge for each reference that is met; ``prediction`` is the number of its component, from 0.

    Examples:
        >>> row = lambda *column: np.array(column)
        >>> halves = Overlaps(row(0, 0), row(0, 1), row(4, 5), row(10, 11), staircase=False)
        >>> whole = joined(halves, row(10), row(4, 6))
        >>> whole.prediction, whole.steps, whole.union
        (array([0]), array([9]), array([11]))
    """
    if not len(edges):
        return edges
    met, row = np.unique(edges.reference, return_inverse=True)
    used, column = np.unique(edges.prediction, return_inverse=True)
    number = _components(row, column, met.size, used.size)
    size = np.bincount(number[met.size :], weights=prediction_size[used]).astype(np.int64)
    shared = np.bincount(row, weights=edges.steps).astype(np.int64)
    number = number[: met.size]
    return Overlaps(met, number, shared, size[number] + reference_size[met] - shared, staircase=False)


def cut(edges: Overlaps, reference_size: IntArray, prediction_size: IntArray) -> Overlaps:
    """Edges after the repair of merges: a prediction gives each reference that it meets a piece of its own.

    The piece is the pixels they share, and of the prediction's stray pixels (in no reference of the class) a part in
    proportion to them. So that this part needs no rounding, both counts of an edge are given in units of one pixel
    divided by all pixels that the prediction shares; their quotient, the IoU, is exact up to 3e8 pixels an object.

    Args:
        edges: between objects of one class.
        reference_size: pixels of each reference, shape (references,).
        prediction_size: pixels of each prediction, shape (predictions,).

    Returns:
        One edge for each piece, in the order given; ``prediction`` is the number of the piece.

    Examples:
        >>> row = lambda *column: np.array(column)
        >>> bridge = Overlaps(row(0, 1), row(0, 0), row(6, 2), row(12, 12), staircase=False)
        >>> pieces = cut(bridge, row(6, 2), row(12))
        >>> pieces.steps / pieces.union
        array([0.66666667, 0.66666667])
    """
    every = np.bincount(edges.prediction, weights=edges.steps, minlength=prediction_size.size).astype(np.int64)
    unit = every[edges.prediction]
    stray = prediction_size[edges.prediction] - unit
    union = reference_size[edges.reference] * unit + stray * edges.steps
    return Overlaps(edges.reference, np.arange(len(edges)), edges.steps * unit, union, staircase=False)


def _components(row: IntArray, column: IntArray, references: int, predictions: int) -> IntArray:
    """Number of the component of each reference, then of each prediction, in the order of the references."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    nodes = references + predictions
    graph = coo_array((np.ones(row.size, np.int8), (row, column + references)), shape=(nodes, nodes))
    return by_first(connected_components(graph, directed=False)[1])
