"""What holds for every model of the catalogue, on every backend."""

from __future__ import annotations

import json
from functools import cache

import keras
import numpy as np
import pytest

from segmend import catalogue, losses, models
from segmend.anatomy import of_keras
from segmend.ops import keras_mask
from segmend.training.precision import made_in

pytestmark = [
    pytest.mark.backend,
    # Keras' PyTorch backend asks NumPy for a copy in a way that NumPy 2 has deprecated.
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
]

CHANNELS, CLASSES = 2, 3
STAGES = [{"kernel": 5, "stride": 2}, {"kernel": 3, "dilation": 2}, {"kernel": 3, "up": 2}]
UNET = models.unet_stages(2, convolutions=1)
SMALL = {"filters": 4, "kernels": [3, 4], "depth": 3, "drop_path": 0.5}
CASES = {
    "tcn": {
        "stages": STAGES,
        "filters": 4,
        "drop_path": 0.5,
        "refinements": [[{"kernel": 3}, {"kernel": 3, "dilation": 2}]],
    },
    "tcn, images": {"stages": STAGES, "filters": 4, "drop_path": 0.5, "rank": 2},
    "unet": {"stages": UNET, "filters": 4},
    "unet, images": {"stages": UNET, "filters": 4, "rank": 2},
    "recurrent": {"stages": STAGES, "filters": 4, "units": 3, "drop_path": 0.5},
    "lstm": {"units": 3, "bidirectional": True},
    "attention": {"stages": STAGES, "filters": 4, "heads": 2, "depth": 2, "drop_path": 0.5},
    "inception": SMALL,
    "inception, images": {**SMALL, "rank": 2},
    "rocket": {"depth": 2, "heights": 2},
    "residual": {"filters": 4, "levels": 2, "blocks": 1, "drop_path": 0.5},
    "residual, signals": {"filters": 4, "levels": 2, "blocks": 1, "drop_path": 0.5, "rank": 1},
}
FRONT = {"frame": 8, "hop": 4, "bands": 3, "sampling_rate_hz": 100.0}
CASES["spectral"] = {"inner": {"architecture": "lstm", **CASES["lstm"]}, **FRONT}
CASES["spectral, classifier"] = {"inner": {"architecture": "residual", **CASES["residual, signals"]}, **FRONT}
CLASSIFIERS = ("inception", "residual", "rocket")
every_case = pytest.mark.parametrize("case", CASES)


def rank_of(case):
    return CASES[case].get("rank", 2 if case == "residual" else 1)


def is_classifier(case):
    return case.split(",")[0] in CLASSIFIERS or case == "spectral, classifier"


def with_options(case, **options):
    """The section of a case; what says how it ends goes to the inner model of a spectral one."""
    section = {"architecture": case.split(",")[0], **CASES[case]}
    return {**section, "inner": {**section["inner"], **options}} if "inner" in section else {**section, **options}


@cache
def model_of(case, **options):
    """The model with random heads, so that no output is nearly constant."""
    keras.utils.set_random_seed(0)
    model = models.build(
        with_options(case, **options), channels=CHANNELS, classes=CLASSES, mean=[0.5, 0.0], std=[2.0, 1.0]
    )
    rng = np.random.default_rng(0)
    for variable in model.weights:
        if variable.path.endswith(("logits/kernel", "boundaries/kernel")):
            variable.assign(rng.normal(size=variable.shape))
    return model


def signal(case, steps, batch=2, seed=0):
    shape = (batch, *(steps + k for k in range(rank_of(case))), CHANNELS)
    return np.random.default_rng(seed).normal(size=shape).astype("float32")


def numbers(tensor):
    return keras.ops.convert_to_numpy(tensor)


def test_every_model_of_the_catalogue_is_tried():
    assert {case.split(",")[0] for case in CASES} == set(catalogue.MODELS)


@every_case
@pytest.mark.parametrize("steps", [1, 7])
def test_the_output_has_the_grid_of_the_input_or_none(case, steps):
    x = signal(case, steps)
    y_prob = numbers(model_of(case)(x))
    assert y_prob.shape == ((2, CLASSES) if is_classifier(case) else (*x.shape[:-1], CLASSES))
    np.testing.assert_allclose(y_prob.sum(axis=-1), 1, rtol=1e-5)


