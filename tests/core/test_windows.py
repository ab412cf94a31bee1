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


def test_windows_of_images_lie_side_by_side_along_both_axes_and_reach_the_ends():
    image = np.arange(5 * 7 * 2).reshape(5, 7, 2)
    mask = image[..., 0]
    cut = segmend.windows([image], [mask], length=3, hop=2)
    assert cut.start.tolist() == [[row, column] for row in (0, 2) for column in (0, 2, 4)]
    x, y = cut.take(range(len(cut)))
    assert x.shape == (6, 3, 3, 2)
    np.testing.assert_array_equal(x[..., 0], y)
    np.testing.assert_array_equal(y[-1], mask[2:5, 4:7])


def test_each_axis_may_have_its_own_size_and_images_no_channels():
    cut = segmend.windows([np.zeros((4, 6)), np.zeros((2, 9))], length=(2, 3), hop=(2, 3), groups=["a", "b"])
    assert cut[0].shape == (2, 3)
    assert cut.groups.tolist() == ["a"] * 4 + ["b"] * 3


def test_an_image_smaller_than_a_window_gives_none():
    cut = segmend.windows([np.zeros((2, 9, 1)), np.zeros((3, 3, 1))], length=3)
    assert cut.recording.tolist() == [1]


@pytest.mark.parametrize("shape", [(9, 2), (6, 9, 2)])
def test_every_window_has_the_label_of_its_recording(shape):
    x, rank = [np.zeros(shape), np.ones(shape)], len(shape) - 1
    cut = segmend.windows(x, [5, 8], length=3)
    _, y = cut.take(range(len(cut)))
    np.testing.assert_array_equal(y, np.array([5, 8])[cut.recording])
    several = segmend.windows(x, np.eye(2, dtype=int), length=3, task="multilabel-classification")
    np.testing.assert_array_equal(several.take(range(len(cut)))[1], np.eye(2)[cut.recording])
    if rank == 2:
        assert segmend.windows(x, np.eye(2, dtype=int), length=3).whole


@pytest.mark.parametrize("shape", [(9,), (6, 9)])
def test_labels_that_overlap_are_cut_with_the_signal(shape):
    x = np.arange(np.prod(shape)).reshape(1, *shape, 1)
    y = np.concatenate([x, -x], axis=-1)
    signal, labels = segmend.windows(x, y, length=3).take([0, 1])
    np.testing.assert_array_equal(labels, np.concatenate([signal, -signal], axis=-1))


def test_a_grouped_split_of_windows_of_images_parts_no_image():
    cut = segmend.windows(np.zeros((6, 8, 8, 1)), length=4, hop=2)
    for train, test in GroupKFold(3).split(cut.recording, groups=cut.groups):
        assert not set(cut.recording[train]) & set(cut.recording[test])


def test_images_that_do_not_fit_are_refused():
    image = np.zeros((1, 8, 9, 1))
    for arguments, match in (
        ({"y": np.zeros((1, 8, 8))}, r"y: expected 1 recordings of \[\(8, 9\)\] steps"),
        ({"y": [1, 2]}, "y: expected a label for each of 1 recordings"),
        ({"length": (3, 3, 3, 3)}, "x: expected 4 spatial axes"),
        ({"length": 3, "hop": (1, 2, 3)}, "hop: expected a whole number of steps from 1, or 2 of them"),
        ({"task": "regression"}, 'Received "regression"'),
    ):
        with pytest.raises(InputError, match=match):
            segmend.windows(image, **{"length": 3} | arguments)
    with pytest.raises(InputError, match="arrays of"):
        segmend.windows([np.zeros((3, 3)), np.zeros(3)], length=2)
