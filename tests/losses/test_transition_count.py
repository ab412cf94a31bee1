"""The soft number of segments beside plain loops, by hand, and what its gradient does to a probability."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmend.errors import InputError
from segmend.losses import TransitionCount
from tests.backends import gradient, number

pytestmark = pytest.mark.backend


def huber(over):
    return np.where(np.abs(over) < 1, over**2 / 2, np.abs(over) - 0.5)


def by_loops(y, prob, sharpness):
    """Mean over recordings and classes, step after step."""
    found = []
    for labels, row in zip(y, prob, strict=True):
        sharp = row**sharpness / (row**sharpness).sum(axis=-1, keepdims=True)
        for k in range(prob.shape[-1]):
            soft, true, before, was = 0.0, 0, 0.0, False
            for t, label in enumerate(labels):
                if label < 0:
                    before, was = 0.0, False
                    continue
                soft += max(0.0, sharp[t, k] - before)
                true += (label == k) and not was
                before, was = sharp[t, k], label == k
            found.append(huber(soft - true) / (1 + true))
    return np.mean(found)


@pytest.mark.parametrize("sharpness", [1.0, 2.0, 5.0])
def test_plain_loops_agree(sharpness):
    rng = np.random.default_rng(0)
    prob = rng.dirichlet(np.ones(4), (3, 40)).astype("float32")
    y = np.repeat(rng.integers(-1, 4, (3, 10)), 4, axis=1)
    assert number(TransitionCount(sharpness)(y, prob)) == pytest.approx(by_loops(y, prob, sharpness), rel=1e-4)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.integers(-1, 2), min_size=9, max_size=9).filter(lambda row: max(row) >= 0), st.integers(0, 5))
def test_of_sure_predictions_it_counts_segments(labels, seed):
    y = np.array([labels])
    said = np.random.default_rng(seed).integers(0, 3, y.shape)
    padded = np.where(y < 0, -1, said)[0].tolist()

    def segments(row, k):
        return sum(label == k and (t == 0 or row[t - 1] != k) for t, label in enumerate(row))

    over = np.array([segments(padded, k) - segments(labels, k) for k in range(3)])
    true = np.array([segments(labels, k) for k in range(3)])
    found = TransitionCount(reduction="none")(y, np.eye(3, dtype="float32")[said])
    np.testing.assert_allclose(np.asarray(found)[0], huber(over) / (1 + true), atol=1e-5)


def binary(present):
    present = np.asarray([present], "float32")
    return np.stack([1 - present, present], axis=-1)


def pull(y, present, **options):
    """Where the loss wants the probability of class 1 to go, step by step."""
    loss = TransitionCount(background=0, **options)
    return -gradient(lambda p: loss(np.array([y]), p), binary(present))[0, :, 1]


def test_a_surplus_flicker_is_lowered_and_the_valley_before_it_filled():
    toward = pull([0, 1, 1, 1, 1, 0, 0], [0.1, 0.9, 0.9, 0.4, 0.8, 0.1, 0.1])
    assert toward[3] > 0 > toward[4]


def test_a_missing_border_is_dug_and_its_sides_raised():
    toward = pull([0, 1, 1, 0, 1, 1, 0], [0.1, 0.8, 0.85, 0.7, 0.8, 0.85, 0.1])
    assert toward[3] < 0 < toward[5]


def test_where_the_number_is_right_nothing_moves():
    exact = [0, 1.0, 1.0, 0, 0, 1.0, 0]
    assert np.abs(pull([0, 0, 1, 1, 0, 1, 1], exact)).max() < 1e-5  # the same number elsewhere


def test_far_from_a_decision_ripple_hardly_counts():
    rng = np.random.default_rng(0)
    rippled = binary(0.05 + 0.04 * rng.random(1000))
    y = np.zeros((1, 1000), int)
    plain, sharp = (number(TransitionCount(k, background=0)(y, rippled)) for k in (1.0, 2.0))
    assert plain > 5
    assert sharp < plain / 4


def test_step_weights_count_as_their_mean():
    rng = np.random.default_rng(0)
    prob = rng.dirichlet(np.ones(2), (1, 6)).astype("float32")
    y = np.array([[0, 1, 1, 0, 0, -1]])
    plain = number(TransitionCount()(y, prob))
    weighted = number(TransitionCount()(y, prob, sample_weight=np.array([[1, 1, 3, 3, 2, 9.0]])))
    assert weighted == pytest.approx(2 * plain, rel=1e-5)


def test_what_it_is_not_made_for_is_refused():
    with pytest.raises(InputError, match=r"sharpness: expected a power above 0\. Received 0"):
        TransitionCount(0)
    with pytest.raises(InputError, match=r"1 spatial axes\. Received shape \(1, 4, 4\)"):
        TransitionCount()(np.zeros((1, 4, 4), int), np.full((1, 4, 4, 2), 0.5))
