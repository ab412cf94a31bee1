import numpy as np
import pytest

from segmend.artifacts.finding import Severity
from segmend.diagnosis.rules.model.activation_loss_mismatch import ActivationLossMismatch
from tests.diagnosis.rules.model.anatomies import anatomy, chart, targets

SPARSE, ONE_HOT, BINARY = "SparseCategoricalCrossentropy", "CategoricalCrossentropy", "BinaryCrossentropy"


def sick():
    return chart(anatomy=anatomy("softmax", loss=BINARY), targets=targets(form="multi-hot"))


def healthy():
    return chart(anatomy=anatomy("softmax"), targets=targets())


def _findings(*activations, form=None, labels=None, fit_arguments=None, **parts):
    facts = targets(form=form, **(labels or {})) if form else None
    return list(
        ActivationLossMismatch().examine(
            chart(anatomy=anatomy(*activations, **parts), targets=facts, fit_arguments=fit_arguments or {})
        )
    )


@pytest.mark.parametrize(
    ("activations", "parts", "remedy", "severity"),
    [
        (["softmax"], {"loss": BINARY, "form": "multi-hot"}, "use-sigmoid", "error"),
        (["softmax"], {"loss": BINARY, "form": "one-hot"}, "use-categorical-loss", "warning"),
        (["softmax", "softmax"], {}, "drop-one-activation", "error"),
        (["sigmoid", "softmax"], {"loss": None}, "drop-one-activation", "error"),
        (["softmax"], {"from_logits": True}, "set-from-logits", "error"),
        (["sigmoid"], {"units": 1, "loss": BINARY, "from_logits": True}, "set-from-logits", "error"),
        (["linear"], {}, "set-from-logits", "error"),
        (["relu"], {}, "set-from-logits", "error"),
        (["relu"], {"from_logits": True}, "end-linearly", "warning"),
        (["softmax"], {"units": 1, "loss": BINARY}, "use-sigmoid", "error"),
        (["softmax"], {"units": 1, "loss": None}, "use-sigmoid", "error"),
        (["sigmoid"], {"form": "dense"}, "use-softmax", "warning"),
        (["sigmoid"], {"loss": ONE_HOT, "form": "multi-hot"}, "use-binary-loss", "error"),
        (["sigmoid"], {"loss": ONE_HOT, "units": 1}, "use-binary-loss", "error"),
        (["softmax"], {"form": "one-hot"}, "match-labels-and-loss", "error"),
        (["softmax"], {"loss": ONE_HOT, "form": "dense"}, "match-labels-and-loss", "error"),
        (["sigmoid"], {"loss": BINARY, "units": 1, "form": "dense"}, "match-labels-and-loss", "error"),
        (["softmax"], {"form": "fractional"}, "match-labels-and-loss", "error"),
        (["softmax"], {"form": "dense", "labels": {"lowest": -1.0}}, "ignore-a-class", "error"),
    ],
)
def test_what_does_not_fit_is_told_with_its_remedy(activations, parts, remedy, severity):
    (finding,) = _findings(*activations, **parts)
    assert finding.remedies[0].name == remedy
    assert finding.severity is Severity(severity)
    assert finding.where == {"output": "labels"}


@pytest.mark.parametrize(
    ("activations", "parts"),
    [
        (["softmax"], {}),
        (["linear"], {"from_logits": True}),
        (["linear"], {"loss": "MeanSquaredError", "from_logits": None}),
        (["sigmoid"], {"loss": BINARY, "form": "multi-hot"}),
        (["sigmoid"], {"loss": BINARY, "units": 1, "form": "dense", "labels": {"classes": 2}}),
        (["sigmoid"], {"loss": "Dice", "units": 1}),
        (["softmax"], {"loss": ONE_HOT, "form": "one-hot"}),
        (["sigmoid"], {"loss": "BinaryCrossEntropy", "form": "multi-hot"}),
        (["sigmoid"], {"loss": "Sum", "config": {"multilabel": True}, "form": "multi-hot"}),
        (["sigmoid"], {"loss": "Dice", "config": {"multilabel": True}}),
        (["softmax"], {"loss": "Sum", "form": "dense", "labels": {"lowest": -1.0}}),
        (["softmax"], {"form": "dense", "labels": {"lowest": -1.0}, "config": {"ignore_class": -1}}),
        (["softmax"], {"form": "dense", "labels": {"lowest": -1.0}, "fit_arguments": {"sample_weight": True}}),
        (["relu", "softmax"], {}),
        ([], {}),
        (["softmax"], {"loss": None}),
    ],
)
def test_what_fits_is_let_alone(activations, parts):
    assert _findings(*activations, **parts) == []


def test_softmax_with_our_own_loss_of_each_label_is_found():
    (finding,) = _findings("softmax", loss="Sum", config={"multilabel": True}, form="multi-hot")
    assert finding.remedies[0].name == "use-sigmoid"


def test_our_own_losses_say_whether_they_judge_each_label():
    import keras

    from segmend import losses
    from segmend.anatomy import of_keras

    def told(loss):
        model = keras.Sequential([keras.Input((None, 2)), keras.layers.Dense(3, activation="sigmoid")])
        model.compile("sgd", loss)
        return of_keras(model).losses[0].config.get("multilabel")

    assert told(losses.BinaryCrossEntropy() + losses.Dice(multilabel=True)) is True
    assert told(losses.Dice(multilabel=True)) is True
    assert not told(losses.CrossEntropy() + losses.Dice())


def test_message_says_what_fits():
    (finding,) = _findings("linear", loss=BINARY, units=1)
    assert 'activation="sigmoid"' in finding.remedies[0].advice
    assert finding.evidence["from_logits"] is False


def test_on_a_real_model():
    import keras

    import segmend

    layers = [keras.layers.Conv1D(3, 3, padding="same", activation="softmax"), keras.layers.Softmax()]
    model = keras.Sequential([keras.Input((None, 2)), *layers])
    model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=False))
    x = np.random.default_rng(0).normal(size=(4, 60, 2)).astype("float32")
    diagnosis = segmend.diagnose(model, x, np.repeat([[0, 1, 2]], 20, axis=1).repeat(4, axis=0))
    finding = next(finding for finding in diagnosis.findings if finding.rule == "activation-loss-mismatch")
    assert finding.evidence["activations"] == ["softmax", "softmax"]
