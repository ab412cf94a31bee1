"""Labels of whole recordings in a folder of signals."""

from __future__ import annotations

import re

import numpy as np
import pytest

from segmend.core.truth import truth
from segmend.errors import InputError
from segmend.loading import load_dataset, refuse
from tests.builders import make_dataset
from tests.shared import shared

WHOLE = (("a", 0, 20, "sit"), ("b", 0, 20, "run"), ("c", 0, 20, "run"), ("d", 0, 20, "sit"))
ONE = {"task": "classification", "labels": ["run", "sit"]}
SEVERAL = {"task": "multilabel-classification", "labels": ["run", "sit"]}


def classes(data):
    return [recording.classes for recording in data.recordings]


def test_rows_that_cover_their_recordings_are_its_classes(tmp_path):
    data = load_dataset(make_dataset(tmp_path, rows=WHOLE, description=ONE))
    assert (data.task.name, data.task.classes, data.labels.background) == ("classification", 2, None)
    assert classes(data) == [(1,), (0,), (0,), (1,)]
    assert all(recording.segments is None for recording in data.recordings)
    assert truth(data.recordings[0], data.task, data.labels) == 1
    assert not data.problems


def test_a_table_without_times_needs_no_description(tmp_path):
    data = load_dataset(make_dataset(tmp_path, rows="who,label,recording\nme,sit,a\nme,run,b\nme,run,c\nme,run,d\n"))
    assert (data.task.name, data.labels.names) == ("classification", ("run", "sit"))
    assert classes(data) == [(1,), (0,), (0,), (0,)]


def test_several_labels_of_a_recording(tmp_path):
    rows = "recording,label\na,sit\na,run\nb,run\nb,run\nc,\nd,sit\n"
    expected = [(0, 1), (0,), (), (1,)]
    assert classes(load_dataset(make_dataset(tmp_path / "said", rows=rows, description=SEVERAL))) == expected
    found = load_dataset(make_dataset(tmp_path / "found", rows=rows))
    assert (found.task.name, classes(found)) == ("multilabel-classification", expected)
    covering = [("a", 0, 20, "sit"), ("a", 0, 20, "run"), ("b", 0, 20, "run"), ("c", 0, 20, ""), ("d", 0, 20, "sit")]
    assert classes(load_dataset(make_dataset(tmp_path / "rows", rows=covering, description=SEVERAL))) == expected


def test_rows_of_one_label_cover_a_recording_together(tmp_path):
    rows = [("a", 10, 20, "sit"), ("a", 0, 12, "sit"), *WHOLE[1:]]
    data = load_dataset(make_dataset(tmp_path, rows=rows, description=ONE))
    assert (data.problems, data.recordings[0].classes) == ((), (1,))


@pytest.mark.parametrize(
    ("row", "kind", "message"),
    [
        (("a", 0, 15, "sit"), "partial", "cover the recording, steps 0 to 20 .* Received 0 to 15"),
        (("a", 5, 20, "sit"), "partial", "Received 5 to 20"),
        (("a", 0, 30, "sit"), "beyond-end", "Received 0 to 30"),
        (("a", 7, 7, "sit"), "empty-segment", "Received 7 and 7"),
        (("a", 0, 20, "hop"), "unknown-label", 'expected a label among run, sit. Received "hop"'),
        (("a", 0, 20, ""), "unknown-label", 'Received ""'),
        (("z", 0, 20, "sit"), "unknown-recording", 'Received "z"'),
        (("b", 0, 20, "sit"), "overlap", 'one label for each recording. Received "sit" beside "run"'),
    ],
)
def test_what_is_no_class_of_a_recording_is_a_problem_with_its_line(tmp_path, row, kind, message):
    rows = [*WHOLE[1:], row] if row[0] == "a" else [*WHOLE, row]
    data = load_dataset(make_dataset(tmp_path, rows=rows, description=ONE))
    assert [(p.kind, p.recording, p.where) for p in data.problems] == [
        (kind, row[0], f"annotations.csv, line {len(rows) + 1}")
    ]
    assert re.search(message, data.problems[0].message)
    with pytest.raises(InputError, match=rf"line {len(rows) + 1}: recording "):
        refuse(data)


def test_times_may_be_off_by_their_rounding(tmp_path):
    signals = {"a": np.zeros((1000, 1))}
    rows = "recording,start_s,end_s,label\na,0.002,9.99,sit\n"
    described = {**ONE, "sampling_rate_hz": 100}
    assert not load_dataset(make_dataset(tmp_path, signals=signals, rows=rows, description=described)).problems


def test_a_recording_without_a_row_is_not_annotated(tmp_path):
    data = load_dataset(make_dataset(tmp_path, rows=WHOLE[:-1], description=ONE))
    assert [(p.kind, p.recording) for p in data.problems] == [("not-annotated", "d")]
    refuse(data)


def test_a_file_with_other_labels_asks_its_own_question(tmp_path):
    folder = make_dataset(tmp_path, rows=WHOLE, description=ONE)
    (folder / "side.csv").write_text("recording,start,end,label\na,0,20,left\nb,0,20,right\n")
    (folder / "parts.csv").write_text("recording,start,end,label\na,0,4,up\nb,5,9,down\n")
    (folder / "who.csv").write_text("recording,label\na,ann\nb,bob\n")
    side = load_dataset(folder, annotations="side.csv")
    assert (side.task.name, side.labels.names, classes(side)[:2]) == ("classification", ("left", "right"), [(0,), (1,)])
    parts = load_dataset(folder, annotations="parts.csv")
    assert (parts.task.name, parts.labels.names) == ("segmentation", ("background", "down", "up"))
    who = load_dataset(folder, annotations="who.csv")
    assert (who.task.name, who.labels.names) == ("classification", ("ann", "bob"))


def test_rows_too_short_are_refused_with_their_line(tmp_path):
    with pytest.raises(InputError, match=r"annotations\.csv, line 3: expected 2 cells as in line 1\. Received 1"):
        load_dataset(make_dataset(tmp_path, rows="recording,label\na,sit\nb\n"))


def test_other_labels_that_overlap_stay_several_at_a_time(tmp_path):
    described = {"task": "multilabel-segmentation", "labels": ["P", "QRS"]}
    rows = [("a", 0, 5, "P"), ("a", 3, 9, "QRS"), ("a", 9, 12, "QRS"), ("a", 11, 13, "QRS")]
    folder = make_dataset(tmp_path, rows=rows, description=described)
    data = load_dataset(folder)
    assert data.recordings[0].segments.rows() == [(0, 5, 0), (3, 9, 1), (9, 12, 1), (11, 13, 1)]
    assert [(p.kind, p.where) for p in data.problems if p.kind == "overlap"] == [("overlap", "annotations.csv, line 5")]
    (folder / "feet.csv").write_text("recording,start,end,label\na,0,5,left\na,4,9,right\n")
    feet = load_dataset(folder, annotations="feet.csv")
    assert (feet.task.name, feet.labels.names) == ("multilabel-segmentation", ("left", "right"))
    assert truth(feet.recordings[0], feet.task, feet.labels)[3:6].tolist() == [[1, 0], [1, 1], [0, 1]]


def test_exercises_of_a_watch():
    data = load_dataset(shared("datasets", "watch_exercises"))
    assert (data.task.name, data.labels.background, len(data.labels)) == ("classification", None, 7)
    assert np.bincount([held[0] for held in classes(data)]).tolist() == [20] * 7
    assert not data.problems
