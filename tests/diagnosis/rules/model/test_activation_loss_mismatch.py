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
        (["log_softmax"], {}, "set-from-logits", "error"),
        (["linear"], {"loss": "Dice", "from_logits": None}, "use-softmax", "error"),
        (["relu"], {"loss": "Dice", "from_logits": None, "units": 1}, "use-sigmoid", "error"),
        (["linear"], {"loss": "KLDivergence", "from_logits": None}, "use-softmax", "error"),
        (["linear"], {"loss": BINARY, "units": 1}, "set-from-logits", "error"),
        (
            ["softmax"],
            {"loss": ONE_HOT, "form": "fractional", "labels": {"sums": [0.3, 2.1]}},
            "match-labels-and-loss",
            "error",
        ),
        (
            ["softmax"],
            {"loss": ONE_HOT, "form": "multi-hot", "labels": {"sums": [1.0, 3.0]}},
            "match-labels-and-loss",
            "error",
        ),
        (
            ["softmax"],
            {"loss": "CategoricalFocalCrossentropy", "form": "multi-hot", "labels": {"sums": [0.0, 2.0]}},
            "match-labels-and-loss",
            "error",
        ),
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
        (["log_softmax"], {"from_logits": True}),
        (["softmax"], {"loss": "Dice", "from_logits": None}),
        (["softmax"], {"loss": ONE_HOT, "form": "fractional", "labels": {"sums": [1.0, 1.0]}}),
        (["softmax"], {"loss": ONE_HOT, "form": "multi-hot", "labels": {"sums": [0.0, 1.0]}}),
        (["softmax"], {"loss": "Dice", "from_logits": None, "form": "fractional", "labels": {"sums": [0.3, 2.1]}}),
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
    diagnosis = segmend.diagnose(model, x, np.repeat([[0, 1, 2]], 20, axis=1).repeat(4, axis=0), preview=True)
    finding = next(finding for finding in diagnosis.findings if finding.rule == "activation-loss-mismatch")
    assert finding.evidence["activations"] == ["softmax", "softmax"]


def _told(loss, y, *, activation="softmax", units=3, logits=False, twice=False):
    import keras

    from segmend.anatomy import of_keras
    from segmend.pipeline.inputs.batches import Examples
    from segmend.pipeline.inputs.targets import label_axes, target_facts

    whole = y.ndim == 1 or y.shape[1] != 20
    ends = [keras.layers.Activation("softmax")] if twice else []
    pool = [keras.layers.GlobalAveragePooling1D()] if whole else []
    head = keras.layers.Dense(units, activation=None if logits else activation)
    model = keras.Sequential([keras.Input((20, 2)), *pool, head, *ends])
    model.compile("sgd", loss)
    outputs = [np.zeros(units) if whole else np.zeros((20, units))] * len(y)
    axes = label_axes(Examples([np.zeros((20, 2))] * len(y), list(y), None), outputs)
    given = chart(anatomy=of_keras(model), targets=target_facts(list(y), outputs, axes))
    return [finding.remedies[0].name for finding in ActivationLossMismatch().examine(given)]


def _labels(kind):
    rng = np.random.default_rng(1)
    numbers = rng.integers(0, 3, (12, 4)).repeat(5, axis=1)
    several = (rng.random((12, 4, 3)) < 0.5).astype(int).repeat(5, axis=1)
    several[0] = 1
    return {
        "steps": numbers,
        "steps one-hot": np.eye(3, dtype=int)[numbers],
        "steps several": several,
        "whole": np.arange(12) % 3,
        "whole one-hot": np.eye(3, dtype=int)[np.arange(12) % 3],
        "whole several": several[:, 0],
        "random": rng.random((12, 3)),
        "yes or no": numbers % 2,
    }[kind]


@pytest.mark.parametrize(
    ("loss", "labels", "ending", "remedies"),
    [
        ("binary_crossentropy", "whole several", {}, ["use-sigmoid"]),
        ("binary_crossentropy", "steps several", {}, ["use-sigmoid"]),
        ("categorical_crossentropy", "whole several", {"activation": "sigmoid"}, ["use-binary-loss"]),
        ("categorical_crossentropy", "steps one-hot", {"activation": "sigmoid"}, ["use-softmax"]),
        ("categorical_crossentropy", "random", {}, ["match-labels-and-loss"]),
        ("categorical_crossentropy", "whole several", {}, ["match-labels-and-loss"]),
        ("sparse_categorical_crossentropy", "steps", {"twice": True}, ["drop-one-activation"]),
        ("sparse_categorical_crossentropy", "whole", {"logits": True}, ["set-from-logits"]),
        ("dice", "steps one-hot", {"logits": True}, ["use-softmax"]),
        ("binary_crossentropy", "yes or no", {"units": 1}, ["use-sigmoid"]),
        ("binary_crossentropy", "yes or no", {"units": 1, "logits": True}, ["set-from-logits"]),
        ("binary_crossentropy", "whole several", {"activation": "sigmoid"}, []),
        ("binary_crossentropy", "steps several", {"activation": "sigmoid"}, []),
        ("categorical_crossentropy", "steps one-hot", {}, []),
        ("categorical_crossentropy", "whole one-hot", {}, []),
        ("sparse_categorical_crossentropy", "whole", {}, []),
        ("dice", "steps one-hot", {}, []),
        ("binary_crossentropy", "yes or no", {"units": 1, "activation": "sigmoid"}, []),
    ],
)
def test_cases_that_people_bring(loss, labels, ending, remedies):
    assert _told(loss, _labels(labels), **ending) == remedies
