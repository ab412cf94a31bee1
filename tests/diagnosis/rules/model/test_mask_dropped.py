import dataclasses

import keras
import pytest
from keras import layers

from segmend import models
from segmend.anatomy import of_keras
from segmend.artifacts.finding import Severity
from segmend.artifacts.flow import Flow
from segmend.diagnosis.rules.model.mask_dropped import MaskDropped
from segmend.models.masked import MaskedConv1D
from tests.diagnosis.rules.model import seeded
from tests.diagnosis.rules.model.recordings import RECORDINGS, STEPS, classified, lost, padded

pytestmark = pytest.mark.filterwarnings("ignore:Layer .* was passed an input with a mask")


def sick():
    return padded(classified(lost_masks=(lost(), lost(lost_in="conv2", needed_by=()))))


def healthy():
    return padded(classified(lost_masks=(lost(kind="Relu", mixes=False, needed_by=()),)))


def _findings(chart):
    return list(MaskDropped().examine(chart))


def test_where_it_is_lost_and_who_needed_it():
    (finding,) = _findings(sick())
    assert finding.severity is Severity.ERROR
    assert finding.where == {"layer": "conv"}
    assert finding.evidence["dropped_by"] == ["conv", "conv2"]
    assert finding.evidence["needed_by"] == ["lstm"]


def test_no_padding_no_harm():
    (finding,) = _findings(padded(sick(), 0))
    assert finding.severity is Severity.INFO


def conv_then_lstm(x):
    return layers.LSTM(3)(layers.Conv1D(3, 3, padding="same")(layers.Masking()(x)))


def conv_per_step(x):
    return layers.Conv1D(3, 3, padding="same")(layers.Masking()(x))


def pointwise_per_step(x):
    return layers.Conv1D(3, 1)(layers.Masking()(x))


def operation(x):
    return layers.LSTM(3)(keras.ops.tanh(layers.Masking()(x)))


def residual_operation(x):
    x = layers.Masking()(x)
    return layers.GRU(3)(x + layers.Dense(2)(x))


def flattened(x):
    return layers.Flatten()(layers.Masking()(x))


def nested(x):
    inner = keras.Input((30, 2))
    return layers.LSTM(3)(keras.Model(inner, layers.Conv1D(3, 3)(inner))(layers.Masking()(x)))


def lstm(x):
    return layers.LSTM(3)(layers.Dropout(0.1)(layers.Masking()(x)))


def bidirectional(x):
    return layers.Bidirectional(layers.LSTM(3, return_sequences=True))(layers.Dense(3)(layers.Masking()(x)))


def attention(x):
    x = layers.Masking()(x)
    y = layers.Add()([x, layers.MultiHeadAttention(1, 2)(x, x)])
    return layers.GlobalAveragePooling1D()(layers.LayerNormalization()(y))


def our_conv(x):
    return layers.LSTM(3)(MaskedConv1D(3, 3, padding="same")(layers.Masking()(x)))


def no_mask(x):
    return layers.LSTM(3)(layers.Conv1D(3, 3)(x))


@pytest.mark.parametrize(
    ("body", "fires"),
    [
        (conv_then_lstm, True),
        (conv_per_step, True),
        (pointwise_per_step, True),
        (operation, True),
        (residual_operation, True),
        (flattened, True),
        (nested, True),
        (lstm, False),
        (bidirectional, False),
        (attention, False),
        (our_conv, False),
        (no_mask, False),
    ],
)
def test_real_models(body, fires):
    inputs = keras.Input((30, 2))
    facts = of_keras(keras.Model(inputs, layers.Dense(3, activation="softmax")(body(inputs))))
    assert bool(_findings(dataclasses.replace(sick(), anatomy=facts))) is fires


def test_our_models_behind_a_mask_keep_it():
    inputs = keras.Input((None, 2))
    stages = [{"kernel": 3}, {"kernel": 3, "dilation": 2}]
    for build in (models.tcn, models.recurrent):
        inner = build(stages, channels=2, classes=3, filters=4)
        facts = of_keras(keras.Model(inputs, inner(layers.Masking()(inputs))))
        assert _findings(dataclasses.replace(sick(), anatomy=facts)) == []


def test_how_often_it_fires():
    def drop(chart):
        return seeded.with_anatomy(chart, flow=Flow(lost_masks=(lost(),)))

    given = {"tasks": [RECORDINGS, STEPS], "wrong": 0.3}
    assert seeded.rate(MaskDropped(), seeded.charts(**given)) == 0
    assert seeded.rate(MaskDropped(), map(drop, seeded.charts(**given))) == 1
