from __future__ import annotations

import numpy as np
import pytest

from segmend.errors import InputError, NotYetError
from segmend.loading import is_dataset, load_dataset


def write(folder, **arrays):
    for name, values in arrays.items():
        np.save(folder / f"{name}.npy", np.asarray(values))
    return folder


def test_rows_are_recordings_cut_to_their_lengths(tmp_path):
    write(
        tmp_path,
        X=np.zeros((2, 6, 3)),
        y=[[0, 1, 1, 0, 2, 2], [2, 2, 0, 0, 0, 0]],
        lengths=[6, 3],
        groups=["ann", "bob"],
    )
    assert is_dataset(tmp_path)
    data = load_dataset(tmp_path)
    assert data.labels.names == ("background", "1", "2")
    assert [recording.segments.rows() for recording in data.recordings] == [[(1, 3, 1), (4, 6, 2)], [(0, 2, 2)]]
    assert [recording.steps for recording in data.recordings] == [6, 3]
    assert [recording.group for recording in data.recordings] == ["ann", "bob"]
    assert [recording.name for recording in data.recordings] == ["0", "1"]


def test_one_hot_labels_and_flat_signals(tmp_path):
    data = load_dataset(write(tmp_path, X=np.zeros((1, 3)), y=np.eye(2, dtype=int)[[[0, 1, 1]]]))
    assert data.recordings[0].segments.rows() == [(1, 3, 1)]
    assert data.channels == ("channel_0",)


def test_without_y_nothing_is_annotated(tmp_path):
    assert load_dataset(write(tmp_path, X=np.zeros((1, 3, 1)))).recordings[0].segments is None


@pytest.mark.parametrize(
    ("arrays", "error", "message"),
    [
        ({"y": np.zeros((2, 5), int)}, InputError, r"y\.npy: expected class numbers of shape \(2, 6\)"),
        ({"y": np.zeros(2, int)}, NotYetError, "classification"),
        ({"y": np.ones((2, 6, 3), int)}, NotYetError, "multilabel"),
        ({"y": np.full((2, 6), 0.5)}, InputError, r"Received 0\.5 in row 0, step 0"),
        ({"y": np.full((2, 6), -3)}, InputError, r"Received -3 at step 0"),
        ({"y": np.full((2, 6), -1)}, NotYetError, "not judged"),
        ({"lengths": [6, 7]}, InputError, "expected 2 lengths from 1 to 6"),
        ({"groups": ["a"]}, InputError, "expected one group for each of 2"),
        ({"X": np.zeros((2, 6, 3, 1))}, NotYetError, "images"),
        ({"X": np.zeros(6)}, InputError, r"expected shape \(recordings, steps, channels\)"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(tmp_path, arrays, error, message):
    write(tmp_path, X=np.zeros((2, 6, 3)), y=np.zeros((2, 6), int))
    write(tmp_path, **arrays)
    with pytest.raises(error, match=message):
        load_dataset(tmp_path)
