"""What becomes of segments that are joined or cut: hulls and gaps in time, unions and shares among objects."""

from __future__ import annotations

import numpy as np

from segmend.core.types import BoolArray, IntArray
from segmend.scoring.items import Items
from segmend.scoring.meetings import Meeting
from segmend.scoring.objects import cut, joined
from segmend.scoring.overlaps import Overlaps

IOU = 50
"""Per cent of IoU at which repairs are judged."""


def join(met: Meeting) -> tuple[IntArray, BoolArray]:
    """Join the predictions of each component of the graph of one class.

    Returns:
        Of each component, one of its references, and whether what was joined matches any of them.
    """
    if isinstance(met.reference, Items) and isinstance(met.prediction, Items):
        return _hulls(met.same, met.reference, met.prediction)
    whole = joined(met.same, met.reference.size, met.prediction.size)
    component, first = np.unique(whole.prediction, return_index=True)
    good = np.zeros(component.size, bool)
    good[whole.prediction[whole.reaching(IOU)]] = True
    return whole.reference[first], good


def part(met: Meeting) -> tuple[IntArray, BoolArray]:
    """Cut predictions so that each reference they meet gets a piece.

    Returns:
        Of each piece, its reference, and whether it matches it.
    """
    if isinstance(met.reference, Items) and isinstance(met.prediction, Items):
        return _pieces(met.same, met.reference, met.prediction)
    apart = cut(met.same, met.reference.size, met.prediction.size)
    return apart.reference, apart.reaching(IOU)


def _hulls(edges: Overlaps, reference: Items, prediction: Items) -> tuple[IntArray, BoolArray]:
    component, order = _components(edges)
    bounds = np.flatnonzero(np.diff(component, prepend=-1))
    row, column = edges.reference[order], edges.prediction[order]
    start = np.minimum.reduceat(prediction.start[column], bounds)
    stop = np.maximum.reduceat(prediction.stop[column], bounds)
    begin, end = reference.start[row], reference.stop[row]
    shared = np.minimum(stop[component], end) - np.maximum(start[component], begin)
    union = (stop - start)[component] + (end - begin) - shared
    return row[bounds], np.logical_or.reduceat(shared * 100 >= union * IOU, bounds)


def _pieces(edges: Overlaps, reference: Items, prediction: Items) -> tuple[IntArray, BoolArray]:
    """The gaps between the references are cut out."""
    order = slice(None) if edges.staircase else np.lexsort((edges.reference, edges.prediction))
    row, column, shared = edges.reference[order], edges.prediction[order], edges.steps[order]
    opens = np.diff(column, prepend=-1) != 0
    closes = np.diff(column, append=-1) != 0
    begin, end = reference.start[row], reference.stop[row]
    first, last = prediction.start[column], prediction.stop[column]
    start = np.where(opens, first, np.maximum(first, begin))
    stop = np.where(closes, last, np.minimum(last, end))
    return row, shared * 100 >= (stop - start + end - begin - shared) * IOU


def _components(edges: Overlaps) -> tuple[IntArray, IntArray | slice]:
    """Number of the connected component of each edge, ascending, and the order that makes it so."""
    if edges.staircase:
        linked: BoolArray = np.diff(edges.reference, prepend=-1) == 0
        linked |= np.diff(edges.prediction, prepend=-1) == 0
        return np.cumsum(~linked) - 1, slice(None)
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    shift = int(edges.reference.max()) + 1
    size = shift + int(edges.prediction.max()) + 1
    graph = coo_array((np.ones(len(edges), np.int8), (edges.reference, edges.prediction + shift)), shape=(size, size))
    _, of_node = connected_components(graph, directed=False)
    of_edge = of_node[edges.reference]
    order = np.argsort(of_edge, kind="stable")
    return np.cumsum(np.diff(of_edge[order], prepend=-1) != 0) - 1, order
