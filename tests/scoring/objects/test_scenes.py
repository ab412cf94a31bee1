"""Objects, computed by hand."""

import numpy as np
import pytest

from segmend.core.labels import Labels
from segmend.errors import InputError
from segmend.scoring.objects import class_masks, scene

TWO, FOUR = Labels.numbered(2), Labels.numbered(4)


def image(*rows):
    """Class numbers from text: digits are classes, '.' is not judged."""
    return np.array([[-1 if sign == "." else int(sign) for sign in row] for row in rows], np.int64)


def sizes(true, labels=FOUR, **options):
    return scene([true], [np.maximum(true, 0)], labels, **options).reference.size.tolist()


def test_corners_join_under_connectivity_2_alone():
    stairs = image("100", "010", "001")
    assert sizes(stairs, connectivity=1) == [1, 1, 1]
    assert sizes(stairs, connectivity=2) == [3]
    assert sizes(stairs[::-1], connectivity=2) == [3]


def test_opposite_ends_of_rows_do_not_touch():
    assert sizes(image("001", "100"), connectivity=2) == [1, 1]
    assert sizes(image("0011", "1100"), connectivity=2) == [4]


def test_a_ring_and_what_it_encloses():
    assert sizes(image("11111", "10001", "10101", "10001", "11111")) == [16, 1]
    assert sizes(image("10101", "10101", "11111")) == [11]


def test_touching_classes_are_different_objects():
    met = scene([image("1122", "1122")], [image("1122", "1122")], FOUR)
    assert met.reference.label.tolist() == [1, 2]
    assert met.reference.low.tolist() == [[0, 0], [0, 2]]
    assert met.reference.high.tolist() == [[2, 2], [2, 4]]


def test_edges_of_any_classes_with_shared_and_united_pixels():
    met = scene([image("1100", "1102")], [image("0110", "0133")], FOUR)
    edges = met.edges
    assert met.reference.size.tolist() == [4, 1]
    assert met.prediction.size.tolist() == [3, 2]
    rows = zip(edges.reference, edges.prediction, edges.steps, edges.union, strict=True)
    assert [tuple(map(int, row)) for row in rows] == [(0, 0, 2, 5), (1, 1, 1, 2)]
    assert not edges.staircase


def test_pixels_that_are_not_judged_cut_the_reference_but_not_the_prediction():
    met = scene([image("11.11")], [image("11111")], TWO)
    assert met.reference.size.tolist() == [2, 2]
    assert (met.prediction.size.tolist(), met.prediction.unjudged.tolist()) == ([4], [1])
    assert met.edges.steps.tolist() == [2, 2]


def test_a_prediction_that_is_nowhere_judged_is_left_out():
    met = scene([image("..001")], [image("11021")], Labels.numbered(3))
    assert met.prediction.label.tolist() == [2, 1]
    assert met.prediction.unjudged.tolist() == [0, 0]
    assert met.edges.prediction.tolist() == [1]


def test_what_is_predicted_where_nothing_is_judged_does_not_matter():
    met = scene([image("1..1")], [np.array([[1, 99, -1, 1]])], TWO)
    assert met.prediction.size.tolist() == [1, 1]


def test_instances_need_no_connection_and_count_within_a_class():
    numbers = np.array([[700, 0, 700, 5, 5, 700]])
    met = scene([image("110112")], [image("111111")], FOUR, reference=[numbers * image("110111")], prediction=[numbers])
    assert met.reference.label.tolist() == [1, 1, 2]
    assert met.reference.size.tolist() == [1, 2, 1]
    assert met.prediction.size.tolist() == [3, 2]
    assert met.prediction.low.tolist() == [[0, 0], [0, 3]]
    assert met.prediction.high.tolist() == [[1, 6], [1, 5]]


