"""What labels of many recordings say together: classification, images, labels that overlap."""

from __future__ import annotations

import numpy as np

from segmend.core.labels import Labels
from segmend.core.segments import Segments
from segmend.core.task import Task
from segmend.fingerprinting.marks import mark_image, mark_segments, mark_whole
from segmend.fingerprinting.together import together

FREE = Labels.of(["a", "b"], background=None)


def groups(*numbers):
    return np.array(numbers, np.int64)


def test_recordings_of_one_class_each():
    marks = [mark_whole(classes, FREE) for classes in ((0,), (0,), (1,), (0,))]
    found = together(marks, groups(0, 0, 1, 2), Task.named("classification", 2), FREE)
    a, b = found.classes
    assert (a.steps, a.step_share, a.segments, a.segment_share, a.recordings, a.rate) == (3, 0.75, 3, 0.75, 3, 0.75)
    assert (b.steps, b.duration.p50, b.gap.p50) == (1, None, None)
    assert (found.labelled, found.items, found.background_share) == (4, 4, 0.0)
    assert found.co_occurrence == ()
    assert found.transitions == ()


def test_recordings_of_several_classes_each():
    marks = [mark_whole(classes, FREE) for classes in ((0, 1), (0,), (), (0, 1))]
    found = together(marks, groups(0, 1, 2, 3), Task.named("multilabel-classification", 2), FREE)
    a, b = found.classes
    assert (a.step_share, b.step_share) == (0.75, 0.5)
    assert (a.segment_share, b.segment_share) == (0.6, 0.4)
    assert (found.labelled, found.items) == (4, 5)
    (pair,) = found.co_occurrence
    assert (pair.one, pair.other, pair.together, pair.expected) == ("a", "b", 2, 1.5)
    assert found.effective == 5.0


def test_shares_of_overlapping_labels_are_of_all_steps():
    marks = [mark_segments(Segments.from_rows([(0, 6, 0), (4, 9, 1)]), 20, FREE)]
    found = together(marks, groups(0), Task.named("multilabel-segmentation", 2), FREE)
    a, b = found.classes
    assert (a.step_share, b.step_share, found.background_share) == (0.3, 0.25, 0.55)
    (pair,) = found.co_occurrence
    assert (pair.together, pair.expected) == (2, 6 * 5 / 20)
    assert [(t.before, t.after, t.pairs, t.touching) for t in found.transitions] == [("a", "b", 1, 0)]


def test_without_a_background_the_labelled_steps_are_the_whole():
    marks = [mark_segments(Segments.from_rows([(0, 6, 0), (6, 9, 1)]), 20, FREE)]
    found = together(marks, groups(0), Task.named("segmentation", 2), FREE)
    assert (found.labelled, found.background_share, found.classes[0].step_share) == (9, 0.0, 6 / 9)


def test_images():
    labels = Labels.of(["cell"])
    marks = [
        mark_image(np.array([[1, 1, 0, 1]]), np.array([[1, 2, 0, 3]]), labels),
        mark_image(np.array([[0, 0, -1, 1]]), None, labels),
    ]
    found = together(marks, groups(0, 1), Task.named("segmentation", 2, rank=2), labels)
    (cell,) = found.classes
    assert (found.labelled, found.items, found.background_share) == (7, 4, 3 / 7)
    assert (cell.steps, cell.segments, cell.recordings, cell.touching) == (4, 4, 2, 1)
    assert (cell.gap.p5, cell.gap.max) == (1.0, 2.0)
    assert (cell.per_recording.p50, cell.per_recording.max) == (2.0, 3.0)


def test_images_of_labels_that_overlap():
    mask = np.zeros((1, 4, 2), int)
    mask[0, :3, 0] = 1
    mask[0, 2:, 1] = 1
    marks = [mark_image(mask, None, FREE)]
    found = together(marks, groups(0), Task.named("multilabel-segmentation", 2, rank=2), FREE)
    (pair,) = found.co_occurrence
    assert (pair.together, pair.expected, found.background_share) == (1, 1.5, 0.0)


def test_nothing_marked_at_all():
    for task in (Task.named("segmentation", 2), Task.named("segmentation", 2, 2), Task.named("classification", 2)):
        found = together([], groups(), task, FREE)
        assert (found.items, found.effective) == (0, None)
        assert [each.segments for each in found.classes] == [0, 0]
