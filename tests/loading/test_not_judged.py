"""Rows of the label -1: steps, or recordings, that are not judged."""

import json

import numpy as np
import pytest

from segmend.core.labels import IGNORE
from segmend.core.truth import truth
from segmend.loading import load_dataset


def _folder(path, rows, steps=20, **description):
    (path / "signals").mkdir(parents=True)
    for name in ("a", "b"):
        np.save(path / "signals" / f"{name}.npy", np.zeros((steps, 1), np.float32))
    (path / "annotations.csv").write_text("recording,start,end,label\n" + "\n".join(rows) + "\n")
    (path / "dataset.json").write_text(json.dumps(description))
    return path


def _truth(data, name="a"):
    recording = next(each for each in data.recordings if each.name == name)
    return truth(recording, data.task, data.labels).tolist()


def test_steps_are_hidden_whatever_is_marked_there(tmp_path):
    rows = ["a,2,8,x", "a,6,10,-1", "a,9,12,-1", "b,1,3,x"]
    data = load_dataset(_folder(tmp_path / "d", rows))
    assert data.labels.names == ("background", "x")
    assert not data.problems
    assert _truth(data) == [0] * 2 + [1] * 4 + [IGNORE] * 6 + [0] * 8
    first = data.recordings[0]
    assert first.ignored.rows() == [(6, 12, 0)]
    assert first.judged_steps == 14


def test_a_recording_of_nothing_else_is_annotated_and_not_judged(tmp_path):
    data = load_dataset(_folder(tmp_path / "d", ["a,0,20,-1", "b,1,3,x"]))
    assert _truth(data) == [IGNORE] * 20


def test_without_a_background_they_cover_what_nobody_labelled(tmp_path):
    rows = ["a,0,12,x", "a,12,20,-1", "b,0,20,y"]
    data = load_dataset(_folder(tmp_path / "d", rows))
    assert data.labels.background is None
    assert _truth(data) == [0] * 12 + [IGNORE] * 8


def test_labels_that_overlap_are_all_hidden(tmp_path):
    rows = ["a,2,8,x", "a,4,9,y", "a,5,7,-1", "b,1,3,x"]
    data = load_dataset(_folder(tmp_path / "d", rows, task="multilabel-segmentation", labels=["x", "y"]))
    hidden = np.array(_truth(data))
    assert (hidden[5:7] == IGNORE).all()
    assert (hidden[[4, 8]] == [[1, 1], [0, 1]]).all()


def test_a_recording_of_one_label_is_left_out(tmp_path):
    data = load_dataset(_folder(tmp_path / "d", ["a,0,20,-1", "b,0,20,x"], task="classification", labels=["x"]))
    assert [each.classes for each in data.recordings] == [None, (0,)]


def test_what_is_called_so_in_dataset_json_is_a_class(tmp_path):
    data = load_dataset(_folder(tmp_path / "d", ["a,2,4,-1", "b,1,3,x"], labels=["-1", "x"]))
    assert data.recordings[0].segments.rows() == [(2, 4, 1)]
    assert data.recordings[0].ignored is None


@pytest.mark.parametrize(("row", "kind"), [("a,5,5,-1", "empty-segment"), ("a,15,30,-1", "beyond-end")])
def test_their_faults_are_told(tmp_path, row, kind):
    data = load_dataset(_folder(tmp_path / "d", ["a,2,4,x", row, "b,1,3,x"]))
    assert [each.kind for each in data.problems] == [kind]
