"""The receptive field of many architectures against NaN injected into every input step of the whole model."""

from __future__ import annotations

import math

import keras
import numpy as np
import pytest

from segmend.anatomy.fields import sight_outputs
from segmend.core.receptive_field import NOTHING
from tests.anatomy.architectures import ARCHITECTURES, CHANNELS, IMAGES, STEPS
from tests.anatomy.networks import NETWORKS
from tests.anatomy.operations import OPERATIONS

pytestmark = [
    pytest.mark.backend,
    # Keras' PyTorch backend asks NumPy for a copy in a way that NumPy 2 has deprecated.
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
]

EVERY = {**ARCHITECTURES, **NETWORKS, **OPERATIONS}
DISTURBANCES = (np.nan, 1e4, -1e4)
"""Max pooling swallows NaN on some backends, but not a large step up or down."""

ZEROED = ("causal_attention", "image_bilinear", "image_bicubic")
"""Those that multiply what they do not see by zero, which NaN survives: they are disturbed by finite steps."""


def reach(model, shape, axis, values=DISTURBANCES):
    """(output steps, input steps) along one spatial axis: which output steps notice a change of one input step."""
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
        found, expected = np.flatnonzero(row), field._at(step)
        if expected == NOTHING:
            assert found.size == 0
            checked += 1
            continue
        low, high = (min(max(end, 0), steps - 1) if math.isinf(end) else end for end in expected)
        if low == high and math.isinf(expected[0]):
            assert found[-1] == high if high else found[0] == 0
            checked += 1
        elif low >= 0 and high < steps and edge <= step < len(seen) - edge:
            assert (found[0], found[-1]) == (low, high), f"output step {step}"
            checked += 1
        elif found.size:
            assert found[0] >= low and found[-1] <= high
    assert checked >= min(len(seen), 8) or checked >= len(seen) // 2


def measured(seen):
    """(left, right, smallest, stride) as the middle third of the output steps shows them, None where unbounded."""
    steps, third = seen.shape[1], len(seen) // 3
    rows = {step: np.flatnonzero(seen[step]) for step in range(third, len(seen) - third)}
    ends = {step: (row[0], row[-1]) for step, row in rows.items() if row.size}
    behind, ahead = all(low == 0 for low, _ in ends.values()), all(high == steps - 1 for _, high in ends.values())
    if behind and ahead:
        return None, None, None, None
    stride = advance_of(ends, int(behind))
    places = {step: math.floor(step * stride + 1e-9) for step in ends}
    left = None if behind else min(low - places[step] for step, (low, _) in ends.items())
    right = None if ahead else max(high - places[step] for step, (_, high) in ends.items())
    widths = [high - low + 1 for low, high in ends.values()] + [0] * (len(rows) - len(ends))
    return left, right, None if behind or ahead else min(widths), stride


def advance_of(ends, side):
    """Input steps per output step: the shortest period after which all intervals have moved on alike."""
    for period in range(1, len(ends)):
        later = {step: ends[step + period][side] - ends[step][side] for step in ends if step + period in ends}
        if later and len(set(later.values())) == 1 and all(s + period in ends for s in ends if s + period <= max(ends)):
            return next(iter(later.values())) / period
    raise AssertionError("no period shows")


def checked(found, axis, seen):
    """All that is told of one axis is what the brute force shows."""
    assert_exact(found.sight[axis].field, seen)
    told = found.fields[axis]
    if len(seen) == 1:  # a summary, which lies at no distance from the steps that it has seen
        assert (told.left, told.right, told.smallest, told.stride) == (None, None, None, 0)
        return
    left, right, smallest, stride = measured(seen)
    assert (told.left, told.right, told.smallest) == (left, right, smallest)
    assert stride is None or told.stride == pytest.approx(stride)


@pytest.mark.parametrize("name", EVERY)
def test_field_is_what_an_injected_nan_shows(name):
    if name == "normalised_over_time" and keras.backend.backend() == "torch":
        pytest.skip("Keras 3.15 on PyTorch normalises over the last axis only")
    if name == "transposed_dilated" and keras.backend.backend() == "tensorflow":
        pytest.skip("TensorFlow has no dilated transposed convolution on a CPU")
    keras.utils.set_random_seed(0)
    inputs = keras.Input((STEPS, CHANNELS))
    model = keras.Model(inputs, EVERY[name](inputs))
    (found,) = sight_outputs(model, None)
    assert found.unknown is None
    checked(found, 0, reach(model, (STEPS, CHANNELS), 0, (3.0, -3.0) if name in ZEROED else DISTURBANCES))
    assert found.steps_for == ({STEPS: model.output_shape[1]} if len(model.output_shape) == 3 else {})


@pytest.mark.parametrize("name", IMAGES)
def test_field_of_images_holds_on_both_axes(name):
    keras.utils.set_random_seed(0)
    inputs = keras.Input((32, 24, CHANNELS))
    model = keras.Model(inputs, IMAGES[name](inputs))
    (found,) = sight_outputs(model, None)
    assert found.unknown is None
    for axis in range(2):
        values = (3.0, -3.0) if name in ZEROED else DISTURBANCES
        checked(found, axis, reach(model, (32, 24, CHANNELS), axis, values))
