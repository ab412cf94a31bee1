from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from segmend.core.segments import Segments
from segmend.fingerprinting.items import Items, cuts_of

TABLES = st.lists(
    st.lists(st.tuples(st.integers(0, 30), st.integers(1, 8), st.integers(1, 2)), max_size=6), min_size=1, max_size=4
)


@settings(max_examples=80, deadline=None)
@given(TABLES)
def test_covered_counts_each_step_once(tables):
    rows = [[(start, start + length, label) for start, length, label in table] for table in tables]
    items = Items.of([Segments.from_rows(table) for table in rows])
    by_hand = {(k, step) for k, table in enumerate(rows) for start, stop, _ in table for step in range(start, stop)}
    assert items.covered() == len(by_hand)


def test_gaps_stay_within_a_recording_and_touching_ones_are_zero():
    tables = [Segments.from_rows([(5, 9, 1), (0, 2, 1), (9, 12, 1)]), Segments.from_rows([(20, 22, 1), (30, 31, 1)])]
    assert Items.of(tables).gaps().tolist() == [3, 0, 8]


def test_no_gap_is_measured_across_steps_that_are_not_judged():
    steps = np.array([1, 0, 0, 1, -1, 1, 0, 1])
    items = Items.of([Segments.from_steps(steps)], [cuts_of(steps)])
    assert items.gaps().tolist() == [2, 1]


def test_overlapping_segments_have_no_gap():
    assert Items.of([Segments.from_rows([(0, 5, 1), (3, 8, 1), (9, 10, 1)])]).gaps().tolist() == [1]
