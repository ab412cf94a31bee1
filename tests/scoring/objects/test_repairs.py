"""Joins and cuts, by hand and carried out on sets of pixels."""

from fractions import Fraction

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from segmend.core.labels import Labels
from segmend.scoring.objects import cut, joined, scene
from segmend.scoring.overlaps import Overlaps
from tests.scoring.objects import brute
from tests.scoring.objects.cases import images


def table(*rows):
    """Edges from (reference, prediction, shared, union) rows."""
    columns = np.array(rows, np.int64).reshape(-1, 4).T
    return Overlaps(*columns, staircase=False)


def rows(edges):
    columns = (edges.reference, edges.prediction, edges.steps, edges.union)
    return list(zip(*(column.tolist() for column in columns), strict=True))


def test_pieces_become_their_union():
    # One reference of 10 in three pieces of 2, 3 and 4, the last with 2 pixels outside.
    pieces = table((0, 0, 2, 10), (0, 1, 3, 10), (0, 2, 2, 12))
    assert rows(joined(pieces, np.array([10]), np.array([2, 3, 4]))) == [(0, 0, 7, 12)]


def test_a_chain_becomes_one_object_that_meets_every_reference():
    chain = table((1, 0, 2, 10), (1, 2, 4, 14), (3, 2, 3, 15), (4, 5, 1, 1))
    size, said = np.array([99, 6, 99, 8, 1]), np.array([6, 99, 12, 99, 99, 1])
    assert rows(joined(chain, size, said)) == [(1, 0, 6, 18), (3, 0, 3, 23), (4, 1, 1, 1)]


def test_a_bridge_is_cut_in_proportion_to_what_is_shared():
    # 12 pixels: 6 in a reference of 6, 2 in one of 3, 4 in none: 3 of them go to the first piece, 1 to the second.
    bridge = table((0, 0, 6, 12), (1, 0, 2, 13))
    pieces = cut(bridge, np.array([6, 3]), np.array([12]))
    assert rows(pieces) == [(0, 0, 48, 72), (1, 1, 16, 32)]
    assert [Fraction(s, u) for _, _, s, u in rows(pieces)] == [Fraction(6, 9), Fraction(2, 4)]
    assert pieces.reaching(50).all()


def test_what_meets_one_reference_stays_as_it_is():
    lone = table((0, 0, 4, 7), (1, 1, 2, 2))
    size, said = np.array([5, 2]), np.array([6, 2])
    assert rows(joined(lone, size, said)) == rows(lone)
    assert [Fraction(s, u) for _, _, s, u in rows(cut(lone, size, said))] == [Fraction(4, 7), Fraction(1)]


def test_without_edges_there_is_nothing_to_mend():
    none = table()
    assert len(joined(none, np.array([3]), np.array([2]))) == len(cut(none, np.array([3]), np.array([2]))) == 0


@settings(max_examples=150, deadline=None)
@given(images(most=1), st.sampled_from([1, 2]))
def test_joining_agrees_with_sets_of_pixels(case, connectivity):
    (true,), (pred,), labels = case
    references, predictions = brute.sides(true, pred, labels.background, connectivity)
    groups = [(label, set(p)) for label, p, _ in predictions]
    for label, r, _ in references:
        touched = [group for group in groups if group[0] == label and group[1] & r]
        if touched:
            groups = [group for group in groups if group not in touched]
            groups.append((label, set().union(*(inside for _, inside in touched))))
    expected = sorted(
        (len(r), len(r & g), len(r | g)) for k, r, _ in references for label, g in groups if label == k and r & g
    )
    met, same = alike(case, connectivity)
    found = joined(same, met.reference.size, met.prediction.size)
    assert sorted(zip(met.reference.size[found.reference], found.steps, found.union, strict=True)) == expected


@settings(max_examples=150, deadline=None)
@given(images(most=1), st.sampled_from([1, 2]))
def test_cutting_shares_out_every_pixel(case, connectivity):
    met, same = alike(case, connectivity)
    pieces = cut(same, met.reference.size, met.prediction.size)
    assert np.array_equal(pieces.reference, same.reference)
    total = {}
    for k, (r, p, shared, _) in enumerate(rows(same)):
        ratio = Fraction(int(pieces.steps[k]), int(pieces.union[k]))
        size = shared / ratio - int(met.reference.size[r]) + shared  # |piece| from the IoU
        assert size >= shared
        total[p] = total.get(p, 0) + size
    for p, size in total.items():
        assert size == met.prediction.size[p]


def alike(case, connectivity):
    met = scene(*case, connectivity=connectivity)
    return met, met.edges.take(met.reference.label[met.edges.reference] == met.prediction.label[met.edges.prediction])


def test_a_hull_and_a_union_differ_where_there_is_a_gap():
    true, pred = np.array([[1, 1, 1, 1, 1]]), np.array([[1, 0, 0, 0, 1]])
    met = scene([true], [pred], Labels.numbered(2))
    union = joined(met.edges, met.reference.size, met.prediction.size)
    assert rows(union) == [(0, 0, 2, 5)]
