"""How a network's answers are read while it is trained."""

from __future__ import annotations

import numpy as np
import pytest

from segmend.core.dataset import Dataset
from segmend.core.labels import Labels
from segmend.core.recording import Recording
from segmend.core.regions import Regions
from segmend.core.task import Task
from segmend.pipeline.runs.validation import judge_by
from tests.pipeline.runs.tasks import values_of

IMAGES = Task.named("segmentation", 2, 2)


def touching(shift):
    """Two disks of radius 8 that share an edge."""
    rows, columns = np.mgrid[:40, :60]
    left, right = (np.hypot(rows - 20, columns - at) <= 8 for at in (20 + shift, 36 + shift))
    mask = (left | right).astype(np.int64)
    return Regions(mask, np.where(left, 1, 2 * right).astype(np.int32))


def images():
    made = tuple(
        Recording(name=f"i{k}", signal=np.zeros((40, 60, 1), np.float32), group=f"g{k}", regions=touching(k))
        for k in range(3)
    )
    split = {"train": ("i0",), "val": ("i1",), "test": ("i2",)}
    return Dataset(recordings=made, task=IMAGES, labels=Labels.of(["cell"]), channels=("x",), split=split)


@pytest.mark.parametrize(("decoding", "ratio"), [("morphology", 1.0), ("argmax", 0.5)])
def test_objects_that_touch_are_split_before_an_epoch_is_judged_by_them(decoding, ratio):
    data = images()
    values = replace_decoding(values_of(IMAGES, data), decoding)
    said = np.eye(2)[np.asarray(touching(1).mask)]
    judge = judge_by(lambda every: [said for _ in every], values, data, data.part("val"))
    assert judge.measure()["val_count_ratio"] == ratio


def test_lengths_are_those_of_the_labels():
    data = images()
    speck = np.asarray(touching(1).mask).copy()
    speck[2:8, 2:8] = 1  # less than a quarter of a disk of radius 8
    values = replace_decoding(values_of(IMAGES, data), "morphology")
    judge = judge_by(lambda every: [np.eye(2)[speck] for _ in every], values, data, data.part("val"))
    assert judge.measure()["val_count_ratio"] == 1.0


def replace_decoding(values, decoding):
    """Plan values that read validation in one way."""
    return values.model_copy(update={"validation": values.validation.model_copy(update={"decoding": decoding})})
