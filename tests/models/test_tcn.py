from __future__ import annotations

from functools import cache

import keras
import numpy as np
import pytest

from segmend import losses, models
from segmend.anatomy import of_keras
from segmend.core.stages import field_of_stages
from segmend.errors import InputError
from segmend.models.stages import read_stages

PLAIN = [{"kernel": 3}, {"kernel": 3, "dilation": 2}, {"kernel": 3, "dilation": 4}]
STRIDED = [{"kernel": 9, "stride": 4}, *PLAIN, {"kernel": 5, "up": 4}]
STEPPED = [
    {"kernel": 5, "stride": 2},
    {"kernel": 3, "stride": 3},
    *PLAIN,
    {"kernel": 3, "up": 3},
    {"kernel": 3, "up": 2},
]
LEFT_OPEN = [{"kernel": 5, "stride": 2}, {"kernel": 4, "stride": 2}, *PLAIN]
CAUSAL = [{**stage, "padding": "causal"} for stage in STRIDED]
DESIGNS = {"plain": PLAIN, "strided": STRIDED, "stepped": STEPPED, "left open": LEFT_OPEN, "causal": CAUSAL}
every_design = pytest.mark.parametrize("design", list(DESIGNS))
SAVING = pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy:DeprecationWarning")


@cache
def network(design, **options):
    """A network whose head and statistics are not those of an untrained one."""
    keras.utils.set_random_seed(0)
    model = models.tcn(DESIGNS[design], channels=2, classes=3, filters=8, **options)
    rng = np.random.default_rng(0)
    for variable in model.weights:
        if variable.path.endswith("moving_mean"):
            variable.assign(rng.normal(size=variable.shape))
        if variable.path.endswith("logits/kernel"):
            variable.assign(rng.normal(size=variable.shape))
    return model


def predict(model, signal):
    return np.asarray(model.predict_on_batch(signal[None]))[0]


def noise(steps, channels=2, seed=0):
    return np.random.default_rng(seed).normal(size=(steps, channels)).astype("float32")


@every_design
def test_every_length_gives_one_distribution_per_step(design):
    for steps in (1, 25):
        y_prob = predict(network(design), noise(steps))
        assert y_prob.shape == (steps, 3)
        np.testing.assert_allclose(y_prob.sum(axis=1), 1, rtol=1e-5)


@every_design
def test_the_network_sees_what_the_stages_promise(design):
    """A NaN at one input step shows in the output steps that see it, and in no other."""
    model = network(design)
    steps, place = 240, 120
    signal = noise(steps)
    clean = predict(model, signal)
    assert np.isfinite(clean).all()
    first, last = 0, 0
    for step in range(place, place + 6):  # every phase of the longest grid
        spoilt = signal.copy()
        spoilt[step] = np.nan
        blind = np.flatnonzero(np.isnan(predict(model, spoilt)).any(axis=1))
        first, last = min(first, blind[0] - step), max(last, blind[-1] - step)
    stages = DESIGNS[design]
    field = field_of_stages(stages if stages is not LEFT_OPEN else [*stages, {"kernel": 1, "up": 4}])
    assert (-last, -first) == (field.left, field.right)


@pytest.mark.parametrize("norm", ["batch", "layer", "none"])
def test_a_tile_gives_what_one_pass_gives_away_from_its_ends(norm):
    model = network("strided", norm=norm, dropout=0.3)
    signal = noise(401)
    field = field_of_stages(STRIDED)
    margin = -field.left
    whole = predict(model, signal)
    for start in (100, 204):
        tile = predict(model, signal[start : start + 120])
        np.testing.assert_allclose(tile[margin : 120 - margin], whole[start + margin : start + 120 - margin], atol=1e-5)


def test_a_causal_network_sees_nothing_of_the_future():
    model = network("causal")
    signal = noise(100)
    before = predict(model, signal)
    changed = signal.copy()
    changed[60:] += 10
    np.testing.assert_allclose(predict(model, changed)[:60], before[:60], atol=1e-6)
    assert np.abs(predict(model, changed)[60:] - before[60:]).max() > 0.01


def test_the_untrained_network_predicts_the_shares():
    keras.utils.set_random_seed(0)
    model = models.tcn(STRIDED, channels=2, classes=3, filters=8, bias=[0.9, 0.08, 0.02])
    y_prob = predict(model, noise(300))
    np.testing.assert_allclose(y_prob.mean(axis=0), [0.9, 0.08, 0.02], rtol=0.1)


def test_a_class_that_never_occurs_starts_improbable_but_possible():
    model = models.tcn(PLAIN, channels=2, classes=3, filters=8, bias=[3, 1, 0])
    assert 1e-4 < predict(model, noise(50))[:, 2].mean() < 1e-2


def test_the_signal_is_standardised_inside():
    mean, std = (100.0, -3.0), (20.0, 0.0)
    raw, inside = network("plain"), network("plain", mean=mean, std=std)
    signal = noise(50)
    scaled = signal * np.array([20.0, 1.0]) + mean  # a constant channel is only centred
    np.testing.assert_allclose(predict(inside, scaled.astype("float32")), predict(raw, signal), atol=1e-4)


