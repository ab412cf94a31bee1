import dataclasses

import keras
import numpy as np
import pytest
from keras import layers

import segmend
from segmend.artifacts.finding import Severity
from segmend.artifacts.flow import Flow
from segmend.diagnosis.rules.model.last_step_on_padding import LastStepOnPadding
from tests.diagnosis.rules.model import seeded
from tests.diagnosis.rules.model.recordings import RECORDINGS, classified, edge, padded


def sick():
    return padded(classified(edges=(edge(),)))


def healthy():
    return padded(classified(edges=(edge(masked=True),)))


def _findings(chart):
    return list(LastStepOnPadding().examine(chart))


def test_layer_and_padding_are_told():
    (finding,) = _findings(sick())
    assert finding.severity is Severity.ERROR
    assert finding.where == {"layer": "lstm"}
    assert (finding.evidence["padding_p50_steps"], finding.evidence["threshold"]) == (40, 5)
    assert finding.evidence["padding_share"] == pytest.approx(0.2)
    assert "Masking(mask_value=0.0)" in finding.remedies[0].advice


@pytest.mark.parametrize(("steps", "fires"), [(0, False), (4, False), (9, False), (11, True), (80, True)])
def test_only_padding_that_matters(steps, fires):
    assert bool(_findings(padded(classified(edges=(edge(),)), steps))) is fires


def test_silent_without_padding_and_where_no_single_step_answers():
    assert _findings(padded(classified(edges=(edge(),)), 0)) == []
    assert _findings(padded(classified())) == []
    assert _findings(padded(classified(edges=(edge(place="first"),)))) == []


def _model(*body):
    model = keras.Sequential([keras.Input((60, 2)), *body, layers.Dense(2, activation="softmax")])
    x = np.random.default_rng(0).normal(size=(12, 60, 2)).astype("float32")
    for k in range(12):
        x[k, 60 - 4 * k :] = 0
    return model, x, np.arange(12) % 2


@pytest.mark.parametrize(
    ("body", "fires"),
    [
        ([layers.LSTM(3)], True),
        ([layers.GRU(3, return_sequences=True), layers.LSTM(3)], True),
        ([layers.Bidirectional(layers.LSTM(3))], True),
        ([layers.GRU(3, return_sequences=True), layers.Lambda(lambda steps: steps[:, -1])], True),
        ([layers.Masking(), layers.LSTM(3)], False),
        ([layers.Masking(), layers.Dropout(0.2), layers.GRU(3, return_sequences=True), layers.LSTM(3)], False),
        ([layers.Conv1D(3, 3), layers.GlobalMaxPooling1D()], False),
    ],
)
def test_whole_diagnosis(body, fires):
    model, x, y = _model(*body)
    rules = [finding.rule for finding in segmend.diagnose(model, x, y, background=None, preview=True).findings]
    assert ("last-step-on-padding" in rules) is fires


def test_how_often_it_fires():
    rng = np.random.default_rng(0)
    given = {"tasks": [RECORDINGS], "wrong": 0.3}

    def pad(chart, masked):
        kind = ("forward", "bidirectional")[rng.integers(2)]
        chart = seeded.with_anatomy(chart, flow=Flow(edges=(edge(kind=kind, masked=masked),)))
        return padded(chart, int(rng.integers(15, 90)), every=int(rng.integers(1, 4)))

    assert seeded.rate(LastStepOnPadding(), seeded.charts(**given)) == 0
    assert seeded.rate(LastStepOnPadding(), (pad(each, True) for each in seeded.charts(**given))) == 0
    assert seeded.rate(LastStepOnPadding(), (pad(each, False) for each in seeded.charts(**given))) >= 0.9


def test_a_torch_module_is_mended_in_the_words_of_torch():
    chart = sick()
    chart = dataclasses.replace(chart, anatomy=chart.anatomy.model_copy(update={"framework": "torch"}))
    (finding,) = _findings(chart)
    advice = " ".join(remedy.advice for remedy in finding.remedies)
    assert "pack_padded_sequence" in advice and "Keras" not in advice and "return_sequences" not in advice
