"""The demo's patient: the model that everyone starts with, trained as everyone trains it."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from segmend.artifacts.anatomy import Anatomy
from segmend.artifacts.prediction import Prediction
from segmend.core.dataset import Dataset
from segmend.core.rasterize import rasterize
from segmend.core.recording import Recording
from segmend.core.types import IntArray

WINDOW = 256
EPOCHS = 30
BATCH = 16


def train_starter(data: Dataset, *, seed: int) -> Any:
    """Two convolutions, cross-entropy per step, Adam, on windows of the role "train" with standardised channels.

    Args:
        data: with a role "train".
        seed: of weights and of the order of windows.

    Returns:
        A compiled Keras model ``(batch, steps, channels) -> (batch, steps, classes)``.
    """
    import keras

    from segmend.models.two_convolutions import two_convolutions

    recordings = data.part("train")
    signals = [np.asarray(recording.signal) for recording in recordings]
    every = np.concatenate(signals)
    keras.utils.set_random_seed(seed)
    model = two_convolutions(
        channels=len(data.channels),
        classes=len(data.labels),
        mean=every.mean(axis=0).tolist(),
        std=every.std(axis=0).tolist(),
    )
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
    x = np.concatenate([_windows(signal) for signal in signals])
    y = np.concatenate([_windows(_truth(recording, data)) for recording in recordings])
    model.fit(x, y, epochs=EPOCHS, batch_size=BATCH, verbose=0)
    return model


def predict_role(model: Any, data: Dataset, role: str, anatomy: Anatomy | None) -> Prediction:
    """The model's probabilities for the recordings of one role, beside what is true."""
    from segmend.prediction.whole import predict_whole

    recordings = data.part(role)
    y_prob = tuple(predict_whole(model, [recording.signal for recording in recordings], anatomy))
    return Prediction(
        names=tuple(recording.name for recording in recordings),
        labels=data.labels,
        y_true=tuple(_truth(recording, data) for recording in recordings),
        y_pred=tuple(np.argmax(rows, axis=1) for rows in y_prob),
        y_prob=y_prob,
        reference=tuple(recording.segments for recording in recordings if recording.segments is not None),
        groups=tuple(recording.group for recording in recordings),
        splits={role: tuple(recording.name for recording in recordings)},
        sampling_rate_hz=data.sampling_rate_hz,
    )


def together(one: Prediction, other: Prediction) -> Prediction:
    """Two roles' predictions as one, with both roles in its splits."""
    columns = ("names", "y_true", "y_pred", "y_prob", "reference", "groups")
    joined: dict[str, Any] = {column: (*getattr(one, column), *getattr(other, column)) for column in columns}
    return dataclasses.replace(one, **joined, splits={**one.splits, **other.splits})


def _truth(recording: Recording, data: Dataset) -> IntArray:
    assert recording.segments is not None
    return rasterize(recording.segments, recording.steps, data.labels.background)


def _windows(rows: Any) -> Any:
    """Whole windows of a recording, the rest left out; shape (windows, WINDOW, ...)."""
    return rows[: len(rows) // WINDOW * WINDOW].reshape(-1, WINDOW, *rows.shape[1:])
