import numpy as np
import pytest

from segmend.fingerprinting.levels import LOOK, evenness, levels_apart
from segmend.fingerprinting.moments import Moments


def test_levels_apart_against_numpy():
    rng = np.random.default_rng(0)
    recordings = [rng.normal(level, 2.0, (500, 2)) for level in (0.0, 5.0, 9.0)]
    found = levels_apart([Moments.of(each) for each in recordings], 2)
    wanted = np.std([each.mean(axis=0) for each in recordings], axis=0) / np.median(
        [each.std(axis=0) for each in recordings], axis=0
    )
    np.testing.assert_allclose(found, wanted)


def test_levels_of_one_recording_or_of_flat_ones_are_not_known():
    one = Moments.of(np.arange(4.0)[:, np.newaxis])
    flat = Moments.of(np.ones((4, 1)))
    assert np.isnan(levels_apart([one], 1)).all()
    assert np.isnan(levels_apart([flat, flat], 1)).all()
    assert levels_apart([one, Moments.none(1), one], 1).tolist() == [0.0]


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
