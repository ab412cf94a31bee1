from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.utils.class_weight import compute_class_weight

from segmend.core.weights import class_weights, step_weights
from segmend.errors import InputError

STEPS = np.array([0, 0, 0, 0, 1, 1, 2, 0, -1, 2])  # 5, 2 and 2 steps; 2, 1 and 2 segments


def test_balanced_is_what_scikit_learn_computes():
    y = STEPS[STEPS >= 0]
    expected = compute_class_weight("balanced", classes=np.arange(3), y=y)
    np.testing.assert_allclose(class_weights(STEPS), expected)


def test_each_segment_counts_once_at_the_level_of_segments():
    np.testing.assert_allclose(class_weights(STEPS, level="segment"), [5 / 6, 5 / 3, 5 / 6])


def test_the_effective_number_levels_off_for_frequent_classes():
    y = np.repeat([0, 1, 2], [1000, 100, 10])
    found = class_weights(y, scheme="effective-number")
    mean = 370
    expected = 1 / (1 - (1 - 1 / mean) ** np.array([1000, 100, 10]))
    np.testing.assert_allclose(found / found[0], expected / expected[0], rtol=5e-3)
    balanced = class_weights(y)
    assert found[2] / found[0] < balanced[2] / balanced[0]


@pytest.mark.parametrize(
    "form",
    [
        [STEPS[:4], STEPS[4:]],
        STEPS.reshape(2, 5),
        STEPS.reshape(2, 5, 1),
        STEPS.astype(float),
        (STEPS[:, None] == np.arange(3)).astype(int).reshape(2, 5, 3),
        [(STEPS[:, None] == np.arange(3)).astype(int)],
    ],
    ids=["list", "stacked", "last axis 1", "float", "one-hot", "list of one-hot"],
)
def test_every_form_of_labels_gives_the_same_weights(form):
    np.testing.assert_allclose(class_weights(form), class_weights(STEPS))


def test_what_the_mask_hides_is_not_counted():
    mask = np.arange(10) < 6
    np.testing.assert_allclose(class_weights(STEPS, mask=mask), class_weights(STEPS[:6]))
    np.testing.assert_allclose(class_weights([STEPS, STEPS], mask=[mask, ~mask]), class_weights(STEPS))


def test_an_absent_class_weighs_nothing_and_is_named():
    with pytest.warns(UserWarning, match=r"classes \[1, 3\] do not occur"):
        weights = class_weights(np.array([0, 2, 2]), classes=4)
    np.testing.assert_allclose(weights, [1.5, 0, 0.75, 0])


def test_the_cap_bounds_the_ratio_and_keeps_the_mean():
    y = np.repeat([0, 1], [10_000, 1])
    weights = class_weights(y, cap=50)
    assert weights[1] / weights[0] == pytest.approx(50)
    assert weights[y].mean() == pytest.approx(1)
    assert class_weights(y, cap=None)[1] == pytest.approx(5000.5)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(-1, 3), min_size=1, max_size=60).filter(lambda steps: max(steps) >= 0),
    st.sampled_from(["balanced", "sqrt", "effective-number"]),
)
@pytest.mark.filterwarnings("ignore:classes .* do not occur")
def test_the_mean_over_labelled_steps_is_one_and_rarer_is_heavier(steps, scheme):
    y = np.array(steps)
    weights = class_weights(y, scheme=scheme, classes=4)
    assert np.isfinite(weights).all()
    assert weights[y[y >= 0]].mean() == pytest.approx(1)
    count = np.bincount(y[y >= 0], minlength=4)
    order = [k for k in np.argsort(count) if count[k]]
    assert (np.diff(weights[order]) <= 1e-12).all()


def test_step_weights_have_mean_one_and_the_form_of_the_labels():
    weights = step_weights(STEPS, {0: 1.0, 1: 4.0, 2: 2.0})
    assert weights.dtype == np.float32
    assert weights[8] == 0
    assert weights[STEPS >= 0].mean() == pytest.approx(1)
    assert weights[4] == pytest.approx(4 * weights[0])
    stacked = step_weights(STEPS.reshape(2, 5), [1.0, 4.0, 2.0])
    np.testing.assert_allclose(stacked, weights.reshape(2, 5))
    parts = step_weights([STEPS[:3], STEPS[3:]], [1.0, 4.0, 2.0])
    np.testing.assert_allclose(np.concatenate(parts), weights)


