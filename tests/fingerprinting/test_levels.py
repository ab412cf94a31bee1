import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segmend.fingerprinting.levels import LOOK, evenness, novelty
from segmend.fingerprinting.moments import Moments


def moments(*recordings):
    return [Moments.of(np.asarray(each, float)) for each in recordings]


def test_novelty_is_the_distance_to_the_most_similar_other_group():
    rng = np.random.default_rng(0)
    recordings = [rng.normal(level, (2.0, 0.5), (50, 2)) for level in (0.0, 5.0, 9.0, 9.5, 30.0)]
    groups = ["a", "b", "c", "c", "d"]
    within = np.median([each.std(axis=0) for each in recordings], axis=0)
    nearest = []
    for k, each in enumerate(recordings):
        others = [other for other, group in zip(recordings, groups, strict=True) if group != groups[k]]
        steps = [(each.mean(axis=0) - other.mean(axis=0)) / within for other in others]
        nearest.append(min(np.sqrt(np.mean(step**2)) for step in steps))
    assert novelty(moments(*recordings), groups) == pytest.approx(np.median(nearest))


def test_channels_that_never_change_and_recordings_without_samples_do_not_count():
    still = np.full((4, 1), 7.0)
    low, high = np.hstack([[[-1.0], [1.0], [-1.0], [1.0]], still]), np.hstack([[[3.0], [5.0], [3.0], [5.0]], still + 1])
    assert novelty(moments(low, high), ["a", "b"]) == pytest.approx(4.0)
    assert novelty([*moments(low), Moments.none(2), *moments(low)], ["a", "b", "c"]) == 0.0


def test_novelty_is_not_known_of_one_recording_nor_of_flat_ones():
    one, flat = moments(np.arange(4.0)[:, np.newaxis], np.ones((4, 1)))
    assert novelty([], []) is None and novelty([one], ["a"]) is None
    assert novelty([flat, flat], ["a", "b"]) is None
    huge = moments([[1e200], [-1e200]], [[3e200], [1e200]])
    assert novelty(huge, ["a", "b"]) is None  # beyond what a spread can be told of


@given(st.lists(st.sampled_from("abc"), min_size=2, max_size=8), st.randoms(use_true_random=False))
def test_novelty_does_not_hang_on_order_unit_or_zero(groups, random):
    rng = np.random.default_rng(len(groups))
    recordings = [rng.normal(5.0 * k, 1.0, (12, 2)) for k in range(len(groups))]
    found = novelty(moments(*recordings), groups)
    order = random.sample(range(len(groups)), len(groups))
    moved = [recordings[k] * (2.0, 0.1) + (3.0, -4.0) for k in order]
    assert novelty(moments(*moved), [groups[k] for k in order]) == pytest.approx(found)


def test_evenness_tells_a_single_event_from_what_goes_on_throughout():
    rng = np.random.default_rng(0)
    steady = rng.normal(size=(4000, 1))
    event = 0.02 * rng.normal(size=(4000, 1))
    event[1000:1400] += np.sin(np.arange(400) / 10)[:, np.newaxis]
    assert evenness(steady)[0] > 0.9
    assert evenness(event)[0] < 0.2
    assert np.isnan(evenness(np.zeros((100, 2)))).all() and np.isnan(evenness(np.ones((5, 1)))).all()


def test_evenness_looks_at_the_start_of_each_quarter_alone():
    long = np.zeros((8 * LOOK, 1))
    long[:LOOK:2] = 1.0
    assert evenness(long)[0] == pytest.approx(0.0)
    long[LOOK : 2 * LOOK] = 5.0
    assert evenness(long)[0] == pytest.approx(0.0)
    for quarter in range(4):
        long[2 * quarter * LOOK : (2 * quarter + 1) * LOOK : 2] = 1.0
    assert evenness(long)[0] > 0.0


def test_evenness_of_an_image_goes_by_rows():
    picture = np.zeros((8, 3, 1))
    picture[:, ::2] = 1.0
    assert evenness(picture).tolist() == [1.0]
