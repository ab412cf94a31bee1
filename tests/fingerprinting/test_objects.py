"""Objects of images, beside plain loops over them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

from segmend.core.labels import Labels
from segmend.fingerprinting.objects import Marked, class_pixels, object_facts, objects_of

AB = Labels.of(["a", "b"])


def by_hand(mask, instances):
    """Class, area, distance to the nearest of its class, and higher numbers beside it, of each object."""
    rows = []
    for label in (1, 2):
        held = mask == label
        numbers = ndimage.label(held)[0] if instances is None else np.where(held, instances, 0)
        names = [n for n in np.unique(numbers) if n]
        centres = {n: np.array(ndimage.center_of_mass(numbers == n)) for n in names}
        for n in names:
            others = [np.linalg.norm(centres[n] - centres[m]) for m in names if m != n]
            beside = ndimage.binary_dilation(numbers == n) & (numbers != n)
            touching = sum(1 for m in np.unique(numbers[beside]) if m > n)
            rows.append((label, int((numbers == n).sum()), min(others, default=np.nan), touching))
    return rows


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 9), st.integers(1, 9), st.booleans(), st.integers(0, 100_000))
def test_objects_equal_plain_loops(height, width, numbered, seed):
    rng = np.random.default_rng(seed)
    mask = rng.integers(-1, 3, (height, width))
    instances = np.where(mask > 0, rng.integers(0, 5, (height, width)), 0) if numbered else None
    found = objects_of(mask, instances, AB)
    expected = np.array(by_hand(mask, instances), float).reshape(-1, 4)
    for k, column in enumerate((found.label, found.area, found.spacing, found.touching)):
        np.testing.assert_allclose(column, expected[:, k], rtol=1e-12)


def test_an_image_without_objects_has_none():
    found = objects_of(np.zeros((4, 4), int), None, AB)
    assert len(found) == 0
    assert len(Marked.join([])) == 0


def test_objects_of_several_images_are_numbered_in_their_order():
    images = [np.array([[1, 0, 1]]), np.zeros((1, 2), int), np.array([[2]])]
    joined = Marked.join([objects_of(mask, None, AB) for mask in images])
    assert joined.image.tolist() == [0, 0, 2]
    assert joined.label.tolist() == [1, 1, 2]


def test_facts_of_a_class_by_hand():
    images = [np.array([[1, 0, 0, 1], [1, 0, 0, 1], [0, 0, 0, 0]]), np.array([[1, 1], [1, 1]])]
    joined = Marked.join([objects_of(mask, None, AB) for mask in images])
    pixels = sum(class_pixels(mask, AB) for mask in images)
    a, b = object_facts(joined, AB, pixels, 16, np.array([0, 1]))
    assert (a.steps, a.step_share, a.segments, a.segment_share, a.recordings) == (8, 0.5, 3, 1.0, 2)
    assert a.duration.max == pytest.approx(np.sqrt(16 / np.pi))  # the diameter of a disc of 4 pixels
    assert (a.gap.p50, a.gap.max, a.rate) == (3.0, 3.0, 3 / 16)
    assert (a.per_recording.p50, a.per_recording.max) == (1.5, 2.0)
    assert (b.segments, b.recordings, b.duration.p50, b.per_recording.max) == (0, 0, None, 0.0)


def test_overlapping_labels_lie_in_layers_of_their_own():
    mask = np.zeros((1, 5, 2), int)
    mask[0, :3, 0] = 1
    mask[0, 2:, 1] = 1
    found = objects_of(mask, None, Labels.of(["a", "b"], background=None))
    assert found.label.tolist() == [0, 1]
    assert found.area.tolist() == [3, 3]
