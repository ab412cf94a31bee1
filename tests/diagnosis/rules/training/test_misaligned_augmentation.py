import dataclasses

import numpy as np
import pytest

from segmend.artifacts.finding import Severity
from segmend.diagnosis.rules.training.misaligned_augmentation import MIXES, MOVES, MisalignedAugmentation
from tests.diagnosis.rules.training import simulated

RULE = MisalignedAugmentation()
WHOLE_SIGNALS, WHOLE_IMAGES = simulated.TASKS[4], simulated.TASKS[5]


def _with(task, *kinds):
    layers = [*(simulated.layer(kind) for kind in kinds), *simulated.usual_layers(task)]
    return simulated.chart({"loss": [1.0]}, task=task, anatomy=simulated.anatomy(task, layers=layers))


def sick():
    return _with(simulated.TASKS[1], "RandomFlip", "RandomRotation")


def healthy():
    return _with(simulated.TASKS[1], "RandomBrightness", "RandomContrast")


def test_the_layers_are_named():
    (finding,) = RULE.examine(sick())
    assert finding.severity is Severity.ERROR
    assert "2 layers of the model move the images and not" in finding.message
    assert "labels of their pixels" in finding.message
    assert "Rotation()((x, y))" in finding.remedies[0].advice


@pytest.mark.parametrize(
    ("task", "kinds", "found"),
    [
        (WHOLE_IMAGES, ["RandomFlip"], False),
        (WHOLE_IMAGES, ["MixUp"], True),
        (WHOLE_SIGNALS, ["RandomTranslation"], True),
        (WHOLE_SIGNALS, ["Reshape", "RandomTranslation"], False),
        (simulated.SIGNALS, ["Reshape", "RandomTranslation"], True),
        (simulated.SIGNALS, ["GaussianNoise"], False),
    ],
)
def test_what_is_misplaced_where(task, kinds, found):
    assert bool(list(RULE.examine(_with(task, *kinds)))) is found


def test_both_losses_are_told_where_they_are_known():
    history = simulated.history({"loss": [1.0, 0.8], "val_loss": [1.0, 0.5]})
    (finding,) = RULE.examine(dataclasses.replace(sick(), history=history))
    assert finding.evidence["loss_end"] == 0.9 and finding.evidence["val_loss_end"] == 0.75


def _seeded(seed):
    rng = np.random.default_rng(seed)
    task = simulated.TASKS[seed % 4]
    chart = simulated.healthy_chart(seed)
    layers = [simulated.layer(rng.choice(MOVES + MIXES)), *simulated.usual_layers(task)]
    return dataclasses.replace(chart, task=task, anatomy=simulated.anatomy(task, layers=layers))


def test_fires_on_seeded_trainings_and_is_silent_on_healthy_ones():
    assert simulated.fires(RULE, map(_seeded, range(simulated.SEEDS))) >= 0.9
    assert simulated.silent_on_healthy(RULE)


def test_on_a_real_model():
    import keras

    import segmend

    augment = keras.Sequential([keras.layers.RandomFlip(), keras.layers.RandomContrast(0.1)])
    layers = [augment, keras.layers.Conv2D(2, 1, activation="softmax")]
    model = keras.Sequential([keras.Input((8, 8, 1)), *layers])
    x = np.random.default_rng(0).normal(size=(3, 8, 8, 1)).astype("float32")
    found = segmend.diagnose(model, x, (x[..., 0] > 0).astype(int), preview=True).findings
    finding = next(each for each in found if each.rule == RULE.name)
    assert finding.evidence["kinds"] == ["RandomFlip"]