def test_without_softmax_the_last_layer_is_linear():
    model = network("plain", logits=True)
    assert model.layers[-1].name == "logits"
    assert model.layers[-1].activation is keras.activations.linear
    assert network("plain").layers[-1].name == "probabilities"


@pytest.mark.backend
def test_images_go_through_the_same_builder():
    stages = [{"kernel": 3, "stride": 2}, {"kernel": 3, "dilation": 2}, {"kernel": 3, "up": 2}]
    model = models.tcn(stages, channels=3, classes=4, filters=4, rank=2, norm="none")
    assert model.predict_on_batch(np.zeros((2, 9, 6, 3), "float32")).shape == (2, 9, 6, 4)
    assert model.output_shape == (None, None, None, 4)


@pytest.mark.backend
@SAVING
def test_a_trained_network_is_saved_and_loaded(tmp_path):
    keras.utils.set_random_seed(0)
    stages = [{"kernel": 3, "stride": 2}, {"kernel": 3, "up": 2}]
    model = models.tcn(stages, channels=2, classes=2, filters=8, mean=[0.1, 0.2], std=[1.0, 2.0], bias=[0.7, 0.3])
    model.compile(keras.optimizers.Adam(0.03), losses.CrossEntropy() + losses.Dice())
    x = np.random.default_rng(0).normal(size=(8, 50, 2)).astype("float32")
    y = (x[..., 0] > 0.5).astype("int32")
    history = model.fit(x, y, epochs=25, verbose=0).history["loss"]
    assert history[-1] < 0.8 * history[0]
    model.save(tmp_path / "model.keras")
    twin = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_allclose(predict(twin, x[0, :33]), predict(model, x[0, :33]), atol=1e-6)


def test_a_fixed_window_is_the_input_shape():
    assert network("strided", window=30).input_shape == (None, 30, 2)
    assert network("strided", window=30).output_shape == (None, 30, 3)


@pytest.mark.parametrize(
    ("stages", "message"),
    [
        ([], "at least one stage"),
        ([{"dilation": 2}], r"stages\[0\]: expected kernel"),
        ([{"kernel": 3, "size": 2}], r"stages\[0\].*size"),
        ([{"kernel": 0}], "kernel as an integer of at least 1. Received 0"),
        ([{"kernel": 3, "padding": "valid"}], "padding among .* Received 'valid'"),
        ([{"kernel": 3, "stride": 2, "up": 2}], "up or down"),
        ([{"kernel": 3, "up": 2}], r"stages\[0\].*stride 1"),
        ([{"kernel": 3, "stride": 4}, {"kernel": 3, "up": 2}], r"stages\[1\].*stride 4 to one of \[1, 4\]"),
    ],
)
def test_stages_that_make_no_network_are_refused(stages, message):
    with pytest.raises(InputError, match=message):
        read_stages(stages)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"norm": "instance"}, "norm: .*instance"),
        ({"mean": [1.0]}, "mean: expected 2 finite numbers"),
        ({"std": [np.nan, 1.0]}, "std: expected 2 finite numbers"),
        ({"bias": [0, 0, 0]}, "bias: expected shares"),
        ({"bias": [-1, 1, 1]}, "bias: expected shares"),
    ],
)
def test_arguments_that_make_no_network_are_refused(options, message):
    with pytest.raises(InputError, match=message):
        models.tcn(PLAIN, channels=2, classes=3, **options)


def test_causal_images_are_refused():
    with pytest.raises(InputError, match=r'rank 2\. Received "causal"'):
        models.tcn(CAUSAL, channels=2, classes=3, rank=2)


def test_without_detail_borders_keep_to_the_grid():
    stages = [{"kernel": 5, "stride": 4}, {"kernel": 3}, {"kernel": 1, "up": 4}]
    model = models.tcn(stages, channels=1, classes=2, filters=8, detail=False)
    signal = np.random.default_rng(0).normal(size=(1, 42, 1))
    y_prob = np.asarray(model(signal))[0]
    assert y_prob.shape == (42, 2)
    cells = y_prob[:40].reshape(10, 4, 2)
    np.testing.assert_array_equal(cells, np.repeat(cells[:, :1], 4, axis=1))
    assert np.ptp(cells[:, 0, 0]) > 0


def test_refinements_correct_what_came_before_and_see_all_stages_in_a_row():
    refinement = [{"kernel": 3}, {"kernel": 3, "dilation": 2}]
    model = models.tcn(PLAIN, channels=2, classes=3, filters=4, refinements=[refinement] * 2, every_stage=True)
    out = model(noise(9)[None])
    assert set(out) == {"before1_probabilities", "before2_probabilities", "probabilities"}
    assert {rows.shape for rows in out.values()} == {(1, 9, 3)}
    fields = [output.fields[0].size for output in of_keras(model).outputs]
    stages = [PLAIN, [*PLAIN, *refinement], [*PLAIN, *refinement * 2]]
    assert sorted(fields) == [field_of_stages(rows).size for rows in stages]
