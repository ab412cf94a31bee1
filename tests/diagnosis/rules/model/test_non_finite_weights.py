import dataclasses

import numpy as np

from segmend.artifacts.finding import Severity
from segmend.diagnosis.rules.model.non_finite_weights import NonFiniteWeights
from tests.diagnosis.rules.model import seeded
from tests.diagnosis.rules.model.anatomies import anatomy, chart, conv


def broken(number=3):
    layers = [conv("first"), conv("second").model_copy(update={"non_finite": number})]
    return chart(anatomy=anatomy("softmax", layers=layers))


def sick():
    return broken()


def healthy():
    layers = [conv("first").model_copy(update={"non_finite": 0}), conv("second")]
    return chart(anatomy=anatomy("softmax", layers=layers))


def _findings(given):
    return list(NonFiniteWeights().examine(given))


def test_layer_and_number_are_named():
    (finding,) = _findings(sick())
    assert finding.severity is Severity.ERROR
    assert finding.where == {"layer": "second"}
    assert finding.evidence == {"non_finite": 3, "threshold": 1, "layers": {"second": 3}}


def test_the_loss_that_broke_them_is_named():
    (finding,) = _findings(dataclasses.replace(sick(), probe={"even_loss": None, "recordings": 4}))
    assert "The loss itself is at fault" in finding.message
    assert [remedy.name for remedy in finding.remedies] == ["mend-the-loss"]


def test_how_often_it_fires():
    rng = np.random.default_rng(0)

    def spoilt(each):
        k = rng.integers(len(each.anatomy.layers))
        layers = list(each.anatomy.layers)
        layers[k] = layers[k].model_copy(update={"non_finite": int(rng.integers(1, 1000))})
        return seeded.with_anatomy(each, layers=tuple(layers))

    assert seeded.rate(NonFiniteWeights(), seeded.charts()) == 0
    assert seeded.rate(NonFiniteWeights(), map(spoilt, seeded.charts())) == 1


def test_on_a_real_model():
    import segmend.anatomy

    model = seeded.compiled("sparse_categorical_crossentropy")
    assert _findings(dataclasses.replace(sick(), anatomy=segmend.anatomy.of_keras(model))) == []
    kernel, bias = model.layers[0].get_weights()
    kernel[0, 0, 0], bias[0] = np.inf, np.nan
    model.layers[0].set_weights([kernel, bias])
    (finding,) = _findings(dataclasses.replace(sick(), anatomy=segmend.anatomy.of_keras(model)))
    assert finding.evidence["layers"] == {model.layers[0].name: 2}
