"""Fixed convolutions beside a loop in NumPy, and what a linear head makes of them."""

from __future__ import annotations

import itertools
from statistics import NormalDist

import keras
import numpy as np
import pytest

from segmend import losses
from segmend.core.task import Task
from segmend.errors import InputError
from segmend.models import rocket
from segmend.models.kernel_shares import KernelShares
from segmend.planning import make
from tests.planning.test_every_task import facts_of

# Keras' PyTorch backend asks NumPy for a copy in a way that NumPy 2 has deprecated.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


def by_hand(signal, dilation, height):
    """The 84 shares of one channel, tap by tap."""
    found = []
    signal = signal - signal.mean()
    for places in itertools.combinations(range(9), 3):
        z = np.zeros(len(signal))
        for t, tap in itertools.product(range(len(signal)), range(9)):
            at = t + (tap - 4) * dilation
            if 0 <= at < len(signal):
                z[t] += (2.0 if tap in places else -1.0) * signal[at]
        quantile = NormalDist().inv_cdf(height)
        found.append((z > quantile * np.sqrt((z**2).mean() + 1e-7)).mean() - (1 - height))
    return np.array(found)


@pytest.mark.backend
@pytest.mark.parametrize("steps", [3, 25])
def test_shares_by_hand(steps):
    signal = np.random.default_rng(0).normal(size=(1, steps, 1)).astype("float32")
    found = keras.ops.convert_to_numpy(KernelShares([1, 4], heights=2)(signal))[0]
    expected = [by_hand(signal[0, :, 0], dilation, height) for dilation in (1, 4) for height in (1 / 3, 2 / 3)]
    np.testing.assert_allclose(found, np.concatenate(expected), atol=1e-6)


def test_neither_level_nor_scale_shows_however_far_the_taps_reach():
    signal = np.random.default_rng(0).normal(size=(1, 257, 2)).astype("float32")
    layer = KernelShares([1, 2, 4, 8, 16, 32])
    here, there = (keras.ops.convert_to_numpy(layer(each)) for each in (signal, 5 * signal + 1))
    np.testing.assert_allclose(here, there, atol=0.02)


def test_recordings_that_differ_in_pace_are_told_apart_in_seconds():
    rng = np.random.default_rng(0)
    y = rng.integers(0, 2, 120)
    phase = rng.uniform(0, 6, (120, 1))
    x = np.sin(np.arange(64) * np.where(y, 0.5, 0.7)[:, None] + phase)[..., None] + rng.normal(0, 0.7, (120, 64, 1))
    keras.utils.set_random_seed(0)
    model = rocket(channels=1, classes=2, depth=3)
    model.compile(keras.optimizers.Adam(0.01), losses.CrossEntropy())
    model.fit(x[:80], y[:80], epochs=20, batch_size=16, verbose=0)
    assert (model.predict(x[80:], verbose=0).argmax(axis=1) == y[80:]).mean() >= 0.9


def test_a_plan_has_as_many_dilations_as_its_window_holds():
    facts = facts_of(Task.named("classification", 3))
    plan = make(facts, overrides={"architecture": "rocket", "window.length": 129})
    assert plan.choices["model"]["depth"].value == 5  # 8 x 16 + 1 steps
    assert "dilations of nine taps" in plan.choices["model"]["depth"].because


@pytest.mark.parametrize(("dilations", "heights"), [((), 2), ((0,), 2), ((1,), 0)])
def test_what_makes_no_features_is_refused(dilations, heights):
    with pytest.raises(InputError, match="KernelShares: expected"):
        KernelShares(dilations, heights)