def test_instances_of_one_class_need_no_class_masks():
    numbers = [np.array([[3, 3, 8], [-1, 0, 8]])]
    masks = class_masks(numbers, Labels.of(["nucleus"]))
    met = scene(masks, masks, TWO, reference=numbers, prediction=numbers)
    assert met.reference.size.tolist() == met.prediction.size.tolist() == [2, 2]
    with pytest.raises(InputError, match="expected one class and a background"):
        class_masks(numbers, FOUR)


def test_images_of_any_shapes_are_kept_apart():
    shapes = [(2, 3), (1, 1), (0, 4), (4, 0), (3, 1)]
    ones = [np.ones(shape, np.int64) for shape in shapes]
    met = scene(ones, ones, TWO)
    assert met.images == 5
    assert met.reference.recording.tolist() == [0, 1, 4]
    assert met.edges.steps.tolist() == [6, 1, 3]
    assert met.cell(met.prediction).tolist() == [1, 3, 9]
    assert len(scene([], [], TWO).edges) == 0


def test_without_background_every_pixel_is_in_an_object():
    assert sizes(image("001", "011"), labels=Labels.numbered(2, None)) == [3, 3]


def test_layers_of_several_labels_may_cover_a_pixel():
    true = np.stack([image("110"), image("011")], axis=-1)
    pred = np.stack([image("010"), image("11.")], axis=-1)
    labels = Labels(("a", "b"), None)
    true[0, 2, 1] = -1
    met = scene([true], [pred], labels, multilabel=True)
    assert met.reference.label.tolist() == met.prediction.label.tolist() == [0, 1]
    assert met.reference.size.tolist() == [2, 1]
    assert met.edges.steps.tolist() == [1, 1]
    across = scene([true, true], [pred, pred], labels, multilabel=True, across=True).edges
    assert across.reference.tolist() == [0, 0, 1, 1, 2, 2, 3, 3]
    assert across.prediction.tolist() == [0, 1, 0, 1, 2, 3, 2, 3]
    assert across.steps.tolist() == [1, 2, 1, 1] * 2


@pytest.mark.parametrize("dtype", [bool, np.uint8, np.int8, np.uint64])
def test_any_whole_numbers_will_do(dtype):
    mask = np.array([[1, 0, 1]], dtype)
    assert scene([mask], [mask], TWO, prediction=[mask]).prediction.size.tolist() == [2]
    assert scene([mask.T], [np.asfortranarray(mask.T)], TWO).edges.steps.tolist() == [1, 1]


def test_what_does_not_fit_is_refused():
    one, good = image("01"), {"labels": TWO}
    with pytest.raises(InputError, match=r"y_pred: expected 1 images as in y_true\. Received 2"):
        scene([one], [one, one], **good)
    with pytest.raises(InputError, match=r"reference\[0\]: expected shape \(1, 2\)"):
        scene([one], [one], reference=[one.T], **good)
    with pytest.raises(InputError, match=r"prediction\[0\]: expected whole numbers. Received float64"):
        scene([one], [one], prediction=[one / 2], **good)
    with pytest.raises(InputError, match=r"y_true: expected images of one rank.*\[1, 2\]"):
        scene([one, one[0]], [one, one[0]], **good)
    with pytest.raises(InputError, match=r"connectivity: expected a number from 1 to 2\. Received 3"):
        scene([one], [one], connectivity=3, **good)
    with pytest.raises(InputError, match=r"y_true\[0\]: expected a last axis of 2 classes"):
        scene([image("011")], [image("011")], multilabel=True, **good)
    with pytest.raises(InputError, match=r"y_true\[0\]: expected class numbers from 0 to 1.*Received 2"):
        scene([image("02")], [one], **good)
    with pytest.raises(InputError, match=r"y_pred\[0\]: expected class numbers from 0 to 1.*Received -1"):
        scene([one], [image("0.")], **good)
    with pytest.raises(InputError, match=r"y_pred\[0\]: expected instance numbers from 0 \(none\). Received -4"):
        scene([one], [one], prediction=[-4 * one], **good)
