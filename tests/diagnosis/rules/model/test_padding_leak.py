import keras
import numpy as np
import pytest
from keras import layers

import segmend
from segmend.artifacts.anatomy import LayerFacts
from segmend.artifacts.finding import Severity
from segmend.artifacts.flow import Flow
from segmend.diagnosis.rules.model.padding_leak import PaddingLeak
from segmend.pipeline.inputs.batches import Examples
from segmend.pipeline.inputs.padding import padding_facts, trailing
from tests.diagnosis.rules.model import seeded
from tests.diagnosis.rules.model.recordings import RECORDINGS, STEPS, classified, padded, unmasked

MASKING = LayerFacts(name="masking", kind="Masking", parameters=0)


def sick():
    return padded(classified(task=STEPS, unmasked=(unmasked("Conv1D"), unmasked())), judged=40)


def healthy():
    return padded(classified(task=STEPS, unmasked=(unmasked("Conv1D"),)))


def _findings(chart):
    return list(PaddingLeak().examine(chart))


def test_share_and_layers_are_told():
    (finding,) = _findings(sick())
    assert finding.evidence["padding_share"] == pytest.approx(40 * 4 / 6 / 100, abs=0.08)
    assert finding.evidence["layers"] == ["bidirectional"]
    assert finding.severity is Severity.ERROR
    assert finding.remedies[0].name == "weigh-padding-zero"


def test_judged_padding_is_a_warning_even_where_nothing_is_missed():
    perfect = padded(classified(wrong=0.0, task=STEPS), judged=40)
    (finding,) = _findings(perfect)
    assert finding.severity is Severity.WARNING
    (finding,) = _findings(padded(classified(wrong=0.0, unmasked=(unmasked(),))))
    assert finding.severity is Severity.INFO


def test_a_mask_ends_it():
    chart = sick()
    assert _findings(seeded.with_anatomy(chart, layers=(MASKING, *chart.anatomy.layers))) == []
    assert _findings(padded(chart, 0)) == []


def test_trailing_steps_of_one_value():
    assert trailing(np.array([[1.0, 0], [0, 0], [0, 0]])) == 2
    assert trailing(np.array([[1.0, 0], [0, 1], [0, 0]])) == 0, "one step may be chance"
    assert trailing(np.array([[1.0, 0], [3, 4], [3, 4]])) == 0, "channels that hold different values are a signal"
    assert trailing(np.full((4, 1), -1.0)) == 4


def test_what_is_judged():
    x = [np.array([[1.0], [2], [0], [0]])] * 3
    y = [np.array([1, 1, 0, 0]), np.array([1, 1, 0, -1]), np.array([1, 1, 0, 0])]
    weight = [np.array([1, 1, 1, 1]), np.array([1, 1, 1, 1]), np.array([1, 1, 0, 0])]
    assert padding_facts(Examples(x, y, None))["padded_judged"] == [2, 1, 2]
    assert padding_facts(Examples(x, y, weight))["padded_judged"] == [2, 1, 0]
    assert padding_facts(Examples(x, y, None), np.array(weight) > 0)["padded_judged"] == [2, 1, 0]
    assert padding_facts(Examples(x, [np.array(1)] * 3, None))["padded_judged"] is None
    assert padding_facts(Examples([np.zeros((4, 4, 1))], [np.zeros((4, 4))], None)) == {}


def _padded_batch():
    x = np.random.default_rng(0).normal(size=(8, 60, 2)).astype("float32")
    y = np.tile(np.repeat([0, 1, 2], 20), (8, 1))
    weight = np.ones((8, 60))
    for k in range(8):
        x[k, 60 - 5 * k :], y[k, 60 - 5 * k :], weight[k, 60 - 5 * k :] = 0, 0, 0
    return x, y, weight


@pytest.mark.parametrize(
    ("body", "weighted", "fires"),
    [
        ([layers.Conv1D(3, 3, padding="same")], False, True),
        ([layers.Conv1D(3, 3, padding="same")], True, False),
        ([layers.Bidirectional(layers.GRU(3, return_sequences=True))], True, True),
        ([layers.Conv1D(3, 3, padding="same"), layers.BatchNormalization()], True, True),
        ([layers.Masking(), layers.GRU(3, return_sequences=True)], False, False),
    ],
)
def test_whole_diagnosis(body, weighted, fires):
    model = keras.Sequential([keras.Input((None, 2)), *body, layers.Dense(3, activation="softmax")])
    x, y, weight = _padded_batch()
    diagnosis = segmend.diagnose(model, x, y, sample_weight=weight if weighted else None, preview=True)
    assert ("padding-leak" in [finding.rule for finding in diagnosis.findings]) is fires


def test_how_often_it_fires():
    rng = np.random.default_rng(0)
    given = {"tasks": [RECORDINGS, STEPS], "wrong": 0.3}
    kinds = ("Bidirectional", "BatchNormalization", "GlobalAveragePooling1D", "MultiHeadAttention")

    def leak(chart):
        judged = int(rng.integers(2)) * 100 * (chart.task.kind == "segmentation")
        carried = () if judged and rng.random() < 0.5 else (unmasked(kinds[rng.integers(4)]),)
        return padded(
            seeded.with_anatomy(chart, flow=Flow(unmasked=carried)),
            int(rng.integers(15, 90)),
            every=int(rng.integers(1, 3)),
            judged=judged,
        )

    def masked(chart):
        chart = leak(chart)
        return seeded.with_anatomy(chart, layers=(MASKING, *chart.anatomy.layers))

    unpadded = (padded(each, int(rng.integers(0, 6))) for each in map(leak, seeded.charts(**given)))
    assert seeded.rate(PaddingLeak(), seeded.charts(**given)) == 0
    assert seeded.rate(PaddingLeak(), unpadded) == 0
    assert seeded.rate(PaddingLeak(), map(masked, seeded.charts(**given))) == 0
    assert seeded.rate(PaddingLeak(), map(leak, seeded.charts(**given))) >= 0.9
