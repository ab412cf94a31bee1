"""Folders of signals: what is read, what is a problem, what is refused."""

from __future__ import annotations

import re

import numpy as np
import pytest

from segmend.errors import InputError
from segmend.loading import load_dataset, refuse
from tests.builders import HEARTBEATS, make_dataset


def kinds(dataset):
    return [problem.kind for problem in dataset.problems]


def test_a_small_folder(tmp_path):
    data = load_dataset(make_dataset(tmp_path))
    assert [recording.name for recording in data.recordings] == list("abcd")
    assert data.labels.names == ("background", "P", "QRS")
    assert data.recordings[0].segments.rows() == [(2, 5, 1), (6, 9, 2)]
    assert data.channels == ("channel_0", "channel_1")
    assert data.task.classes == 3
    assert isinstance(data.recordings[0].signal, np.memmap)
    assert not data.problems
    refuse(data)


def test_dataset_json_orders_labels_and_gives_rate_split_and_groups(tmp_path):
    description = {
        "task": "segmentation",
        "sampling_rate_hz": 50,
        "channels": ["x", "y"],
        "labels": ["QRS", "P"],
        "split": {"train": ["a", "b"], "val": ["c"], "test": ["d"], "test_far": []},
        "groups": {"a": "ann", "b": "ann", "c": 3},
        "licence": "anything else is ignored",
    }
    data = load_dataset(make_dataset(tmp_path, description=description))
    assert data.labels.names == ("background", "QRS", "P")
    assert data.sampling_rate_hz == 50
    assert data.channels == ("x", "y")
    assert data.split == {"train": ("a", "b"), "val": ("c",), "test": ("d",)}
    assert [recording.group for recording in data.recordings] == ["ann", "ann", "3", "d"]


def test_where_every_step_is_labelled_there_is_no_background(tmp_path):
    rows = [("a", 0, 8, "Rest"), ("a", 8, 20, "Stroke"), ("b", 0, 20, "Stroke")]
    data = load_dataset(make_dataset(tmp_path, rows=rows))
    assert data.labels.background is None
    assert data.labels.names == ("Rest", "Stroke")
    assert data.recordings[0].segments.rows() == [(0, 8, 0), (8, 20, 1)]


def test_one_free_step_makes_a_background(tmp_path):
    rows = [("a", 0, 8, "Rest"), ("a", 9, 20, "Stroke"), ("b", 0, 20, "Stroke")]
    data = load_dataset(make_dataset(tmp_path, rows=rows))
    assert data.labels.background == 0
    assert data.recordings[1].segments.rows() == [(0, 20, 2)]


def test_the_callers_background_and_labels_win(tmp_path):
    folder = make_dataset(tmp_path)
    assert load_dataset(folder, background=2).labels.names == ("P", "QRS", "background")
    assert load_dataset(folder, background=None).labels.names == ("P", "QRS")
    assert load_dataset(folder, labels=["QRS", "P", "T"]).labels.foreground_names == ("QRS", "P", "T")


def test_rows_that_name_the_background_are_no_segments(tmp_path):
    rows = [("a", 0, 8, "background"), ("a", 8, 20, "P"), ("b", 0, 20, "background")]
    data = load_dataset(make_dataset(tmp_path, rows=rows))
    assert (data.labels.names, data.labels.background) == (("background", "P"), 0)
    assert data.recordings[0].segments.rows() == [(8, 20, 1)]
    assert data.recordings[1].segments.rows() == []


def test_seconds_become_steps_by_rounding(tmp_path):
    text = "label,recording,start_s,end_s,who\nP,a,0.11,0.24,me\nQRS,a,0.5,0.501,me\n"
    data = load_dataset(make_dataset(tmp_path, rows=text, description={"sampling_rate_hz": 20}))
    assert data.recordings[0].segments.rows() == [(2, 5, 1), (10, 11, 2)]
    with pytest.raises(InputError, match=r"annotations\.csv: times are in seconds: expected sampling_rate_hz"):
        load_dataset(make_dataset(tmp_path / "no rate", rows=text))


def test_unsorted_rows_are_sorted(tmp_path):
    data = load_dataset(make_dataset(tmp_path, rows=HEARTBEATS[::-1]))
    assert data.recordings[0].segments.rows() == [(2, 5, 1), (6, 9, 2)]
    assert not data.problems


@pytest.mark.parametrize(
    ("row", "kind", "message", "kept"),
    [
        (("a", 3, 4, "P"), "overlap", 'Received 3 to 4 "P", which begins before', 3),
        (("a", 12, 12, "P"), "empty-segment", "expected start < end. Received 12 and 12", 2),
        (("a", 15, 12, "P"), "empty-segment", "Received 15 and 12", 2),
        (("a", 15, 21, "P"), "beyond-end", "expected steps from 0 to 20, .* Received 15 to 21", 3),
        (("a", -1, 2, "P"), "beyond-end", "Received -1 to 2", 3),
        (("a", 30, 40, "P"), "beyond-end", "Received 30 to 40", 2),
        (("a", 12, 14, "U"), "unknown-label", 'expected a label among P, QRS. Received "U"', 2),
        (("a", 12, 14, ""), "unknown-label", 'Received ""', 2),
        (("z", 1, 2, "P"), "unknown-recording", 'Received "z"', 2),
    ],
)
def test_what_would_falsify_a_number_is_a_problem_with_its_line(tmp_path, row, kind, message, kept):
    description = {"labels": ["P", "QRS"]}
    data = load_dataset(make_dataset(tmp_path, rows=[*HEARTBEATS, row], description=description))
    assert kinds(data) == [kind]
    problem = data.problems[0]
    assert problem.recording == row[0]
    assert problem.where == "annotations.csv, line 8"
    assert re.search(message, problem.message)
    assert len(data.recordings[0].segments) == kept
    with pytest.raises(InputError, match=r'annotations\.csv, line 8: recording "[az]": expected'):
        refuse(data)


def test_a_recording_without_rows_is_not_annotated_and_not_refused(tmp_path):
    data = load_dataset(make_dataset(tmp_path, rows=HEARTBEATS[:-1]))
    assert kinds(data) == ["not-annotated"]
    assert data.recordings[3].segments is None
    refuse(data)


def test_without_annotations_nothing_is_annotated(tmp_path):
    folder = make_dataset(tmp_path)
    (folder / "annotations.csv").unlink()
    data = load_dataset(folder)
    assert kinds(data) == ["not-annotated"] * 4
    assert data.labels.names == ("background",)


def test_non_finite_samples_are_read_and_refused_with_their_place(tmp_path):
    spoilt = np.zeros((20, 2))
    spoilt[7, 1] = np.inf
    data = load_dataset(make_dataset(tmp_path, signals={"a": spoilt}, rows=HEARTBEATS[:2]))
    refuse(data, non_finite=False)
    with pytest.raises(
        InputError, match=r'a\.npy: expected finite samples\. Received inf at step 7, channel "channel_1"'
    ):
        refuse(data)
