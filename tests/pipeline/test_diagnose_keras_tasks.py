"""The doctor on Keras models of images, of whole recordings and of overlapping labels."""

import dataclasses

import keras
import numpy as np
import pytest

import segmend
from segmend.core.task import Task
from segmend.errors import InputError

RNG = np.random.default_rng(0)
MASKS = np.zeros((4, 24, 16), int)
MASKS[:, 3:10, 3:9] = MASKS[:, 14:20, 5:13] = 1
PHOTOS = (MASKS[..., None] + RNG.normal(0, 0.05, (4, 24, 16, 1))).astype("float32")
LABELS = np.array([[1, 0, 1], [0, 1, 1], [1, 1, 0], [0, 0, 0]])


def _pixelwise(*, padding="same", strides=1, size=(None, None)):
    """Class 1 where the pixel is bright."""
    layer = keras.layers.Conv2D(2, 3, strides, padding=padding, activation="softmax", name="head")
    model = keras.Sequential([keras.Input((*size, 1)), layer])
    kernel = np.zeros((3, 3, 1, 2), "float32")
    kernel[1, 1, 0] = -12, 12
    layer.set_weights([kernel, np.array([6, -6], "float32")])
    return model


def _wide(data):
    """The data with another channel."""
    wider = [dataclasses.replace(each, signal=np.repeat(each.signal, 2, axis=-1)) for each in data.recordings]
    return dataclasses.replace(data, recordings=tuple(wider), channels=("x", "y"))


def _of_images(activation, loss):
    """Three numbers for each image; what they are does not matter."""
    layers = [keras.layers.GlobalAveragePooling2D(), keras.layers.Dense(3, activation=activation)]
    model = keras.Sequential([keras.Input((None, None, 1)), *layers])
    model.compile("sgd", loss)
    return model


def test_a_sound_model_of_images_has_no_fault():
    diagnosis = segmend.diagnose(_pixelwise(), PHOTOS, MASKS, labels=["cell"])
    assert diagnosis.chart.task == Task("segmentation", "multiclass", 2, 2)
    assert diagnosis.chart.scores["count"]["predicted"] == diagnosis.chart.scores["count"]["reference"] == 8
    assert diagnosis.findings == ()
    assert "8 objects predicted where there are 8" in str(diagnosis)


def test_images_of_other_sizes_than_the_models_go_through_in_tiles():
    diagnosis = segmend.diagnose(_pixelwise(size=(16, 16)), PHOTOS, MASKS)
    assert diagnosis.chart.scores["segment"]["f1@50"] == 1


@pytest.mark.parametrize(
    ("parts", "size", "advice"),
    [
        ({"padding": "valid"}, "22 x 14", 'padding="same" in head (Conv2D)'),
        ({"strides": 2}, "12 x 8", "UpSampling2D(2)"),
    ],
)
def test_layers_that_change_the_size_are_named(parts, size, advice):
    (finding,) = segmend.diagnose(_pixelwise(**parts), PHOTOS, MASKS).findings
    assert f"{size} pixels where the labels have 24 x 16" in finding.message
    assert advice in finding.remedies[0].advice


def test_softmax_over_labels_that_overlap_is_found():
    diagnosis = segmend.diagnose(_of_images("softmax", "binary_crossentropy"), PHOTOS, LABELS)
    assert diagnosis.chart.task == Task("classification", "multilabel", 2, 3)
    finding = next(each for each in diagnosis.findings if each.rule == "activation-loss-mismatch")
    assert finding.severity == "error" and finding.remedies[0].name == "use-sigmoid"


@pytest.mark.parametrize("loss", [keras.losses.BinaryCrossentropy(from_logits=True), "own"])
def test_logits_of_overlapping_labels_take_the_sigmoid(loss):
    loss = segmend.losses.BinaryCrossEntropy(from_logits=True) if loss == "own" else loss
    model = _of_images(None, loss)
    diagnosis = segmend.diagnose(model, PHOTOS, LABELS)
    expected = 1 / (1 + np.exp(-model.predict(PHOTOS, verbose=0)))
    np.testing.assert_allclose(np.stack(diagnosis.chart.prediction.y_prob), expected, atol=1e-5)
    assert "activation-loss-mismatch" not in {each.rule for each in diagnosis.findings}


def test_channels_that_are_not_the_models_are_refused():
    with pytest.raises(InputError, match=r"x\[0\]: expected 1 channels as the model takes. Received 3"):
        segmend.diagnose(_pixelwise(), np.repeat(PHOTOS, 3, axis=-1), MASKS)
    with pytest.raises(InputError, match=r"x\[0\]: expected shape \(None, None, 1\) as the model takes"):
        segmend.diagnose(_pixelwise(), PHOTOS[..., 0], MASKS)


def test_a_model_is_watched_on_a_folder_of_each_task(tmp_path):
    from segmend.pipeline.charting.watch_dataset import watch_dataset
    from tests.pipeline.runs.tasks import TASKS, dataset

    for task in TASKS:
        data = dataset(task)
        whole, several = task.kind == "classification", task.labels == "multilabel"

        def answer(x, task=task, whole=whole, several=several):
            mean = np.reshape(x, (len(x), -1)).mean(axis=1)[:, None] if whole else x
            near = np.exp(-np.abs(mean - np.arange(3)))
            return near if several else near / near.sum(axis=-1, keepdims=True)

        seen = watch_dataset(answer, data)
        assert seen.refusal is None and seen.chart.task == task and seen.chart.judged_on == "val"
        assert (seen.chart.prediction.reference is not None) == (task.rank == 1 and not whole)
        assert (seen.chart.prediction.instances is not None) == (task.rank == 2 and not whole and not several)
        with pytest.raises(InputError, match=r"r\d: expected (1|shape)"):
            watch_dataset(keras.Sequential([keras.Input((*(None,) * task.rank, 1)), keras.layers.ReLU()]), _wide(data))
        wrong = watch_dataset(lambda x, answer=answer: answer(x)[..., :2], data)
        assert wrong.refusal is not None and wrong.chart.task == task


def test_overlapping_labels_of_steps_under_one_row_each_are_one_finding():
    """What could not be scored is still read as what it is: no class of background is made up."""
    x = RNG.normal(size=(6, 40, 1)).astype("float32")
    y = (RNG.random((6, 40, 3)) < 0.4).astype(int)
    layers = [keras.layers.GlobalAveragePooling1D(name="mean"), keras.layers.Dense(3, activation="sigmoid")]
    diagnosis = segmend.diagnose(keras.Sequential([keras.Input((None, 1)), *layers]), x, y, labels=["a", "b", "c"])
    assert diagnosis.chart.task == Task("segmentation", "multilabel", 1, 3)
    assert diagnosis.chart.labels.names == ("a", "b", "c") and diagnosis.chart.labels.background is None
    assert [finding.rule for finding in diagnosis.findings] == ["output-length-mismatch"]
