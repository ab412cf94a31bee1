import numpy as np
import pytest

from segmend.augmentation import Crop, CutMix, GapInsertion, Overlay, SegmentLength, SegmentPaste
from segmend.errors import InputError
from tests.augmentation.arrays import arrays
from tests.augmentation.draws import with_draws

Y = np.array([[0, 3, 3, 0, 0, 5, 0, 0]])
X = np.arange(8, dtype="float32").reshape(1, 8, 1)
AT_5 = np.eye(8)[[5]] * 0.5 + 0.4  # the step drawn highest is step 5
AT_1 = np.eye(8)[[1]] * 0.5 + 0.4


def test_a_segment_twice_as_long_pushes_the_others(monkeypatch):
    x, y = arrays(with_draws(SegmentLength(2.0), monkeypatch, AT_1, 1.0)((X, Y)))
    assert y.tolist() == [[0, 3, 3, 3, 3, 0, 0, 5]]
    assert x.ravel() == pytest.approx([0, 0.75, 1.25, 1.75, 2.25, 3, 4, 5])


def test_a_segment_half_as_long_pulls_the_others_and_leaves_the_end_ignored(monkeypatch):
    x, y = arrays(with_draws(SegmentLength(2.0), monkeypatch, AT_1, 0.0)((X, Y)))
    assert y.tolist() == [[0, 3, 0, 0, 5, 0, 0, -1]]
    assert x.ravel() == pytest.approx([0, 1.5, 3, 4, 5, 6, 7, 7])


def test_a_segment_of_one_step_keeps_it(monkeypatch):
    _, y = arrays(with_draws(SegmentLength(9.0), monkeypatch, AT_5, 0.0)((X, Y)))
    assert np.array_equal(y, Y)


def test_overlapping_labels_are_stretched_row_by_row(monkeypatch):
    y = (Y[..., None] == [3, 5]).astype(int)
    _, new = arrays(with_draws(SegmentLength(2.0), monkeypatch, AT_1, 1.0)((X, y)))
    assert new[0, :, 0].tolist() == [0, 1, 1, 1, 1, 0, 0, 0]
    assert new[0, :, 1].tolist() == [0, 0, 0, 0, 0, 0, 0, 1]


def test_a_segment_is_pasted_where_it_touches_none(monkeypatch):
    y = np.array([[0, 3, 0, 0, 0, 5, 5, 0]])
    x, new = arrays(with_draws(SegmentPaste(), monkeypatch, AT_1, 0.5)((X, y)))  # the only room is step 3
    assert new.tolist() == [[0, 3, 0, 3, 0, 5, 5, 0]]
    assert x.ravel().tolist() == [0, 1, 2, 1, 4, 5, 6, 7]


@pytest.mark.parametrize(
    "labels",
    [
        [0, 0, 0, 0, 0, 0, 0, 0],  # no segment
        [3, 3, 0, 0, 0, 0, 0, 0],  # one that is cut by the beginning
        [0, 0, 0, 0, 0, 0, 3, 3],  # or by the end
        [0, 3, 3, 3, 0, 0, 0, 0],  # no room: the segment is longer than what is left beside margins
        [-1, 3, -1, -1, -1, -1, -1, 0],  # nothing but ignored steps around
    ],
)
def test_without_segment_or_room_nothing_is_pasted(labels):
    y = np.array([labels])
    x, new = arrays(SegmentPaste(seed=0)((X, y)))
    assert np.array_equal(x, X) and np.array_equal(new, y)


def test_a_gap_parts_two_segments_that_touch(monkeypatch):
    y = np.array([[0, 0, 3, 3, 3, 5, 5, 5]])
    gaps = with_draws(GapInsertion(3), monkeypatch, 0.5, AT_5, 0.99)  # 3 steps of background, at step 5
    x, new = arrays(gaps((X, y)))
    assert new.tolist() == [[0, 0, 3, 3, 3, 0, 0, 0]]
    assert x.ravel().tolist() == [0, 1, 2, 3, 4, 0, 1, 0]


def test_without_background_there_is_no_gap():
    y = np.array([[1, 1, 3, 3, 3, 5, 5, 5]])
    _, new = arrays(GapInsertion(3, seed=0)((X, y)))
    assert np.array_equal(new, y)


def test_an_overlay_has_the_labels_of_both_and_ignores_what_either_ignores():
    x = np.array([[[1.0], [2.0]], [[10.0], [20.0]]], "float32")
    y = np.array([[[1, 0], [0, 0]], [[0, 1], [-1, -1]]])
    weight = np.array([[1.0, 0.5], [0.25, 1.0]], "float32")
    new_x, new_y, new_weight = arrays(Overlay(20.0)((x, y, weight)))
    assert new_x[..., 0] == pytest.approx(np.array([[101, 202], [20, 40]]), rel=1e-5)
    assert new_y.tolist() == [[[1, 1], [-1, -1]], [[1, 1], [-1, -1]]]
    assert new_weight.tolist() == [[0.25, 0.5], [0.25, 0.5]]


def test_an_overlay_of_labels_of_recordings():
    x, y = np.ones((2, 3, 1), "float32"), np.array([[1, 0, 0], [0, 0, 1]])
    assert arrays(Overlay(0.0, labels="recording")((x, y)))[1].tolist() == [[1, 0, 1], [1, 0, 1]]


def test_a_stretch_of_the_other_recording_with_its_seams_ignored(monkeypatch):
    x = np.stack([X[0], 10 + X[0]])
    y = np.repeat([[1], [2]], 8, axis=1)
    cut = with_draws(CutMix(0.5), monkeypatch, 0.0, 1.0, 0.5)  # partner, 4 steps, from 2
    new_x, new_y = arrays(cut((x, y)))
    assert new_x[0].ravel().tolist() == [0, 1, 12, 13, 14, 15, 6, 7]
    assert new_y.tolist() == [[1, -1, -1, 2, 2, -1, -1, 1], [2, -1, -1, 1, 1, -1, -1, 2]]


def test_a_crop_of_an_image_takes_the_same_part_of_all(monkeypatch):
    y = np.arange(12).reshape(1, 3, 4)
    crop = with_draws(Crop((2, 3)), monkeypatch, 0.9, 0.0)
    x, new, weight = arrays(crop((y[..., None].astype("float32"), y, y.astype("float32"))))
    assert new.tolist() == [[[4, 5, 6], [8, 9, 10]]]
    assert np.array_equal(x[..., 0], new) and np.array_equal(weight, new)
    shapes = Crop((2, 3)).compute_output_shape(((None, 3, 4, 1), (None, 3, 4), (None,)))
    assert shapes == ((None, 2, 3, 1), (None, 2, 3), (None,))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: SegmentLength(labels="recording"), "labels: SegmentLength works on labels of steps"),
        (lambda: SegmentPaste(margin=0), "margin: expected an integer of at least 1"),
        (lambda: GapInsertion(background=-1), "background: expected an integer of at least 0"),
        (lambda: Overlay()((X, Y)), "y: expected 0 or 1 for each class, 3 axes"),
        (lambda: Crop(3, share=0.5), "share: Crop changes every recording"),
        (lambda: Crop(9)((X, Y)), r"x: expected at least \(9,\) steps. Received spatial axes \(8,\)"),
        (lambda: Crop((2, 2))((X, Y)), r"x: expected at least \(2, 2\) steps"),
    ],
)
def test_what_is_wrong_is_said(make, message):
    with pytest.raises(InputError, match=message):
        make()
