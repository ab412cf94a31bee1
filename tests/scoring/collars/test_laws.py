"""Laws of collars."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmend.scoring.collars import Collar, collar_level, collar_tally
from segmend.scoring.readings import f1
from tests.scoring.collars.cases import STEPS, items, random_case

SEEDS = st.integers(0, 2**32 - 1)


def counted(reference, prediction, collar, labels, recordings):
    return collar_tally(items(reference), items(prediction), collar, labels, recordings)


@settings(deadline=None)
@given(SEEDS)
def test_the_sides_may_be_swapped_where_no_length_counts(seed):
    reference, prediction, collar, labels, recordings = random_case(seed)
    there = counted(reference, prediction, collar, labels, recordings)
    back = counted(prediction, reference, collar, labels, recordings)
    assert np.array_equal(there.tp[0], back.tp[0])
    fixed = Collar(collar.tolerance, 0)
    ways = ((reference, prediction), (prediction, reference))
    assert np.array_equal(*(counted(*way, fixed, labels, recordings).tp for way in ways))


@settings(deadline=None)
@given(SEEDS, st.integers(-1000, 1000))
def test_where_the_axis_begins_does_not_matter(seed, by):
    reference, prediction, collar, labels, recordings = random_case(seed)
    moved = [[(row[0], row[1] + by, row[2] + by, row[3]) for row in rows] for rows in (reference, prediction)]
    here = counted(reference, prediction, collar, labels, recordings)
    there = counted(*moved, collar, labels, recordings)
    assert np.array_equal(here.tp, there.tp)
    assert np.array_equal(here.substitutions, there.substitutions)
    assert np.array_equal(here.by_both.onset, there.by_both.onset)


@settings(deadline=None)
@given(SEEDS, st.floats(0, 5), st.floats(0, 1))
def test_a_wider_collar_never_finds_less(seed, more, share):
    reference, prediction, collar, labels, recordings = random_case(seed)
    wider = Collar(collar.tolerance + more, collar.offset_share + share)
    one, other = (counted(reference, prediction, each, labels, recordings) for each in (collar, wider))
    assert np.all(one.tp <= other.tp)


@settings(deadline=None)
@given(SEEDS)
def test_both_is_never_more_than_either(seed):
    tally = counted(*random_case(seed))
    assert np.all(tally.tp[2] <= tally.tp[:2].min(axis=0))
    assert np.all(tally.tp <= np.minimum(tally.reference, tally.predicted))


@settings(deadline=None)
@given(SEEDS, st.integers(1, 500))
def test_lanes_change_nothing(seed, gap):
    reference, prediction, collar, labels, recordings = random_case(seed)
    lane = 200 + gap
    laid = [items(rows, lane) for rows in (reference, prediction)]
    one = counted(reference, prediction, collar, labels, recordings)
    other = collar_tally(*laid, collar, labels, recordings, lane=lane)
    assert np.array_equal(one.tp, other.tp)


@settings(deadline=None)
@given(SEEDS)
def test_substitutions_are_among_what_is_left(seed):
    tally = counted(*random_case(seed))
    counts = tally.counts()
    left = np.minimum(counts.fp.sum(axis=2), counts.fn.sum(axis=2))
    assert np.all(tally.substitutions <= left)
    if len(tally.labels) == 2:  # one class, which was matched as far as it goes
        assert not tally.substitutions.any()


@settings(max_examples=50, deadline=None)
@given(SEEDS, st.lists(st.integers(0, 2), max_size=5))
def test_recordings_may_be_taken_in_any_order_and_again(seed, index):
    reference, prediction, collar, labels, recordings = random_case(seed)
    index = [k for k in index if k < recordings]
    taken = counted(reference, prediction, collar, labels, recordings).take(index)
    again = [
        [(k, *row[1:]) for k, recording in enumerate(index) for row in rows if row[0] == recording]
        for rows in (reference, prediction)
    ]
    direct = counted(*again, collar, labels, len(index))
    assert len(taken) == len(index)
    assert np.array_equal(taken.tp, direct.tp)
    assert np.array_equal(taken.substitutions, direct.substitutions)
    assert np.array_equal(f1(taken.counts()), f1(direct.counts()), equal_nan=True)
    told, expected = collar_level(taken), collar_level(direct)
    assert told["error_rate"] == pytest.approx(expected["error_rate"], nan_ok=True)
    for name in ("onset_error", "offset_error"):
        assert told[name]["median"] == pytest.approx(expected[name]["median"], nan_ok=True)


@settings(deadline=None)
@given(SEEDS)
def test_a_mask_takes_what_its_numbers_take(seed):
    tally = counted(*random_case(seed))
    keep = np.arange(len(tally)) % 2 == 0
    masked, numbered = tally.take(keep), tally.take(np.flatnonzero(keep))
    assert np.array_equal(masked.tp, numbered.tp)
    assert np.array_equal(masked.by_onset.offset, numbered.by_onset.offset)


@settings(deadline=None)
@given(SEEDS)
def test_mirrored_events_swap_onset_and_offset(seed):
    reference, prediction, collar, labels, recordings = random_case(seed)
    fixed = Collar(collar.tolerance, 0)
    mirrored = [[(row[0], STEPS - row[2], STEPS - row[1], row[3]) for row in rows] for rows in (reference, prediction)]
    here = counted(reference, prediction, fixed, labels, recordings)
    there = counted(*mirrored, fixed, labels, recordings)
    assert np.array_equal(here.tp[[1, 0, 2]], there.tp)
