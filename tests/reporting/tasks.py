"""Report content of every task, made in milliseconds."""

from __future__ import annotations

from typing import Any

import numpy as np

from segmend.artifacts.prediction import Prediction
from segmend.core.labels import Labels
from segmend.core.undecoded import undecoded
from segmend.pipeline.results.page import content_of, result_of
from segmend.reporting.content import ReportContent

SIDE = 48


def nuclei(count: int = 8, names: tuple[str, ...] = ("nucleus",), **more: Any) -> ReportContent:
    """Images of squares; the first prediction misses none, each further one misses one more."""
    labels = Labels.of(names)
    rng = np.random.default_rng(0)
    numbers = np.kron(np.arange(1, 10).reshape(3, 3), np.ones((16, 16), int))
    numbers[(np.indices(numbers.shape) % 16 < 3).any(axis=0)] = 0
    images = [rng.integers(0, 256, (SIDE, SIDE, 3)).astype(np.uint8) for _ in range(count)]
    found = [np.where(numbers > k, numbers, 0) for k in range(count)]
    prediction = Prediction(
        names=tuple(f"image {k}" for k in range(count)),
        labels=labels,
        y_true=((numbers > 0).astype(int),) * count,
        y_pred=tuple((row > 0).astype(int) for row in found),
        y_prob=tuple(_soft(rng, (row > 0).astype(int), len(labels)) for row in found),
        instances=(numbers,) * count,
        predicted_instances=tuple(found),
        rank=2,
    )
    return page(prediction, images, **more)


def lanes(names: tuple[str, ...] = ("left", "right"), **more: Any) -> ReportContent:
    """Two labels that overlap, of signals."""
    rng = np.random.default_rng(0)
    true = np.zeros((600, len(names)), np.int8)
    true[50:200, 0] = true[150:300, 1] = true[400:500, 1] = 1
    prob = np.clip(true * 0.8 + rng.normal(0.1, 0.1, true.shape), 0, 1)
    prediction = Prediction(
        names=("walk",),
        labels=Labels.of(names, None),
        y_true=(true,),
        y_pred=(undecoded(prob, multilabel=True),),
        y_prob=(prob,),
        multilabel=True,
        sampling_rate_hz=50.0,
    )
    return page(prediction, [rng.normal(size=(600, 2))], **more)


def classes(signals: Any, names: tuple[str, ...] = ("a", "b", "c"), **more: Any) -> ReportContent:
    """One class per recording; every fifth is wrong, the later the surer."""
    count, kinds = len(signals), len(names)
    true = np.arange(count) % kinds
    pred = np.where(np.arange(count) % 5 == 4, (true + 1) % kinds, true)
    sure = np.linspace(0.5, 0.95, count)
    prob = np.tile(((1 - sure) / (kinds - 1))[:, None], kinds)
    prob[np.arange(count), pred] = sure
    prediction = Prediction(
        names=tuple(f"recording {k}" for k in range(count)),
        labels=Labels.of(names, None),
        y_true=tuple(np.asarray(k) for k in true),
        y_pred=tuple(np.asarray(k) for k in pred),
        y_prob=tuple(prob),
        rank=0,
    )
    return page(prediction, signals, **more)


def many_labels(signals: Any, names: tuple[str, ...] = ("a", "b", "c"), **more: Any) -> ReportContent:
    """Any number of labels per recording; where the first is missed, the second is predicted in its place."""
    true = np.zeros((len(signals), len(names)), np.int8)
    true[::2, 0] = true[::3, 2] = 1
    prob = true * 0.7 + 0.15
    prob[::4, 0], prob[::4, 1] = 0.1, 0.9
    prediction = Prediction(
        names=tuple(f"recording {k}" for k in range(len(signals))),
        labels=Labels.of(names, None),
        y_true=tuple(true),
        y_pred=tuple(undecoded(prob, multilabel=True)),
        y_prob=tuple(prob),
        rank=0,
        multilabel=True,
    )
    return page(prediction, signals, **more)


def signals(count: int = 20) -> list[np.ndarray]:
    """Short signals of two channels."""
    return list(np.random.default_rng(0).normal(size=(count, 300, 2)))


def photos(count: int = 20) -> list[np.ndarray]:
    """Small images."""
    return list(np.random.default_rng(0).integers(0, 256, (count, 24, 24, 3)).astype(np.uint8))


def page(prediction: Prediction, recordings: Any, **more: Any) -> ReportContent:
    """Content as the verbs make it."""
    given = dict(zip(prediction.names, recordings, strict=True)) if recordings is not None else None
    return content_of(
        prediction, [result_of("model", prediction)], **{"title": "page", "signals": given, "judged_on": "test", **more}
    )


def _soft(rng: np.random.Generator, pred: np.ndarray, kinds: int) -> np.ndarray:
    prob = rng.random((*pred.shape, kinds)) * 0.2
    np.put_along_axis(prob, pred[..., None], 0.8, axis=-1)
    return prob / prob.sum(axis=-1, keepdims=True)