@every_case
def test_a_padded_input_with_a_mask_is_the_cropped_one(case):
    """The padding is NaN: whatever of it were read would show."""
    model, x = model_of(case), signal(case, 7)
    ends = [(0, 0), *[(0, 6)] * rank_of(case)]
    padded = np.pad(x, [*ends, (0, 0)], constant_values=np.nan)
    mask = np.pad(np.ones(x.shape[:-1], bool), ends)
    out = model(padded, mask=keras.ops.convert_to_tensor(mask))
    judged = numbers(out) if is_classifier(case) else numbers(out)[mask].reshape(*x.shape[:-1], CLASSES)
    np.testing.assert_allclose(judged, numbers(model(x)), atol=1e-5)
    if is_classifier(case):
        assert keras_mask(out) is None
    else:
        np.testing.assert_array_equal(numbers(keras_mask(out)), mask)


@every_case
def test_a_training_step_is_finite_and_moves_the_weights(case):
    model, x = model_of(case), signal(case, 8, seed=1)
    y = np.random.default_rng(1).integers(0, CLASSES, (2,) if is_classifier(case) else x.shape[:-1])
    before = [numbers(variable) for variable in model.trainable_variables]
    model.compile(keras.optimizers.SGD(0.1), losses.CrossEntropy(), run_eagerly=keras.backend.backend() == "tensorflow")
    assert np.isfinite(model.train_on_batch(x, y))
    after = [numbers(variable) for variable in model.trainable_variables]
    assert all(np.isfinite(values).all() for values in after)
    assert any(np.abs(new - old).max() > 0 for new, old in zip(after, before, strict=True))


@every_case
def test_in_mixed_precision_it_says_nearly_the_same_in_float32(case):
    model, x = model_of(case), signal(case, 7)
    with made_in("mixed_bfloat16"):
        mixed = models.build(with_options(case), channels=CHANNELS, classes=CLASSES, mean=[0.5, 0.0], std=[2.0, 1.0])
    assert any(layer.compute_dtype == "bfloat16" for layer in mixed.layers)
    mixed.set_weights(model.get_weights())
    y_prob = mixed(x)
    assert keras.backend.standardize_dtype(y_prob.dtype) == "float32"
    np.testing.assert_allclose(numbers(y_prob), numbers(model(x)), atol=0.05)


@every_case
def test_a_saved_model_loads_in_safe_mode_and_predicts_the_same(case, tmp_path):
    model, x = model_of(case), signal(case, 5)
    model.save(tmp_path / "model.keras")
    twin = keras.saving.load_model(tmp_path / "model.keras", compile=False, safe_mode=True)
    assert type(twin) is type(model)
    np.testing.assert_allclose(numbers(twin(x)), numbers(model(x)), atol=1e-6)


@every_case
def test_the_arguments_are_plain_and_what_keras_keeps_is_json(case):
    assert json.loads(json.dumps(CASES[case])) == CASES[case]
    assert json.loads(model_of(case).to_json())["class_name"] == "MaskedModel"


@every_case
@pytest.mark.parametrize("multilabel", [False, True])
def test_the_untrained_model_predicts_the_shares(case, multilabel):
    shares = [0.5, 0.25, 0.125] if multilabel else [0.5, 0.3, 0.2]
    model = models.build(with_options(case, multilabel=multilabel), channels=CHANNELS, classes=CLASSES, bias=shares)
    y_prob = numbers(model(signal(case, 7))).reshape(-1, CLASSES)
    np.testing.assert_allclose(y_prob.mean(axis=0), shares, rtol=0.1)
    assert of_keras(model).outputs[0].activation == ("sigmoid" if multilabel else "softmax")


@pytest.mark.parametrize("case", ["tcn", "lstm", "residual", "spectral"])
def test_logits_are_what_the_probabilities_come_from(case):
    linear, x = model_of(case, logits=True), signal(case, 4)
    linear.set_weights(model_of(case).get_weights())
    assert of_keras(linear).outputs[0].activation == "linear"
    np.testing.assert_allclose(numbers(keras.ops.softmax(linear(x))), numbers(model_of(case)(x)), atol=1e-5)


@pytest.mark.parametrize("case", ["tcn", "unet, images", "recurrent", "lstm", "attention"])
def test_a_boundary_head_gives_one_probability_per_step(case):
    model, x = model_of(case, boundary=True), signal(case, 5)
    out = model(x)
    assert set(out) == {"probabilities", "boundaries"}
    starts = numbers(out["boundaries"])
    assert starts.shape == (*x.shape[:-1], 1)
    assert 0 <= starts.min() < starts.max() <= 1
