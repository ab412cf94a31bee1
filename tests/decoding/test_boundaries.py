"""Runs cut at boundary peaks: by hand, back from targets, and against a slow loop."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segmend.core.segments import Segments
from segmend.decoding.boundaries import boundary_targets, cut_at_boundaries
from segmend.errors import InputError

STEPS = 12


def heights(**peaks):
    values = np.zeros(STEPS)
    for place, height in peaks.items():
        values[int(place[1:])] = height
    return values


ONE_RUN = np.array([0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0])


@pytest.mark.parametrize(
    ("peaks", "options", "expected"),
    [
        (heights(), {}, [(2, 10, 1)]),
        (heights(_2=0.9, _6=0.7), {}, [(2, 6, 1), (6, 10, 1)]),
        (heights(_6=0.4), {}, [(2, 10, 1)]),
        (heights(_6=0.4), {"threshold": 0.3}, [(2, 6, 1), (6, 10, 1)]),
        (heights(_4=0.6, _6=0.9), {"separation": 3}, [(2, 6, 1), (6, 10, 1)]),
        (heights(_3=0.9, _9=0.9), {}, [(2, 10, 1)]),  # slivers
        (heights(_1=0.9, _10=0.9), {}, [(2, 10, 1)]),  # in the background
        (heights(_4=0.9, _8=0.6), {}, [(2, 4, 1), (4, 8, 1), (8, 10, 1)]),
    ],
)
def test_by_hand(peaks, options, expected):
    assert cut_at_boundaries(ONE_RUN, peaks, **options).rows() == expected
    assert cut_at_boundaries(ONE_RUN, peaks[:, None], **options).rows() == expected


def test_labels_alone_cannot_count_touching_segments_and_boundaries_can():
    three = Segments.from_rows([(1, 4, 2), (4, 7, 2), (7, 11, 2)])
    labels = np.array([0, *[2] * 10, 0])
    assert len(Segments.from_steps(labels)) == 1
    assert cut_at_boundaries(labels, boundary_targets(three, STEPS)).rows() == three.rows()


def test_ignored_steps_and_nothing_give_no_segment():
    assert cut_at_boundaries(np.array([-1, -1, 0]), np.array([0.0, 0.9, 0.0])).rows() == []
    assert cut_at_boundaries(np.zeros(0, int), np.zeros(0)).rows() == []


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(2, 6)), max_size=12))
def test_targets_bring_every_segment_of_two_steps_or_more_back(pieces):
    labels = np.repeat([label for label, _ in pieces], [length for _, length in pieces]).astype(int)
    stops = np.cumsum([length for _, length in pieces], dtype=int)
    rows = [(stop - length, stop, label) for stop, (label, length) in zip(stops.tolist(), pieces, strict=True) if label]
    targets = boundary_targets(Segments.from_rows(rows), labels.size)
    assert cut_at_boundaries(labels, targets).rows() == rows


@given(st.integers(0, 10**6), st.integers(1, 4), st.floats(0, 1))
def test_cutting_only_cuts(seed, separation, threshold):
    """Every step keeps its label, no piece of a cut run is short, and every cut is high enough."""
    rng = np.random.default_rng(seed)
    labels, starts = np.repeat(rng.integers(-1, 3, 8), rng.integers(1, 9, 8)), rng.random(64)
    starts = starts[: labels.size]
    cut = cut_at_boundaries(labels, starts, threshold=threshold, separation=separation)
    painted = np.zeros(labels.size, int)
    for start, stop, label in cut.rows():
        painted[start:stop] = label
    np.testing.assert_array_equal(painted, np.maximum(labels, 0))
    whole = Segments.from_steps(labels)
    new = set(cut.start.tolist()) - set(whole.start.tolist())
    assert all(starts[place] >= threshold for place in new)
    for start, stop, _ in whole.rows():
        edges = [start, *sorted(place for place in new if start < place < stop), stop]
        assert len(edges) == 2 or min(np.diff(edges)) >= separation


@pytest.mark.parametrize(
    ("labels", "starts", "options", "message"),
    [
        (np.zeros(4, int), np.zeros(5), {}, "boundaries: expected one"),
        (np.zeros(4, int), np.array([0, np.nan, 0, 0]), {}, "finite"),
        (np.zeros(4, int), np.zeros(4), {"separation": 0}, "separation: expected at least 1"),
    ],
)
def test_what_does_not_fit_is_refused(labels, starts, options, message):
    with pytest.raises(InputError, match=message):
        cut_at_boundaries(labels, starts, **options)


def test_a_segment_beyond_the_recording_is_refused():
    with pytest.raises(InputError, match="begin within 4 steps"):
        boundary_targets(Segments.from_rows([(4, 6, 1)]), 4)
