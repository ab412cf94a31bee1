import numpy as np
import pytest

from segmend.artifacts.anatomy import LayerFacts
from segmend.core.task import Task
from segmend.diagnosis.rules.model.output_length_mismatch import OutputLengthMismatch
from segmend.pipeline.inputs.batches import Examples
from segmend.pipeline.inputs.targets import label_axes, target_facts
from tests.diagnosis.rules.model.anatomies import anatomy, chart, conv, targets

CUTTING = [conv("first", padding="valid"), conv("second", padding="valid"), conv("head", kernel=1)]


def sick():
    return chart(anatomy=anatomy("softmax", layers=CUTTING), targets=targets((60, 90), (56, 86)))


def healthy():
    return chart(anatomy=anatomy("softmax"), targets=targets((60, 90)))


def _findings(**parts):
    return list(OutputLengthMismatch().examine(chart(**parts)))


def test_valid_padding_is_named():
    (finding,) = OutputLengthMismatch().examine(sick())
    assert finding.message == (
        "The output has 56 steps where the labels have 60, in 2 of 2 recordings, by first (Conv1D), second (Conv1D)"
    )
    assert (finding.evidence["difference"], finding.evidence["ratio"]) == (4, None)
    assert 'padding="same" in first (Conv1D), second (Conv1D)' in finding.remedies[0].advice


def test_stride_is_named_with_its_product():
    layers = [
        conv("down", strides=[2]),
        LayerFacts(name="pool", kind="MaxPooling1D", parameters=0, config={"pool_size": [2]}),
    ]
    (finding,) = _findings(anatomy=anatomy("softmax", layers=layers), targets=targets((60, 91), (15, 23)))
    assert finding.evidence["ratio"] == 4
    assert finding.evidence["layers"] == ["down (Conv1D)", "pool (MaxPooling1D)"]
    assert "UpSampling1D(4)" in finding.remedies[0].advice


def test_an_output_that_is_too_long_is_cropped():
    (finding,) = _findings(targets=targets((61, 63), (64, 64)))
    assert finding.evidence["difference"] is None
    assert "Crop" in finding.remedies[0].advice


def test_one_row_per_recording_names_the_layer_that_sums_up():
    layers = [LayerFacts(name="lstm", kind="LSTM", parameters=0, config={"return_sequences": False})]
    facts = targets((60, 60), output_shape=[2, 4], output_sizes=[[], []])
    (finding,) = _findings(anatomy=anatomy("softmax", layers=layers), targets=facts)
    assert "one row of 4 values per recording" in finding.message
    assert "lstm (LSTM)" in finding.message


def test_a_row_per_step_against_a_label_per_recording():
    (finding,) = _findings(targets=targets((1, 1), (60, 60), shape=[2, 1]))
    assert "each of up to 60 steps, the labels have one value per recording" in finding.message


def test_labels_per_recording_that_fit_are_no_fault():
    whole = {"sizes": [[], []], "output_sizes": [[], []]}
    assert _findings(targets=targets((1, 1), shape=[2], output_shape=[2, 4], **whole)) == []
    (finding,) = _findings(targets=targets((1, 1), shape=[2], output_shape=[2, 4], classes=5, **whole))
    assert "The labels have 5 classes, the output 4 channels" in finding.message


@pytest.mark.parametrize(
    ("form", "classes", "channels", "fires"),
    [
        ("dense", 5, 4, True),
        ("dense", 3, 4, False),
        ("dense", 2, 1, False),
        ("dense", 3, 1, True),
        ("one-hot", 3, 4, True),
        ("one-hot", 4, 4, False),
    ],
)
def test_classes_against_channels(form, classes, channels, fires):
    found = _findings(targets=targets(form=form, classes=classes, channels=channels))
    assert [finding.evidence["classes"] for finding in found] == [classes] * fires


