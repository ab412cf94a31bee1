"""What one recording's labels say, in each form of truth."""

from __future__ import annotations

import numpy as np

from segmend.core.labels import Labels
from segmend.core.segments import Segments
from segmend.fingerprinting.marks import mark_image, mark_segments, mark_whole

AB = Labels.of(["a", "b"])


def told(mark):
    return mark.steps.tolist(), mark.items.tolist(), mark.judged


def test_segments_of_a_signal():
    mark = mark_segments(Segments.from_rows([(1, 3, 1), (5, 9, 2), (9, 10, 2)]), 12, AB)
    assert told(mark) == ([5, 2, 5], [0, 1, 2], 12)


def test_labels_that_overlap_each_count_their_steps():
    free = Labels.of(["a", "b"], background=None)
    assert told(mark_segments(Segments.from_rows([(0, 6, 0), (4, 9, 1)]), 12, free)) == ([6, 5], [1, 1], 12)


def test_pixels_that_are_not_judged_count_for_nothing():
    mask = np.array([[0, 1, 1, -1], [0, 0, -1, 2]])
    mark = mark_image(mask, None, AB)
    assert told(mark) == ([3, 2, 1], [0, 1, 1], 6)
    assert mark.held == 3
    assert mark.together is None


def test_without_a_background_every_judged_pixel_is_held():
    mark = mark_image(np.array([[0, 1], [1, -1]]), None, Labels.of(["sea", "land"], background=None))
    assert told(mark) == ([1, 2], [1, 2], 3)  # two pixels that meet at a corner are two objects
    assert mark.held == 3


def test_instance_numbers_tell_touching_objects_apart():
    mask = np.array([[1, 1, 1, 1]])
    assert mark_image(mask, None, AB).items.tolist() == [0, 1, 0]
    mark = mark_image(mask, np.array([[7, 7, 3, 3]]), AB)
    assert mark.items.tolist() == [0, 2, 0]
    assert mark.objects.touching.sum() == 1


def test_labels_of_pixels_that_overlap():
    mask = np.zeros((2, 3, 2), np.int64)
    mask[0, :, 0] = 1
    mask[:, 1, 1] = 1
    mask[1, 2] = -1
    mark = mark_image(mask, None, Labels.of(["a", "b"], background=None))
    assert told(mark) == ([3, 2], [1, 1], 5)
    assert mark.held == 4
    assert mark.together.tolist() == [[3, 1], [1, 2]]


def test_classes_of_a_whole_recording():
    free = Labels.of(["a", "b", "c"], background=None)
    assert told(mark_whole((2,), free)) == ([0, 0, 1], [0, 0, 1], 1)
    assert told(mark_whole((0, 2), free)) == ([1, 0, 1], [1, 0, 1], 1)
    assert told(mark_whole((), free)) == ([0, 0, 0], [0, 0, 0], 1)
