"""The receptive field of many architectures against NaN injected into every input step of the whole model."""

from __future__ import annotations

import math

import keras
import numpy as np
import pytest

from segmend.anatomy.fields import sight_outputs
from segmend.core.receptive_field import NOTHING
from tests.anatomy.architectures import ARCHITECTURES, CHANNELS, IMAGES, STEPS

pytestmark = [
    pytest.mark.backend,
    # Keras' PyTorch backend asks NumPy for a copy in a way that NumPy 2 has deprecated.
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
]


ZEROED = ("causal_attention",)
"""Those that multiply what they do not see by zero, which NaN survives."""


def reach(model, shape, axis, values=(np.nan, 1e4, -1e4)):
    """(output steps, input steps) along one spatial axis: which output steps notice a change of one input step.

    NaN where it gets through; max pooling swallows it on some backends, but not a large step up or down.
    """
    steps = shape[axis]
    clean = np.random.default_rng(0).normal(size=(1, *shape)).astype("float32")
    batch = np.repeat(clean, steps * len(values) + 1, axis=0)
    rows = np.moveaxis(batch, axis + 1, 1)
    for number, value in enumerate(values):
        rows[range(number * steps, (number + 1) * steps), range(steps)] = value
    out = keras.ops.convert_to_numpy(model(batch, training=False))
    slack = 1e-4 * np.abs(out[-1]).max()
    changed = np.isnan(out[:-1]) | (np.abs(out[:-1] - out[-1]) > slack)
    touched = changed.reshape(len(values), steps, *out.shape[1:]).any(axis=0)
    if touched.ndim == 2:
        return touched.any(axis=1)[None]
    return touched.any(axis=tuple(k for k in range(1, touched.ndim) if k != axis + 1)).T


def assert_exact(field, seen):
    """Each output step away from the ends sees exactly its interval, and no step sees more."""
    steps, checked = seen.shape[1], 0
    edge = len(seen) // 12
    for step, row in enumerate(seen):
        low, high = field._at(step)
        found = np.flatnonzero(row)
        if (low, high) == NOTHING:
            assert found.size == 0
            checked += 1
            continue
        low, high = (0 if math.isinf(low) else low), (steps - 1 if math.isinf(high) else high)
        if low >= 0 and high < steps and edge <= step < len(seen) - edge:
            assert (found[0], found[-1]) == (low, high), f"output step {step}"
            checked += 1
        elif found.size:
            assert found[0] >= low and found[-1] <= high
    assert checked >= min(len(seen), 8) or checked >= len(seen) // 2


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_field_is_what_an_injected_nan_shows(name):
    if name == "normalised_over_time" and keras.backend.backend() == "torch":
        pytest.skip("Keras 3.15 on PyTorch normalises over the last axis only")
    keras.utils.set_random_seed(0)
    inputs = keras.Input((STEPS, CHANNELS))
    model = keras.Model(inputs, ARCHITECTURES[name](inputs))
    (found,) = sight_outputs(model, None)
    assert found.unknown is None
    values = (3.0, -3.0) if name in ZEROED else (np.nan, 1e4, -1e4)
    assert_exact(found.sight[0].field, reach(model, (STEPS, CHANNELS), 0, values))
    assert found.steps_for == ({STEPS: model.output_shape[1]} if len(model.output_shape) == 3 else {})


@pytest.mark.parametrize("name", IMAGES)
def test_field_of_images_holds_on_both_axes(name):
    keras.utils.set_random_seed(0)
    inputs = keras.Input((32, 24, CHANNELS))
    model = keras.Model(inputs, IMAGES[name](inputs))
    (found,) = sight_outputs(model, None)
    assert found.unknown is None
    for axis in range(2):
        assert_exact(found.sight[axis].field, reach(model, (32, 24, CHANNELS), axis))
