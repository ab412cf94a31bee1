"""What other models say of the judged recordings, put on a chart."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np

from segmend.artifacts.chart import Chart
from segmend.artifacts.prediction import Prediction
from segmend.core.tensors import as_numpy
from segmend.core.types import IntArray
from segmend.diagnosis.failing_together import beside
from segmend.errors import InputError


def with_others(chart: Chart, others: Sequence[Any] | None) -> Chart:
    """The chart with what other models say of the same recordings; as it is where there are none.

    Args:
        chart: with the prediction that is judged.
        others: for each model one array per recording: probabilities ``(*spatial, classes)``, or class numbers
            shaped as the labels.

    Raises:
        InputError: recordings, shapes or numbers are not those of the judged prediction.
    """
    if not others:
        return chart
    if chart.prediction is None:
        raise InputError("others: expected a prediction to compare them with. Received none that could be judged")
    prediction = chart.prediction
    return dataclasses.replace(
        chart, others=tuple(_read(each, prediction, f"others[{k}]") for k, each in enumerate(others))
    )


def _read(given: Any, prediction: Prediction, name: str) -> Prediction:
    count = len(prediction.names)
    if not hasattr(given, "__len__") or len(given) != count:
        received = f"{len(given)}" if hasattr(given, "__len__") else type(given).__name__
        raise InputError(f"{name}: expected one array for each of {count} recordings. Received {received}")
    rows = [
        _labels(as_numpy(row), said, prediction, f"{name}[{k}]")
        for k, (row, said) in enumerate(zip(given, prediction.y_pred, strict=True))
    ]
    return beside(prediction, tuple(rows))


def _labels(row: Any, said: IntArray, prediction: Prediction, name: str) -> IntArray:
    """Class numbers of one recording."""
    classes, shape = len(prediction.labels), np.shape(said)
    whole = np.issubdtype(row.dtype, np.integer) or row.dtype == bool
    wide = shape if prediction.multilabel else (*shape, classes)
    if row.shape == shape and (whole or not prediction.multilabel):
        if row.size and not np.isin(row, np.arange(2 if prediction.multilabel else classes)).all():
            raise InputError(
                f"{name}: expected class numbers from 0 to {classes - 1}. Received {row.min()} to {row.max()}"
            )
        return row.astype(np.int64)
    if row.shape != wide:
        raise InputError(f"{name}: expected shape {wide} or {shape}. Received {row.shape}")
    if not np.isfinite(row).all():
        raise InputError(f"{name}: expected finite probabilities. Received some that are not")
    return (row >= 0.5).astype(np.int64) if prediction.multilabel else np.asarray(row.argmax(axis=-1))
