import dataclasses

import numpy as np

from segmend.artifacts.finding import Severity
from segmend.diagnosis.regularisation import means
from segmend.diagnosis.rules.training.no_regularisation import NoRegularisation
from tests.diagnosis.rules.training import simulated, test_overfitting

RULE = NoRegularisation()


def _bare(task=simulated.SIGNALS, **facts):
    conv = simulated.layer(f"Conv{task.rank}D", 10_000)
    return simulated.anatomy(task, layers=[conv, simulated.layer("BatchNormalization"), conv], **facts)


def sick():
    return dataclasses.replace(test_overfitting.sick(), anatomy=_bare())


def healthy():
    return dataclasses.replace(test_overfitting.sick(), anatomy=simulated.anatomy())


def test_any_means_is_enough():
    kinds = [
        simulated.layer("Dropout", rate=0.1),
        simulated.layer("LSTM", dropout=0.1),
        simulated.layer("GRU", recurrent_dropout=0.2),
        simulated.layer("Conv1D", penalty=1e-4),
        simulated.layer("GaussianNoise", stddev=0.1),
        simulated.layer("RandomFlip"),
    ]
    for layer in kinds:
        anatomy = simulated.anatomy(layers=[layer])
        assert list(RULE.examine(dataclasses.replace(sick(), anatomy=anatomy))) == [], layer.kind
    assert list(RULE.examine(dataclasses.replace(sick(), anatomy=_bare(weight_decay=0.004)))) == []
    off = simulated.anatomy(layers=[simulated.layer("Dropout", rate=0.0)])
    assert list(RULE.examine(dataclasses.replace(sick(), anatomy=off)))


def test_without_overfitting_nothing_is_missing():
    assert list(RULE.examine(dataclasses.replace(test_overfitting.healthy(), anatomy=_bare()))) == []


def test_the_code_fits_the_model():
    (finding,) = RULE.examine(sick())
    advice = [remedy.advice for remedy in finding.remedies]
    assert finding.severity is Severity.WARNING
    assert "AdamW(0.001, weight_decay=0.01)" in advice[0]
    assert 'SpatialDropout1D(0.2) before the layer "conv1d"' in advice[1]
    assert "segmend.augmentation.TimeWarp()" in advice[2]


def test_the_augmentation_that_is_advised_exists():
    import keras

    import segmend

    for task in simulated.TASKS:
        chart = dataclasses.replace(simulated.chart(test_overfitting.sick().history, task=task), anatomy=_bare(task))
        advice = next(iter(RULE.examine(chart))).remedies[2].advice
        code = advice.partition("keras.layers.Pipeline")[2].removesuffix(".")
        assert eval(f"Pipeline{code}", {"Pipeline": keras.layers.Pipeline, "segmend": segmend}).layers


def _seeded(seed):
    chart = test_overfitting._seeded(seed)
    return dataclasses.replace(chart, anatomy=_bare(chart.task))


def _healthy(seed):
    """Also healthy without any means."""
    chart = simulated.healthy_chart(seed)
    return dataclasses.replace(chart, anatomy=_bare(chart.task))


def test_fires_on_seeded_trainings_and_is_silent_on_healthy_ones():
    assert simulated.fires(RULE, map(_seeded, range(simulated.SEEDS))) >= 0.9
    assert simulated.fires(RULE, map(_healthy, range(simulated.SEEDS))) <= 0.01
    assert simulated.silent_on_healthy(RULE)


def test_the_means_of_a_real_model():
    import keras

    from segmend.anatomy import of_keras

    layers = [
        keras.layers.Conv1D(2, 3, padding="same", kernel_regularizer=keras.regularizers.L1L2(0.001, 0.03)),
        keras.layers.GaussianNoise(0.2),
        keras.layers.LSTM(3, dropout=0.3, recurrent_dropout=0.4, return_sequences=True),
        keras.layers.SpatialDropout1D(0.7),
        keras.layers.Dense(2, kernel_regularizer="l2"),
    ]
    model = keras.Sequential([keras.Input((None, 2)), *layers])
    model.compile(keras.optimizers.AdamW(1e-3, weight_decay=0.5), "mse")
    found = [(each.kind, each.strength) for each in means(of_keras(model))]
    wanted = [("penalty", 0.03), ("noise", 0.2), ("dropout", 0.4), ("dropout", 0.7), ("penalty", 0.01)]
    np.testing.assert_allclose([strength for _, strength in found], [s for _, s in wanted] + [0.5], rtol=1e-6)
    assert [kind for kind, _ in found] == [kind for kind, _ in wanted] + ["weight decay"]
