"""The truncated smoothness of MS-TCN by hand, and its gradient, which holds the step before fixed."""

import keras
import numpy as np
import pytest

from segmend.errors import InputError
from segmend.losses import Smoothness
from tests.backends import gradient


def softmax(logits):
    return np.asarray(keras.ops.softmax(logits))


def by_hand(y, prob, tau):
    """Sum over judged pairs, divided by judged steps times classes."""
    total = 0.0
    for row, steps in zip(prob, y, strict=True):
        for t in range(1, len(steps)):
            if steps[t] >= 0 and steps[t - 1] >= 0:
                jump = np.abs(np.log(row[t]) - np.log(row[t - 1]))
                total += (np.minimum(jump, tau) ** 2).sum()
    return total / ((y >= 0).sum() * prob.shape[-1])


@pytest.mark.parametrize("tau", [0.5, 4.0])
def test_plain_loops_agree(tau):
    rng = np.random.default_rng(0)
    prob = softmax(3 * rng.normal(size=(3, 11, 4)).astype("float32"))
    y = rng.integers(-1, 4, (3, 11))
    assert float(Smoothness(tau=tau)(y, prob)) == pytest.approx(by_hand(y, prob, tau), rel=1e-4)


def test_a_sure_change_costs_tau_squared():
    prob = np.array([[[1.0, 0.0], [0.0, 1.0]]], "float32")
    assert float(Smoothness(tau=4.0)(np.array([[0, 1]]), prob)) == pytest.approx(16.0 * 2 / (2 * 2))


def test_in_images_it_is_the_mean_over_the_axes():
    prob = softmax(np.random.default_rng(0).normal(size=(1, 5, 6, 3)).astype("float32"))
    y = np.zeros((1, 5, 6), int)
    rows = float(Smoothness()(np.zeros((5, 6), int), prob[0])) * 30
    columns = float(Smoothness()(np.zeros((6, 5), int), prob[0].swapaxes(0, 1))) * 30
    assert float(Smoothness()(y, prob)) == pytest.approx((rows + columns) / 2 / 30, rel=1e-5)


def test_no_gradient_flows_back_in_time():
    """Finite differences of the same jumps, each pair a recording of its own whose first step stays as it was."""
    rng = np.random.default_rng(0)
    logits = rng.normal(size=(1, 8, 3)).astype("float32")
    loss = Smoothness(tau=0.8, from_logits=True, reduction="sum")
    y = np.zeros((1, 8), int)

    def held(moved):
        pairs = np.stack([logits[0, :-1], moved[0, 1:]], axis=1)
        return float(loss(np.zeros((7, 2), int), pairs))

    slope = gradient(lambda z: loss(y, z), logits)
    for _ in range(3):
        direction = rng.normal(size=logits.shape).astype("float32")
        difference = (held(logits + 1e-2 * direction) - held(logits - 1e-2 * direction)) / 2e-2
        assert (slope * direction).sum() == pytest.approx(difference, rel=2e-2, abs=1e-3)
    assert np.abs(slope[0, 0]).max() == 0


def test_what_cannot_be_a_bound_is_refused():
    with pytest.raises(InputError, match="tau: expected a number above 0"):
        Smoothness(tau=0)
