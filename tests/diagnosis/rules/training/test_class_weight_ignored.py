import numpy as np
import pytest

from segmend.artifacts.finding import Severity
from segmend.diagnosis.rules.training.class_weight_ignored import ClassWeightIgnored
from tests.diagnosis.rules.training import simulated

RULE = ClassWeightIgnored()


def _tried(applied, by_keras=0.7, task=simulated.SIGNALS):
    message = "Keras ignores the weights: 0.7 by Keras, 1.2 by hand, 0.7 without weights"
    seen = {"applied": applied, "by_keras": by_keras, "by_hand": 1.2, "unweighted": 0.7, "recordings": 4}
    told = {
        "probe": {"class_weight": {**seen, "message": message}},
        "fit_arguments": {"class_weight": {0: 1.0, 1: 9.0}},
    }
    return simulated.chart({"loss": [1.0]}, task=task, **told)


def sick():
    return _tried(False)


def healthy():
    return _tried(True)


def test_the_losses_are_told():
    (finding,) = RULE.examine(sick())
    assert finding.severity is Severity.WARNING
    assert "1.2 by hand" in finding.message and finding.evidence["loss_by_hand"] == 1.2
    assert finding.evidence["class_weight"] == {"0": 1.0, "1": 9.0}


def test_a_fit_that_fails_is_an_error():
    (finding,) = RULE.examine(_tried(False, by_keras=None))
    assert finding.severity is Severity.ERROR


def test_weights_of_samples_alone_are_another_matter():
    chart = simulated.chart({"loss": [1.0]}, probe={"weight_by_class": {0: 1.0, 1: 2.0}})
    assert list(RULE.examine(chart)) == []


def _batch(seed):
    """Labels of each task, a model that ends in a loss for them, and whether Keras applies class weights there."""
    import keras

    rng = np.random.default_rng(seed)
    kind = ("steps", "one-hot", "whole", "whole one-hot", "several", "dice")[seed % 6]
    n, length, classes = int(rng.integers(4, 9)), int(rng.integers(6, 20)), int(rng.integers(2, 5))
    x = rng.normal(size=(n, length, 3)).astype("float32")
    whole = kind.startswith("whole") or kind == "several"
    y = rng.integers(0, classes, (n,) if whole else (n, length))
    y.flat[:classes] = np.arange(classes)
    activation = "sigmoid" if kind == "several" else "softmax"
    layers = [keras.layers.GlobalAveragePooling1D()] if whole else []
    model = keras.Sequential([keras.Input((None, 3)), *layers, keras.layers.Dense(classes, activation=activation)])
    loss = "sparse_categorical_crossentropy" if kind in ("steps", "whole") else "categorical_crossentropy"
    if kind in ("one-hot", "whole one-hot", "dice"):
        y = np.eye(classes)[y]
    if kind == "several":
        y, loss = rng.integers(0, 2, (n, classes)), "binary_crossentropy"
        y[0], y[1] = 1, 0
    model.compile("sgd", keras.losses.Dice() if kind == "dice" else loss)
    weights = {number: float(2.0**number) for number in range(classes)}
    return model, x, y, weights, kind.startswith("whole")


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_fires_where_keras_does_not_apply_them_and_only_there():
    from segmend.anatomy import of_keras
    from segmend.pipeline.charting.weights import probe_weights
    from segmend.pipeline.inputs.batches import read_examples

    for seed in range(6):
        model, x, y, weights, applied = _batch(seed)
        given = {"class_weight": weights}
        probe = probe_weights(model, read_examples(x, y), of_keras(model), given)
        found = list(RULE.examine(simulated.chart({"loss": [1.0]}, probe=probe, fit_arguments=given)))
        assert bool(found) is not applied, (seed, probe)


def test_on_a_real_model():
    import keras

    import segmend

    rng = np.random.default_rng(0)
    x = rng.normal(size=(6, 30, 2)).astype("float32")
    y = np.repeat([[0, 1, 0]], 10, axis=1).repeat(6, axis=0)
    model = keras.Sequential([keras.Input((None, 2)), keras.layers.Conv1D(2, 3, padding="same", activation="softmax")])
    model.compile("sgd", "sparse_categorical_crossentropy")
    diagnosis = segmend.diagnose(model, x, y, class_weight={0: 1.0, 1: 2.0}, preview=True)
    finding = next(each for each in diagnosis.findings if each.rule == "class-weight-ignored")
    assert finding.remedies[0].name == "weigh-steps"
    plain = segmend.diagnose(model, x, y, preview=True)
    assert "class-weight-ignored" in {each.rule for each in plain.record.skipped}
