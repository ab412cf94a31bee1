import numpy as np
import pytest

from segmend.core.recording import Recording
from segmend.fingerprinting.shingles import FEWEST, WIDTH, overlaps, shingles


def recording(values, name="a"):
    return Recording(name=name, signal=np.asarray(values), group=name)


def shared(one, other, every=1):
    found = [shingles(recording(each), every) for each in (one, other)]
    return overlaps(found, ["a", "b"], np.array([0, 1]))


@pytest.mark.parametrize("length", [WIDTH + FEWEST - 2, WIDTH + FEWEST - 1, 60])
def test_a_stretch_counts_from_eight_shingles_on(length):
    rng = np.random.default_rng(0)
    one, other = rng.normal(size=(2, 200, 1))
    other[20 : 20 + length] = one[100 : 100 + length]
    found = shared(one, other)
    expected = length - WIDTH + 1
    assert [each.shingles for each in found] == ([expected] if expected >= FEWEST else [])


def test_copies_keep_the_same_ones_wherever_they_begin():
    one = np.random.default_rng(0).normal(size=(5000, 2))
    (found,) = shared(one, one[37:], every=16)
    assert 5000 / 16 * 0.7 < found.shingles < 5000 / 16 * 1.3


def test_tiles_of_an_image_that_overlap():
    image = np.random.default_rng(0).integers(0, 256, (60, 60, 3)).astype(np.uint8)
    (found,) = shared(image[:40, :40], image[10:50, 20:60])
    assert found.shingles == 30 * (20 - WIDTH + 1)


def test_parts_that_are_the_same_or_none_share_nothing():
    one = np.random.default_rng(0).normal(size=(100, 1))
    found = [shingles(recording(one), 1)] * 2
    assert overlaps(found, ["a", "b"], np.array([0, 0])) == ()
    assert overlaps(found, ["a", "b"], np.array([0, -1])) == ()


def test_short_and_empty_recordings_have_none():
    assert shingles(recording(np.zeros((WIDTH - 1, 1))), 1).code.size == 0
    assert shingles(recording(np.zeros((50, 0))), 1).code.size == 0
    none = [shingles(recording(np.zeros((0, 1))), 1)] * 2
    assert overlaps(none, ["a", "b"], np.array([0, 1])) == ()
