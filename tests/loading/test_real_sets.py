"""Published data sets hold what their own notes say."""

from __future__ import annotations

import pytest

from segmend.loading import load_dataset
from tests.shared import shared

REAL = {
    # recordings, steps, items, classes without background, background: the figures that the sets' own notes give
    "ludb": (197, 728233, 4825, 3, 0),
    "finch_gy6or6": (42, 98436, 2472, 13, 0),
    "gesture_phase": (7, 9901, 395, 5, None),
    "rfid_bedroom": (80, 75002, 681, 4, None),
    "oxford_steps": (48, 382218, 13828, 2, None),
    "tssb": (75, 359497, 265, 1, None),
}


@pytest.mark.parametrize("name", REAL)
def test_real_sets_hold_what_their_notes_say(name):
    data = load_dataset(shared("datasets", name))
    recordings = data.recordings
    found = (
        len(data),
        sum(recording.steps for recording in recordings),
        sum(len(recording.segments) for recording in recordings),
        len(data.labels.foreground),
        data.labels.background,
    )
    assert found == REAL[name]
    assert not data.problems


def test_steps_of_either_foot_are_a_question_of_their_own():
    data = load_dataset(shared("datasets", "oxford_steps"), annotations="annotations_step.csv")
    assert data.labels.names == ("background", "step")
    assert sum(len(recording.segments) for recording in data.recordings) == 13733
    assert not data.problems


def test_diagnoses_are_several_for_each_recording():
    data = load_dataset(shared("datasets", "ludb_dx"))
    assert (data.task.name, data.task.rank, data.labels.background) == ("multilabel-classification", 1, None)
    assert (len(data), len(data.labels), data.recordings[0].signal.shape) == (200, 23, (1000, 12))
    assert sum(len(recording.classes) for recording in data.recordings) == 641
    assert {role: len(names) for role, names in data.split.items()} == {"train": 120, "val": 30, "test": 50}
    assert not data.problems


def test_nuclei_are_told_apart():
    data = load_dataset(shared("datasets", "dsb_nuclei"))
    assert (len(data), data.labels.names, data.channels) == (240, ("background", "nucleus"), ("gray",))
    assert (data.task.kind, data.task.rank, data.task.classes) == ("segmentation", 2, 2)
    assert sum(recording.regions.count() for recording in data.recordings) == 6857
    assert {role: len(names) for role, names in data.split.items()} == {"train": 144, "val": 36, "test": 60}
    assert not data.problems


def test_cells_take_their_class_from_their_folder():
    data = load_dataset(shared("datasets", "bccd_cells"))
    assert (data.task.name, data.task.rank, data.labels.background) == ("classification", 2, None)
    counts = [sum(recording.classes == (k,) for recording in data.recordings) for k in range(3)]
    assert dict(zip(data.labels.names, counts, strict=True)) == {"Platelets": 361, "RBC": 4155, "WBC": 372}
    assert {role: len(names) for role, names in data.split.items()} == {"train": 2805, "val": 1138, "test": 945}
    assert {recording.signal.shape for recording in data.recordings} == {(40, 40, 3)}
    assert not data.problems
