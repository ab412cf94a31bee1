"""Which class follows which, which hold together, and what segments are worth, beside plain loops."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmend.core.labels import Labels
from segmend.core.segments import Segments
from segmend.fingerprinting import co_occurrence
from segmend.fingerprinting.independent import effective_number, of_lengths
from segmend.fingerprinting.items import Items
from segmend.fingerprinting.transitions import transitions

ROWS = st.lists(st.tuples(st.integers(0, 30), st.integers(1, 8), st.integers(0, 2)), max_size=8)
TABLES = st.lists(ROWS, min_size=1, max_size=4)


def items_of(tables):
    rows = [[(start, start + length, label) for start, length, label in table] for table in tables]
    return Items.of([Segments.from_rows(table) for table in rows]), rows


@settings(max_examples=80, deadline=None)
@given(TABLES, st.integers(1, 20))
def test_steps_held_together_equal_plain_loops(tables, cells):
    items, rows = items_of(tables)
    expected = np.zeros((3, 3), int)
    for table in rows:
        held = np.zeros((40, 3), bool)
        for start, stop, label in table:
            held[start:stop, label] = True
        expected += held.astype(int).T @ held.astype(int)
    whole, co_occurrence.CELLS = co_occurrence.CELLS, cells
    try:
        assert co_occurrence.of_items(items, 3).tolist() == expected.tolist()
    finally:
        co_occurrence.CELLS = whole


@settings(max_examples=80, deadline=None)
@given(TABLES)
def test_transitions_equal_plain_loops(tables):
    items, rows = items_of(tables)
    expected = {}
    for table in rows:
        for (_, stop, before), (start, _, after) in zip(a := sorted(table), a[1:], strict=False):
            pairs, touching = expected.get((before, after), (0, 0))
            expected[before, after] = (pairs + 1, touching + (start == stop))
    found = transitions(items, Labels.of(["0", "1", "2"], background=None))
    assert {(int(t.before), int(t.after)): (t.pairs, t.touching) for t in found} == expected


def test_no_transition_crosses_steps_that_are_not_judged():
    items = Items.of([Segments.from_rows([(0, 2, 1), (3, 5, 2), (8, 9, 1)])], [np.array([6])])
    found = transitions(items, Labels.of(["P", "Q"]))
    assert [(t.before, t.after, t.pairs) for t in found] == [("P", "Q", 1)]


def test_pairs_that_never_meet_are_told_where_they_would_be_expected_to():
    labels = Labels.of(["a", "b", "c"], background=None)
    held = np.array([[50, 0, 0], [0, 40, 0], [0, 0, 1]])
    (pair,) = co_occurrence.co_occurrence(held, 100, labels)
    assert (pair.one, pair.other, pair.together, pair.expected) == ("a", "b", 0, 20.0)


def test_groups_of_unequal_size_that_are_all_alike_are_worth_kish_s_number():
    group = np.repeat([0, 1, 2], [6, 3, 1])
    assert effective_number(np.repeat([1.0, 5.0, 9.0], [6, 3, 1]), group) == pytest.approx(10**2 / (36 + 9 + 1))


def test_the_correlation_is_that_of_the_analysis_of_variance():
    values, group = np.array([1.0, 2.0, 4.0, 5.0, 6.0]), np.array([0, 0, 1, 1, 1])
    between = 2 * (1.5 - 3.6) ** 2 + 3 * (5 - 3.6) ** 2
    within = (0.5 + 2.0) / 3
    size = 5 - 13 / 5
    alike = (between - within) / (between + (size - 1) * within)
    assert effective_number(values, group) == pytest.approx(5 / (1 + (13 / 5 - 1) * alike))


def test_what_cannot_be_told_is_none():
    assert effective_number(np.array([1.0, 2.0]), np.array([3, 3])) is None
    assert effective_number(np.zeros(0), np.zeros(0, int)) is None
    assert effective_number(np.array([1.0, 2.0]), np.array([0, 1])) == 2.0
    assert effective_number(np.ones(4), np.array([0, 0, 1, 1])) == 4.0
    assert of_lengths(np.zeros(0), np.zeros(0, int), np.zeros(0, int)) is None


def test_classes_of_different_length_do_not_make_groups_alike():
    length, label = np.array([10, 100, 11, 99]), np.array([1, 2, 1, 2])
    group = np.array([0, 0, 1, 1])
    assert of_lengths(length, label, group) > 3
    assert of_lengths(length, label, group[label]) == 4.0  # a class to a group: its length is no likeness


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.floats(-5, 5), st.integers(0, 3)), min_size=2, max_size=20))
def test_values_are_worth_no_more_than_their_number_and_no_less_than_a_group(rows):
    values, group = np.array([row[0] for row in rows]), np.array([row[1] for row in rows])
    found = effective_number(values, group)
    assert found is None or 1 - 1e-9 <= found <= len(rows)
