from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from keras import ops

from segmend.ops.transitions import steps_to_transition, widened

CLASSES = 3


def by_search(y_true, valid, furthest):
    """Every step's distance along the axes to every step beside a change, one by one."""
    beside = []
    for place in np.ndindex(y_true.shape):
        for axis in range(1, y_true.ndim):
            for way in (-1, 1):
                other = list(place)
                other[axis] += way
                if 0 <= other[axis] < y_true.shape[axis]:
                    both = valid[place] and valid[tuple(other)]
                    if both and y_true[place] != y_true[tuple(other)]:
                        beside.append(place)
    distance = np.full(y_true.shape, float(furthest))
    for place in np.ndindex(y_true.shape):
        for other in beside:
            if other[0] == place[0]:
                distance[place] = min(distance[place], np.abs(np.subtract(place, other)).sum())
    return distance


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    shape=st.sampled_from([(2, 23), (2, 4, 5)]),  # few, for each shape is compiled
    furthest=st.sampled_from([1, 6, 40]),
)
def test_it_is_the_distance_that_a_search_finds(seed, shape, furthest):
    rng = np.random.default_rng(seed)
    y_true = np.where(rng.random(shape) < 0.8, 0, rng.integers(0, CLASSES, shape))
    valid = rng.random(shape) < 0.9
    hot = ops.convert_to_tensor(np.eye(CLASSES, dtype="float32")[y_true])
    found = steps_to_transition(hot, ops.convert_to_tensor(valid.astype("float32")), furthest=furthest)
    np.testing.assert_array_equal(ops.convert_to_numpy(found), by_search(y_true, valid, furthest))


def test_any_class_that_begins_or_ends_is_a_transition_where_labels_overlap():
    y_true = np.array([[[1, 0], [1, 0], [1, 1], [1, 1], [1, 1]]], "float32")
    found = steps_to_transition(ops.convert_to_tensor(y_true), ops.ones((1, 5)), furthest=9)
    assert ops.convert_to_numpy(found).tolist() == [[1, 0, 0, 1, 2]]


@pytest.mark.parametrize("shape", [(3,), (3, 1)])
def test_where_there_is_one_step_there_is_no_transition(shape):
    found = steps_to_transition(ops.ones((*shape, 2)), ops.ones(shape), furthest=4)
    assert (ops.convert_to_numpy(found) == 4).all()


def test_by_class_each_class_has_the_distance_that_it_has_alone():
    rng = np.random.default_rng(0)
    hot, valid = np.eye(CLASSES, dtype="float32")[rng.integers(0, CLASSES, (2, 5, 6))], rng.random((2, 5, 6)) < 0.9
    valid = ops.convert_to_tensor(valid.astype("float32"))
    found = steps_to_transition(ops.convert_to_tensor(hot), valid, furthest=6, by_class=True)
    for k in range(CLASSES):
        alone = steps_to_transition(ops.convert_to_tensor(hot[..., k : k + 1]), valid, furthest=6)
        np.testing.assert_array_equal(ops.convert_to_numpy(found)[..., k], ops.convert_to_numpy(alone))


@pytest.mark.parametrize("steps", [0, 1, 3])
def test_widened_is_the_largest_value_that_a_walk_reaches(steps):
    rng = np.random.default_rng(0)
    share, valid = rng.random((4, 5)).astype("float32"), rng.random((4, 5)) < 0.7
    expected = np.where(valid, share, 0)
    for start in zip(*np.nonzero(valid), strict=True):
        reached, edge = {start}, {start}
        for _ in range(steps):
            beside = {(row + a, column + b) for row, column in edge for a, b in ((0, 1), (1, 0), (0, -1), (-1, 0))}
            edge = {place for place in beside - reached if place in set(zip(*np.nonzero(valid), strict=True))}
            reached |= edge
        expected[start] = max(share[place] for place in reached)
    mask = ops.convert_to_tensor(valid.astype("float32")[np.newaxis])
    found = widened(ops.convert_to_tensor(share[np.newaxis, ..., np.newaxis]), mask, steps=steps)
    np.testing.assert_allclose(ops.convert_to_numpy(found)[0, ..., 0], expected)
