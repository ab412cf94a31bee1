import dataclasses
from functools import partial

import keras
import pytest
from keras import ops

from segmend import losses
from segmend.anatomy import of_keras
from segmend.artifacts.finding import Severity
from segmend.diagnosis.rules.model.unserialisable_loss import UnserialisableLoss
from tests.diagnosis.rules.model import seeded
from tests.diagnosis.rules.model.anatomies import anatomy, chart


def squared(y_true, y_pred):
    return ops.mean(ops.square(y_true - y_pred))


@keras.saving.register_keras_serializable(package="tests")
def registered(y_true, y_pred):
    return squared(y_true, y_pred)


class Own(keras.losses.Loss):
    def call(self, y_true, y_pred):
        return squared(y_true, y_pred)


@keras.saving.register_keras_serializable(package="tests")
class WithoutConfig(keras.losses.Loss):
    def __init__(self, weights, name=None, reduction="sum"):
        super().__init__(name=name, reduction=reduction)
        self.weights = weights

    def call(self, y_true, y_pred):
        return squared(y_true, y_pred) * self.weights


def _with(unsavable, name="<lambda>"):
    given = chart(anatomy=anatomy("softmax"))
    return seeded.with_loss(given, name=name, from_logits=None, unsavable=unsavable)


def sick():
    return _with("lambda")


def healthy():
    return chart(anatomy=anatomy("softmax"))


def _findings(given):
    return list(UnserialisableLoss().examine(given))


def test_the_reason_and_the_way_out_are_told():
    (finding,) = _findings(sick())
    assert finding.severity is Severity.WARNING
    assert "lambda" in finding.message
    assert "register_keras_serializable" in finding.remedies[0].advice
    (finding,) = _findings(_with("no config", "Own"))
    assert finding.remedies[0].name == "write-get-config"


@pytest.mark.filterwarnings("ignore:The object being serialized includes a `lambda`")
@pytest.mark.parametrize(
    ("loss", "because"),
    [
        (lambda y_true, y_pred: squared(y_true, y_pred), "lambda"),
        (squared, "not registered"),
        (partial(squared), "no config"),
        (Own(), "not registered"),
        (WithoutConfig(weights=2.0), "no config"),
        (registered, None),
        ("sparse_categorical_crossentropy", None),
        (keras.losses.Dice(), None),
        (keras.losses.mean_squared_error, None),
        (keras.losses.SparseCategoricalCrossentropy(from_logits=True), None),
        (losses.CrossEntropy(class_weight=[1.0, 2.0, 9.0]) + losses.Dice(), None),
        (losses.TemporalFocal(), None),
    ],
)
def test_real_losses_are_tried_and_the_file_agrees(loss, because, tmp_path):
    model = seeded.compiled(loss, layers=[keras.layers.Dense(2)])
    facts = of_keras(model)
    assert facts.losses[0].unsavable == because
    assert bool(_findings(dataclasses.replace(sick(), anatomy=facts))) is (because is not None)
    try:
        model.save(tmp_path / "model.keras")
        keras.saving.load_model(tmp_path / "model.keras")
        loads = True
    except (TypeError, ValueError):
        loads = False
    assert loads is (because is None)


def test_how_often_it_fires():
    assert seeded.rate(UnserialisableLoss(), seeded.charts()) == 0
    sick_ones = (seeded.with_loss(each, unsavable="lambda") for each in seeded.charts())
    assert seeded.rate(UnserialisableLoss(), sick_ones) == 1
