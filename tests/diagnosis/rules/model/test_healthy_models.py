"""Models that people build without a fault: no rule of the family may say a word about their structure."""

from __future__ import annotations

import dataclasses

import keras
import numpy as np
import pytest
from keras import layers

from segmend import losses, metrics, models
from segmend.anatomy import of_keras
from segmend.core.task import Task
from segmend.diagnosis import doctor, registry
from tests.diagnosis.rules.model import seeded

STAGES = [{"kernel": 3, "dilation": 2**k} for k in range(4)]
COARSE = [{"kernel": 3}, {"kernel": 4, "stride": 2}, {"kernel": 3, "up": 2}]


def head(x, activation="softmax"):
    return layers.Dense(3, activation=activation)(x)


def tcn(x):
    for k in range(4):
        y = layers.Conv1D(8, 3, padding="same", dilation_rate=2**k, activation="relu")(x)
        x = layers.Add()([layers.Conv1D(8, 1)(x), y])
    return head(x)


def unet(x):
    a = layers.Conv1D(8, 3, padding="same", activation="relu")(x)
    b = layers.Conv1D(8, 3, padding="same", activation="relu")(layers.MaxPooling1D(2)(a))
    up = layers.UpSampling1D(2)(b)
    return head(layers.Conv1D(8, 3, padding="same")(layers.Concatenate()([a, up])))


def both_ways(x):
    x = layers.Bidirectional(layers.LSTM(4, return_sequences=True))(layers.Masking()(x))
    return head(layers.Dropout(0.2)(x))


def conv_and_recurrent(x):
    x = layers.BatchNormalization()(layers.Conv1D(8, 5, padding="same", activation="relu")(x))
    return head(layers.Bidirectional(layers.GRU(4, return_sequences=True))(x))


def transformer(x):
    x = layers.Dense(8)(x)
    y = layers.Add()([x, layers.MultiHeadAttention(2, 4)(x, x)])
    return head(layers.LayerNormalization()(y))


def sequence_classifier(x):
    x = layers.LSTM(4, return_sequences=True)(layers.Masking()(x))
    return head(layers.LSTM(4)(x))


def both_ways_classifier(x):
    return head(layers.Bidirectional(layers.LSTM(4))(x))


def pooled_classifier(x):
    x = layers.Conv1D(8, 5, activation="relu")(x)
    return head(layers.GlobalAveragePooling1D()(layers.MaxPooling1D(2)(x)))


def attention_pooling(x):
    x = layers.Bidirectional(layers.GRU(4, return_sequences=True))(x)
    weights = layers.Softmax(axis=1)(layers.Dense(1)(x))
    return head(layers.Flatten()(layers.Dot(axes=1)([weights, x])))


def image_classifier(x):
    x = layers.MaxPooling2D()(layers.Conv2D(8, 3, activation="relu")(layers.Rescaling(1 / 255)(x)))
    return head(layers.Dense(16, activation="relu")(layers.Flatten()(x)))


def image_segmenter(x):
    a = layers.Conv2D(8, 3, padding="same", activation="relu")(x)
    b = layers.Conv2D(8, 3, padding="same", activation="relu")(layers.MaxPooling2D(2)(a))
    return head(layers.Concatenate()([a, layers.Conv2DTranspose(8, 2, strides=2)(b)]))


def labels_at_once(x):
    return head(layers.GlobalMaxPooling1D()(layers.Conv1D(8, 5, activation="relu")(x)), "sigmoid")


SIGNALS, IMAGES = (96, 2), (32, 32, 3)
SEGMENTATION, CLASSIFICATION = "segmentation", "classification"
BUILT = [
    (tcn, SIGNALS, SEGMENTATION),
    (unet, SIGNALS, SEGMENTATION),
    (both_ways, SIGNALS, SEGMENTATION),
    (conv_and_recurrent, SIGNALS, SEGMENTATION),
    (transformer, SIGNALS, SEGMENTATION),
    (sequence_classifier, SIGNALS, CLASSIFICATION),
    (both_ways_classifier, SIGNALS, CLASSIFICATION),
    (pooled_classifier, SIGNALS, CLASSIFICATION),
    (attention_pooling, SIGNALS, CLASSIFICATION),
    (labels_at_once, SIGNALS, "multilabel-classification"),
    (image_classifier, IMAGES, CLASSIFICATION),
    (image_segmenter, IMAGES, SEGMENTATION),
]


def _said(model, task, *, wrong=0.0):
    """Names of the rules that have something to say about a model that predicts well."""
    drawn = seeded.drawn(task, wrong, 0)
    facts = seeded.facts(drawn)
    chart = dataclasses.replace(drawn, anatomy=of_keras(model), targets=facts)
    record = doctor.examine(chart, only=set(registry.family("M")), strict=True)
    return [f"{finding.rule}: {finding.message}" for finding in record.findings]


def _compile(model, task):
    loss = "binary_crossentropy" if task.labels == "multilabel" else "sparse_categorical_crossentropy"
    several = task.labels == "multilabel"
    model.compile("adam", loss, metrics=["accuracy", metrics.of("macro_f1", labels=3, multilabel=several)])
    return model


@pytest.mark.parametrize(("build", "shape", "name"), BUILT, ids=[each[0].__name__ for each in BUILT])
def test_common_models(build, shape, name):
    task = Task.named(name, 3, rank=len(shape) - 1)
    inputs = keras.Input(shape)
    assert _said(_compile(keras.Model(inputs, build(inputs)), task), task) == []


@pytest.mark.parametrize("rank", [1, 2])
@pytest.mark.parametrize("multilabel", [False, True])
def test_models_of_segments(rank, multilabel):
    task = Task.named("multilabel-segmentation" if multilabel else "segmentation", 3, rank=rank)
    facts = {"channels": 2, "classes": 3, "filters": 8, "rank": rank, "multilabel": multilabel}
    built = [models.tcn(STAGES, **facts), models.tcn(COARSE, norm="layer", **facts), models.unet(**facts)]
    if rank == 1:
        shares = [0.7, 0.2, 0.1]
        built.append(models.recurrent(STAGES, **{k: v for k, v in facts.items() if k != "rank"}, bias=shares))
        built.append(
            models.lstm(**{k: v for k, v in facts.items() if k not in ("rank", "filters")}, bidirectional=True)
        )
    for model in built:
        if multilabel:
            model.compile("adam", losses.BinaryCrossEntropy() + losses.Dice(multilabel=True))
        else:
            model.compile("adam", losses.CrossEntropy() + losses.Dice())
        assert _said(model, task) == [], model.name


@pytest.mark.parametrize(("build", "rank"), [("inception", 1), ("residual", 1), ("residual", 2), ("inception", 2)])
def test_models_of_whole_recordings(build, rank):
    task = Task.named("classification", 3, rank=rank)
    model = getattr(models, build)(channels=2, classes=3, filters=4, rank=rank)
    model.compile("adam", losses.CrossEntropy())
    assert _said(model, task) == []


def test_an_uncompiled_and_a_subclassed_model():
    class Own(keras.Model):
        def __init__(self):
            super().__init__()
            self.conv = layers.Conv1D(3, 3, padding="same", activation="softmax")

        def call(self, inputs):
            return self.conv(inputs)

    own = Own()
    own(np.zeros((1, 96, 2), "float32"))
    assert _said(own, Task.named("segmentation", 3)) == []