@pytest.mark.parametrize(
    ("sizes", "output_sizes", "words"),
    [
        ([[64, 48]], [[60, 44]], "The output has 60 x 44 pixels where the labels have 64 x 48, in 1 of 1 images"),
        ([[64, 48]], [[32, 24]], "UpSampling2D(2)"),
        ([[61, 48]], [[64, 48]], "Cropping2D"),
        ([[64, 48]], [[]], "one row of 4 values per image, the labels have one value for each of up to 64 x 48 pixels"),
        ([[]], [[64, 48]], "a row for each of up to 64 x 48 pixels, the labels have one value per image"),
    ],
)
def test_images(sizes, output_sizes, words):
    facts = targets(sizes=sizes, output_sizes=output_sizes)
    (finding,) = _findings(task=Task("segmentation", "multiclass", 2, 4), targets=facts)
    assert words in f"{finding.message} {finding.remedies[0].advice}"


def test_works_without_an_anatomy():
    (finding,) = _findings(anatomy=None, targets=targets((60,), (56,)))
    assert finding.evidence["layers"] == []


def test_on_a_real_model():
    import keras

    import segmend

    layers = [keras.layers.Conv1D(4, 5, padding="valid", name=f"conv{k}") for k in range(2)]
    model = keras.Sequential([keras.Input((None, 2)), *layers, keras.layers.Dense(3, activation="softmax")])
    x = np.random.default_rng(0).normal(size=(4, 60, 2)).astype("float32")
    diagnosis = segmend.diagnose(model, x, np.repeat([[0, 1, 2]], 20, axis=1).repeat(4, axis=0), preview=True)
    finding = next(finding for finding in diagnosis.findings if finding.rule == "output-length-mismatch")
    assert finding.evidence["difference"] == 8
    assert finding.evidence["layers"] == ["conv0 (Conv1D)", "conv1 (Conv1D)"]


@pytest.mark.parametrize(
    ("summed", "y", "words"),
    [
        (
            True,
            np.zeros((6, 30), int),
            "one row of 3 values per recording, the labels have one value for each of up to 30",
        ),
        (True, np.eye(3, dtype=int)[np.zeros((6, 30), int)], "the labels have one value for each of up to 30 steps"),
        (False, np.arange(6) % 3, "a row for each of up to 30 steps, the labels have one value per recording"),
        (False, np.eye(3, dtype=int)[np.arange(6) % 3], "for each of up to 30 steps, the labels have one value per"),
        (False, np.ones((6, 3), int), "a row for each of up to 30 steps, the labels have one value per recording"),
        (True, np.arange(6) % 3, None),
        (True, np.eye(3, dtype=int)[np.arange(6) % 3], None),
        (False, np.zeros((6, 30), int), None),
        (False, np.eye(3, dtype=int)[np.zeros((6, 30), int)], None),
    ],
)
def test_labels_of_steps_against_an_output_of_recordings_and_the_reverse(summed, y, words):
    outputs = [np.zeros(3) if summed else np.zeros((30, 3))] * 6
    axes = label_axes(Examples([np.zeros((30, 2))] * 6, list(y), None), outputs)
    found = _findings(targets=target_facts(list(y), outputs, axes))
    assert len(found) == (words is not None)
    if words:
        assert words in found[0].message


def test_labels_of_steps_against_an_output_of_recordings_on_a_real_model():
    import keras

    import segmend

    body = [keras.layers.LSTM(4), keras.layers.Dense(3, activation="softmax")]
    model = keras.Sequential([keras.Input((30, 2)), *body])
    x = np.random.default_rng(0).normal(size=(6, 30, 2)).astype("float32")
    found = segmend.diagnose(
        model, x, np.eye(3, dtype=int)[np.arange(180).reshape(6, 30) // 20 % 3], preview=True
    ).findings
    (finding,) = [finding for finding in found if finding.rule == "output-length-mismatch"]
    assert "return_sequences=True" in finding.remedies[0].advice
