"""Windows are views that know their group."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.model_selection import GroupKFold

import segmend
from segmend.errors import InputError
from tests.cases import few


@few
@given(st.lists(st.integers(1, 30), min_size=1, max_size=4), st.integers(1, 8), st.integers(1, 10))
def test_every_step_of_a_recording_that_is_long_enough_is_in_a_window(lengths, length, hop):
    x = [np.arange(steps) for steps in lengths]
    cut = segmend.windows(x, length=length, hop=min(hop, length))
    for k, steps in enumerate(lengths):
        seen = {int(step) for n in np.flatnonzero(cut.recording == k) for step in cut[int(n)]}
        assert seen == (set(range(steps)) if steps >= length else set())
    assert all(len(cut[n]) == length for n in range(len(cut)))


def test_a_window_is_a_view_and_a_batch_a_copy():
    x, y = np.zeros((2, 10, 3)), np.zeros((2, 10), int)
    cut = segmend.windows(x, y, length=4)
    signal, labels = cut[0]
    assert np.shares_memory(signal, x)
    assert np.shares_memory(labels, y)
    batch = cut.take([0, 1, 2])
    assert (batch[0].shape, batch[1].shape) == ((3, 4, 3), (3, 4))
    assert not np.shares_memory(batch[0], x)


def test_a_memory_map_stays_on_disk(tmp_path):
    np.save(tmp_path / "a.npy", np.arange(20.0))
    cut = segmend.windows([np.load(tmp_path / "a.npy", mmap_mode="r")], length=5)
    assert isinstance(cut[1], np.memmap)


def test_a_grouped_split_of_windows_parts_no_recording():
    cut = segmend.windows(np.zeros((6, 50, 1)), length=10, hop=5, groups=["a", "a", "b", "b", "c", "c"])
    for train, test in GroupKFold(3).split(cut.start, groups=cut.groups):
        assert not set(cut.recording[train]) & set(cut.recording[test])


def test_what_does_not_fit_is_refused():
    for arguments, match in (
        ({"x": np.zeros(9), "length": 3}, "x: expected a list of recordings"),
        ({"x": np.zeros((2, 9)), "length": 0}, "length: expected"),
        ({"x": np.zeros((2, 9)), "length": 3, "hop": 0}, "hop: expected"),
        ({"x": np.zeros((2, 9)), "y": np.zeros((2, 8)), "length": 3}, r"y: expected 2 recordings of \[9, 9\] steps"),
        ({"x": np.zeros((2, 9)), "length": 3, "groups": [1]}, "groups: expected one value for each of 2"),
    ):
        with pytest.raises(InputError, match=match):
            segmend.windows(**arguments)
    with pytest.raises(IndexError, match="window 5"):
        segmend.windows(np.zeros((1, 9)), length=3)[5]
