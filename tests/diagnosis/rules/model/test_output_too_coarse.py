import keras
import numpy as np
import pytest
from keras import layers

from segmend.anatomy import of_keras
from segmend.artifacts.finding import Severity
from segmend.core.task import Task
from segmend.diagnosis.rules.model.output_too_coarse import OutputTooCoarse, coarseness
from tests.diagnosis.rules.model import seeded
from tests.diagnosis.rules.model.rows_of_items import items


def blocks(steps, size):
    """The row as an output that changes every so many steps says it."""
    usable = len(steps) // size * size
    said = steps.copy()
    said[:usable] = np.repeat(steps[:usable].reshape(-1, size).mean(axis=1) > 0.5, size)
    return said


def _coarse(size=32, **parts):
    chart = items(lambda steps, rng: blocks(steps, size), **parts)
    return seeded.with_output(chart, grain=float(size))


def sick():
    return _coarse()


def healthy():
    return _coarse(8)


def _findings(chart):
    return list(OutputTooCoarse().examine(chart))


def test_block_and_shortest_are_told():
    chart = sick()
    (finding,) = _findings(chart)
    facts = chart.fingerprint.classes[0]
    assert finding.evidence["block_steps"] == 32
    assert finding.evidence["shorter"] == {"call": facts.duration.p5, "gaps of call": facts.gap.p5}
    assert finding.evidence["threshold"] == facts.gap.p5
    assert finding.severity is Severity.ERROR
    assert "come to 4 in all" in finding.remedies[0].advice


@pytest.mark.parametrize(("size", "fires"), [(4, False), (8, False), (11, False), (16, True), (64, True)])
def test_only_blocks_longer_than_the_shortest(size, fires):
    assert bool(_findings(_coarse(size))) is fires


def test_a_stride_counts_like_a_block():
    chart = items(lambda steps, rng: steps)
    field = chart.anatomy.outputs[0].fields[0].model_copy(update={"stride": 32.0})
    (finding,) = _findings(seeded.with_output(chart, fields=(field,)))
    assert finding.severity is Severity.INFO, "nothing was lost"


def pooled(x, size=8):
    x = layers.MaxPooling1D(size)(layers.Conv1D(4, 3, padding="same")(x))
    return layers.UpSampling1D(size)(layers.Conv1D(4, 3, padding="same")(x))


def smoothed(x):
    return layers.Conv1D(4, 3, padding="same")(pooled(x))


def skipped(x):
    return layers.Concatenate()([pooled(x), x])


def strided(x):
    return layers.Conv1D(4, 8, strides=8, padding="same")(x)


def transposed(x):
    return layers.Conv1DTranspose(4, 8, strides=8)(strided(x))


def plain(x):
    return layers.Conv1D(4, 3, padding="same")(x)


@pytest.mark.parametrize(
    ("body", "coarse"),
    [(pooled, 8), (smoothed, 38 / 8), (skipped, 1), (strided, 8), (transposed, 1), (plain, 1)],
)
@pytest.mark.parametrize("steps", [None, 160])
def test_grain_of_real_models(body, coarse, steps):
    inputs = keras.Input((steps, 2))
    model = keras.Model(inputs, layers.Dense(3, activation="softmax")(body(inputs)))
    assert coarseness(of_keras(model, effective=True).outputs[0]) == pytest.approx(coarse)


def test_grain_of_images():
    inputs = keras.Input((64, 64, 1))
    x = layers.UpSampling2D(4)(layers.MaxPooling2D(4)(layers.Conv2D(3, 3, padding="same")(inputs)))
    facts = of_keras(keras.Model(inputs, layers.Conv2D(2, 1, activation="softmax")(x)), effective=True)
    assert coarseness(facts.outputs[0]) == 4


def test_a_saturated_model_tells_nothing():
    inputs = keras.Input((160, 2))
    dense = layers.Dense(3, activation="softmax", bias_initializer=keras.initializers.Constant([1e4, 0, 0]))
    facts = of_keras(keras.Model(inputs, dense(pooled(inputs))), effective=True)
    assert facts.outputs[0].grain is None


def test_how_often_it_fires():
    rng = np.random.default_rng(0)

    def case(times):
        length, gap = int(rng.integers(10, 60)), int(rng.integers(10, 60))
        size = max(2, round(times * min(length, gap)))
        return _coarse(size, length=length, gap=gap, number=6, recordings=3, seed=int(rng.integers(1000)))

    fires = [bool(_findings(case(rng.uniform(1, 4)))) for _ in range(40)]
    silent = [bool(_findings(case(rng.uniform(0.05, 0.6)))) for _ in range(100)]
    assert np.mean(fires) >= 0.9
    assert np.mean(silent) <= 0.01
    assert seeded.rate(OutputTooCoarse(), seeded.charts(400)) == 0
    images = list(seeded.charts(80, tasks=[Task.named("segmentation", 3, 2)]))
    assert seeded.rate(OutputTooCoarse(), [seeded.with_output(chart, grain=40.0) for chart in images]) == 1


def test_the_grain_of_an_image_model_that_goes_down_twice_and_is_pooled_again():
    inputs = keras.Input((None, None, 1))
    x = layers.Conv2D(2, 3, padding="same")(inputs)
    y = layers.UpSampling2D(2)(layers.MaxPooling2D(2)(x))
    y = layers.concatenate([x, y])
    for size in (2, 8):
        y = layers.UpSampling2D(size)(layers.MaxPooling2D(size)(layers.Conv2D(2, 3, padding="same")(y)))
    anatomy = of_keras(keras.Model(inputs, layers.Dense(2, activation="softmax")(y)), effective=True)
    assert anatomy.outputs[0].grain == 8