IMAGE = np.array([[1, 1, 0, 2], [0, 0, 1, 2], [2, 0, -1, 2]])  # 4, 3 and 4 pixels
LABELS = np.array([[1, 0], [1, 1], [0, 0], [1, 0], [-1, 1], [1, 0]])  # 4 and 1 positives, 3 and 1 runs


def test_the_segments_of_images_are_connected_components():
    by_side = class_weights([IMAGE], level="segment")
    np.testing.assert_allclose(by_side, [6 / (3 * 2), 6 / (3 * 2), 6 / (3 * 2)])
    by_corner = class_weights([IMAGE], level="segment", connectivity=2)
    np.testing.assert_allclose(by_corner, [4 / (3 * 1), 4 / (3 * 1), 4 / (3 * 2)])
    np.testing.assert_allclose(class_weights(np.stack([IMAGE, IMAGE])), [11 / 12, 11 / 9, 11 / 12])
    hot = (IMAGE[..., None] == np.arange(3)).astype(int)
    np.testing.assert_allclose(class_weights([hot], level="segment", connectivity=2), by_corner)
    assert step_weights([IMAGE], [1.0, 1.0, 1.0])[0][2].tolist() == [1.0, 1.0, 0.0, 1.0]


def test_overlapping_labels_are_weighed_by_their_positives():
    np.testing.assert_allclose(class_weights(LABELS, multilabel=True), [5 / 8, 5 / 2])
    np.testing.assert_allclose(class_weights(LABELS, multilabel=True, level="segment"), [4 / 6, 4 / 2])
    np.testing.assert_allclose(class_weights([LABELS, LABELS[:0]], multilabel=True), [5 / 8, 5 / 2])
    np.testing.assert_allclose(class_weights(LABELS, multilabel=True, mask=np.arange(6) < 2), [3 / 4, 3 / 2])
    squares = np.zeros((1, 3, 3, 2), int)
    squares[0, 0, :2, 0] = squares[0, 2, 2, 0] = squares[0, 1, 1, 1] = 1
    np.testing.assert_allclose(class_weights(squares, multilabel=True, level="segment"), [3 / 4, 3 / 2])


def test_a_step_of_several_labels_weighs_as_the_heaviest():
    weights = step_weights(LABELS, [1.0, 4.0], multilabel=True)
    np.testing.assert_allclose(weights, np.array([1, 4, 1, 1, 0, 1]) * 5 / 8)
    stacked = step_weights(np.stack([LABELS, LABELS]), [1.0, 4.0], multilabel=True)
    np.testing.assert_allclose(stacked, [weights, weights])
    parts = step_weights([LABELS[:2], LABELS[2:]], [1.0, 4.0], multilabel=True)
    np.testing.assert_allclose(np.concatenate(parts), weights)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: class_weights(STEPS, scheme="even"), "scheme: .*'even'"),
        (lambda: class_weights(STEPS, level="frame"), "level: .*'frame'"),
        (lambda: class_weights(STEPS, cap=0.5), "cap: .*0.5"),
        (lambda: class_weights(np.array([-1, -1])), "at least one labelled step"),
        (lambda: class_weights(np.array([0.5, 1.0])), "class numbers"),
        (lambda: class_weights(np.array([-2, 1])), "Received -2"),
        (lambda: class_weights(STEPS, classes=2), "below 2. Received 2"),
        (lambda: class_weights(STEPS, mask=[True]), "mask: expected shapes"),
        (lambda: class_weights(STEPS, level="segment", connectivity=0), "connectivity: .*0"),
        (lambda: class_weights(LABELS[None, :3], classes=2), r"at most one of 2 labels .* several \(multilabel\)"),
        (lambda: class_weights(STEPS, multilabel=True), r"labels of shape \(\*spatial, classes\)"),
        (lambda: class_weights(LABELS * 2, multilabel=True), "0 or 1 for each class"),
        (lambda: step_weights(LABELS, [1.0] * 3, multilabel=True), r"\(\*spatial, 3\). Received shape \(6, 2\)"),
        (lambda: step_weights(STEPS, {1: 1.0, 2: 2.0}), r"every class number from 0. Received \[1, 2\]"),
        (lambda: step_weights(STEPS, [1.0, 2.0]), "a weight for class 2"),
        (lambda: step_weights(STEPS, [1.0, np.inf, 1.0]), "finite"),
        (lambda: step_weights(np.array([0, 0]), [0.0, 1.0]), "weight above 0"),
    ],
)
def test_wrong_calls_are_refused(call, message):
    with pytest.raises(InputError, match=message):
        call()
