"""A plan in mixed precision trains, and what is kept of it computes in float32."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from segmend import losses
from segmend.core.task import Task
from segmend.fingerprinting import fingerprint
from segmend.pipeline.runs.translate import decided, in_single_precision, loss_of, model_of, policy_of, settings_of
from segmend.planning import Values, make
from segmend.training.precision import Device, precision_for
from tests.pipeline.runs.tasks import dataset, values_of

SIGNALS = Task.named("segmentation", 3)


@pytest.mark.parametrize(
    ("device", "policy"),
    [
        (Device("cpu", None), "float32"),
        (Device("Tesla V100", (7, 0)), "float32"),
        (Device("Tesla T4", (7, 5)), "float32"),
        (Device("NVIDIA A100", (8, 0)), "mixed_bfloat16"),
        (Device("NVIDIA H100", (9, 0)), "mixed_bfloat16"),
    ],
)
def test_only_tensor_cores_for_bfloat16_mix_precision(device, policy):
    value, because = precision_for(device)
    assert value == policy
    assert because.startswith(device.name)


def test_the_plan_of_a_run_says_what_the_device_decided(monkeypatch):
    plan = make(fingerprint(dataset(SIGNALS)))
    assert plan.choices["training"]["precision"].value == "auto"
    place = "segmend.pipeline.runs.translate.device_at_hand"
    for device in (Device("cpu", None), Device("NVIDIA A100", (8, 0))):
        monkeypatch.setattr(place, lambda device=device: device)
        choice = decided(plan).choices["training"]["precision"]
        assert (choice.value, choice.because) == precision_for(device)
        assert policy_of(Values.of(plan)) == choice.value
    by_hand = make(fingerprint(dataset(SIGNALS)), overrides={"precision": "float32"})
    assert decided(by_hand) is by_hand


def test_a_mixed_training_learns_in_float32_weights_that_are_kept():
    data = dataset(SIGNALS)
    facts, values = fingerprint(data), values_of(SIGNALS, data, precision="mixed_bfloat16")
    model = model_of(values, facts)
    rng = np.random.default_rng(0)
    y = rng.integers(0, 3, (8, 16))
    x = (y[..., None] + rng.normal(0, 0.1, (8, 16, 1))).astype("float32")
    model.compile(keras.optimizers.AdamW(0.02), loss_of(values, SIGNALS))
    seen = [float(model.train_on_batch(x, y)) for _ in range(30)]
    assert seen[-1] < 0.7 * seen[0]
    assert {variable.dtype for variable in model.trainable_variables} == {"float32"}
    kept = in_single_precision(model, values, facts)
    assert {layer.compute_dtype for layer in kept.layers} == {"float32"}
    before, after = (keras.ops.convert_to_numpy(each(x)) for each in (model, kept))
    np.testing.assert_allclose(after, before, atol=0.05)
    loss = losses.CrossEntropy()(y, model(x))
    assert keras.backend.standardize_dtype(loss.dtype) == "float32"


def test_single_precision_is_kept_as_it_is():
    data = dataset(SIGNALS)
    model = keras.Sequential()
    assert in_single_precision(model, values_of(SIGNALS, data), fingerprint(data)) is model
    assert not hasattr(settings_of(values_of(SIGNALS, data), 1.0), "precision")
