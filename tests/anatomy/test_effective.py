"""The effective receptive field against models whose gradient is known."""

from __future__ import annotations

import keras
import numpy as np
import pytest
from keras import layers

from segmend.anatomy import of_keras, receptive_field
from segmend.anatomy.profile import width

pytestmark = [
    pytest.mark.backend,
    # Keras' PyTorch backend asks NumPy for a copy in a way that NumPy 2 has deprecated.
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
]


def test_equal_weights_give_their_own_width():
    conv = layers.Conv1D(1, 101, padding="same", kernel_initializer="ones", name="box")
    (field,) = receptive_field(keras.Sequential([keras.Input((None, 1)), conv]))["box"]
    assert (field.size, field.effective) == (101, {50: 51, 90: 91, 95: 96, 99: 100})


def test_stacked_small_kernels_see_less_than_they_reach():
    convs = [layers.Conv1D(1, 3, padding="same", kernel_initializer="ones", name=f"c{k}") for k in range(40)]
    (field,) = receptive_field(keras.Sequential([keras.Input((None, 1)), *convs]))["c39"]
    # The sum of 40 uniform steps on {-1, 0, 1} has a standard deviation of sqrt(40 * 2 / 3), and is close to normal.
    assert field.size == 81
    for share, deviations in {50: 0.6745, 90: 1.645, 95: 1.96, 99: 2.576}.items():
        assert field.effective[share] == pytest.approx(2 * deviations * np.sqrt(40 * 2 / 3), abs=2)


def test_softmax_outputs_and_both_axes_are_measured():
    convs = [layers.Conv2D(3, (5, 1), padding="same", activation="relu"), layers.Softmax(name="out")]
    fields = receptive_field(keras.Sequential([keras.Input((32, 16, 2)), *convs]))["out"]
    assert 1 <= fields[0].effective[50] <= fields[0].effective[99] <= fields[0].size == 5
    assert set(fields[1].effective.values()) == {fields[1].size} == {1}


def test_a_gradient_that_never_comes_through_is_no_width():
    stop = layers.Lambda(keras.ops.zeros_like, name="stop")
    model = keras.Sequential([keras.Input((64, 1)), layers.Conv1D(1, 3, padding="same"), stop])
    assert all(field.effective == {} for field in of_keras(model, effective=True).outputs[0].fields)


def test_width_is_the_shortest_stretch():
    rng = np.random.default_rng(0)
    for _ in range(20):
        profile = rng.random(30)
        total = profile.sum()
        brute = min(
            stop - start
            for start in range(30)
            for stop in range(start + 1, 31)
            if profile[start:stop].sum() >= 0.8 * total
        )
        assert width(profile, 0.8) == brute


def test_a_model_that_cannot_be_differentiated_keeps_its_field():
    class Counted(layers.Layer):
        def call(self, inputs):
            return keras.ops.convert_to_tensor(np.asarray(inputs))

        def compute_output_spec(self, inputs):
            return keras.KerasTensor(inputs.shape, inputs.dtype)

    layer = layers.Conv1D(1, 3, padding="same", name="out")
    (field,) = receptive_field(keras.Sequential([keras.Input((64, 1)), Counted(), layer]))["out"]
    assert (field.size, field.effective) == (3, {})


def test_fields_print_as_a_table_with_a_row_for_each_output_and_axis():
    signal = keras.Input((64, 1))
    causal = layers.Conv1D(1, 5, padding="causal", kernel_initializer="ones", name="causal")(signal)
    future = layers.GRU(1, return_sequences=True, name="past")(layers.AveragePooling1D(2)(causal))
    table = str(receptive_field(keras.Model(signal, [causal, future]))).splitlines()
    assert [line.split() for line in table[1:3]] == [
        ["causal", "1", "-4", "0", "5", "5", "1", "3", "5", "5", "5"],
        ["past", "1", "all", "1", "all", "all", "2", *table[2].split()[-4:]],
    ]
    assert "50 %" in table[0] and table[0].split()[:4] == ["output", "axis", "left", "right"]
    assert all(share.isdigit() for share in table[2].split()[-4:])
