import dataclasses

import keras
import numpy as np
import pytest
from keras import layers

import segmend
from segmend.anatomy import of_keras
from segmend.artifacts.finding import Severity
from segmend.artifacts.flow import Flow
from segmend.diagnosis.rules.model.truncated_backward_state import TruncatedBackwardState
from tests.diagnosis.rules.model import seeded
from tests.diagnosis.rules.model.recordings import RECORDINGS, classified, edge

TAKEN = edge(layer="bidirectional", kind="bidirectional", by="get_item", whole_state=False)


def sick():
    return classified(edges=(TAKEN,))


def healthy():
    return classified(edges=(edge(layer="bidirectional", kind="bidirectional", by="bidirectional"), edge()))


def _findings(chart):
    return list(TruncatedBackwardState().examine(chart))


def test_layer_and_direction_are_told():
    (finding,) = _findings(sick())
    assert finding.where == {"layer": "bidirectional"}
    assert finding.evidence["direction"] == "backward"
    assert finding.severity is Severity.ERROR
    (finding,) = _findings(classified(wrong=0.0, edges=(TAKEN.model_copy(update={"place": "first"}),)))
    assert finding.evidence["direction"] == "forward"
    assert finding.severity is Severity.INFO, "nothing is missed"


class Last(layers.Layer):
    def call(self, inputs):
        return inputs[:, -1]


def _both(**options):
    return layers.Bidirectional(layers.LSTM(3, return_sequences=True, **options))


def lambdas(x):
    return layers.Lambda(lambda steps: steps[:, -1, :])(_both()(x))


def behind_dropout(x):
    return layers.Dropout(0.1)(layers.LayerNormalization()(_both()(x)))[:, -1]


def own_layer(x):
    return Last()(layers.Dense(4)(_both()(x)))


def first_step(x):
    return _both()(x)[:, 0]


def nested(x):
    inner = keras.Input((None, 2))
    return keras.Model(inner, _both()(inner))(x)[:, -1]


def cropped(x):
    return layers.Flatten()(keras.ops.take(_both()(x), [-1], axis=1))


def final_states(x):
    return layers.Bidirectional(layers.GRU(3))(x)


def stacked(x):
    return layers.LSTM(3, return_sequences=True)(_both()(x))[:, -1]


def stacked_both(x):
    return layers.Bidirectional(layers.LSTM(3))(_both()(x))


def forward(x):
    return layers.LSTM(3, return_sequences=True)(x)[:, -1]


def averaged(x):
    return layers.GlobalAveragePooling1D()(_both()(x))


def convolved(x):
    return layers.Conv1D(3, 3, padding="same")(x)[:, -1]


@pytest.mark.parametrize(
    ("body", "fires"),
    [
        (lambdas, True),
        (behind_dropout, True),
        (own_layer, True),
        (first_step, True),
        (nested, True),
        (cropped, True),
        (final_states, False),
        (stacked, False),
        (stacked_both, False),
        (forward, False),
        (averaged, False),
        (convolved, False),
    ],
)
@pytest.mark.parametrize("steps", [None, 30])
def test_real_models(body, fires, steps):
    inputs = keras.Input((steps, 2))
    facts = of_keras(keras.Model(inputs, layers.Dense(3, activation="softmax")(body(inputs))))
    assert bool(_findings(dataclasses.replace(sick(), anatomy=facts))) is fires


def test_whole_diagnosis():
    inputs = keras.Input((20, 2))
    model = keras.Model(inputs, layers.Dense(2, activation="softmax")(_both()(inputs)[:, -1]))
    x = np.random.default_rng(0).normal(size=(12, 20, 2)).astype("float32")
    findings = segmend.diagnose(model, x, np.arange(12) % 2, background=None, preview=True).findings
    assert "truncated-backward-state" in [finding.rule for finding in findings]


def test_how_often_it_fires():
    def cut(chart):
        return seeded.with_anatomy(chart, flow=Flow(edges=(edge(), TAKEN)))

    given = {"tasks": [RECORDINGS], "wrong": 0.3}
    assert seeded.rate(TruncatedBackwardState(), seeded.charts(**given)) == 0
    assert seeded.rate(TruncatedBackwardState(), map(cut, seeded.charts(**given))) == 1


def test_a_torch_module_is_mended_in_the_words_of_torch():
    chart = sick()
    chart = dataclasses.replace(chart, anatomy=chart.anatomy.model_copy(update={"framework": "torch"}))
    (finding,) = _findings(chart)
    advice = " ".join(remedy.advice for remedy in finding.remedies)
    assert "torch.cat([h[-2], h[-1]], dim=1)" in advice and "Keras" not in advice and "return_sequences" not in advice
