"""What is true of a recording, in the form that each task compares with."""

from __future__ import annotations

import numpy as np
import pytest

from segmend.core.labels import Labels
from segmend.core.recording import Recording
from segmend.core.regions import Regions
from segmend.core.segments import Segments
from segmend.core.task import Task
from segmend.core.truth import truth, truths
from segmend.errors import InputError


def recording(**annotations: object) -> Recording:
    shape = (2, 3, 1) if "regions" in annotations else (5, 1)
    return Recording(name="a", signal=np.zeros(shape), group="a", **annotations)  # type: ignore[arg-type]


def test_of_segments_one_class_each_step() -> None:
    labels = Labels.of(["P", "QRS"])
    given = recording(segments=Segments.from_rows([(1, 3, 2)]))
    assert truth(given, Task.named("segmentation", 3), labels).tolist() == [0, 2, 2, 0, 0]


def test_of_overlapping_segments_zero_or_one_for_each_class() -> None:
    labels = Labels.of(["P", "QRS"], background=None)
    given = recording(segments=Segments.from_rows([(0, 3, 0), (2, 4, 1)]))
    found = truth(given, Task.named("multilabel-segmentation", 2), labels)
    assert found.tolist() == [[1, 0], [1, 0], [1, 1], [0, 1], [0, 0]]


def test_of_an_image_its_mask() -> None:
    mask = np.array([[0, 1, 1], [0, 0, -1]])
    given = recording(regions=Regions(mask, np.where(mask > 0, 7, 0)))
    assert truth(given, Task.named("segmentation", 2, rank=2), Labels.of(["cell"])).tolist() == mask.tolist()
    assert given.regions is not None
    assert given.regions.count() == 1
    assert given.shape == (2, 3)
    assert given.steps == 6


def test_of_a_whole_recording_its_class_or_its_classes() -> None:
    labels = Labels.of(["x", "y", "z"], background=None)
    one = truth(recording(classes=(1,)), Task.named("classification", 3), labels)
    assert one.shape == ()
    assert int(one) == 1
    several = Task.named("multilabel-classification", 3)
    assert truth(recording(classes=(0, 2)), several, labels).tolist() == [1, 0, 1]
    assert truth(recording(classes=()), several, labels).tolist() == [0, 0, 0]


def test_without_what_the_task_needs_it_is_refused() -> None:
    assert not recording().annotated
    with pytest.raises(InputError, match='recording "a": expected annotations for classification'):
        truths([recording(segments=Segments.empty())], Task.named("classification", 3), Labels.numbered(3))
