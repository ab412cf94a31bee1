"""What holds for every step metric: scikit-learn's numbers, any rank, nothing from ignored steps, batches add up."""

from __future__ import annotations

import keras
import numpy as np
import pytest
from keras import ops
from sklearn.metrics import multilabel_confusion_matrix, precision_recall_fscore_support

from segmend import metrics
from tests.backends import number

pytestmark = pytest.mark.backend

CLASSES = 4
SPATIAL = {1: (9,), 2: (5, 4), 3: (3, 4, 2)}
every_metric = pytest.mark.parametrize("name", metrics.names())
every_rank = pytest.mark.parametrize("rank", list(SPATIAL))


def batch(rank=1, seed=0, recordings=3):
    rng = np.random.default_rng(seed)
    shape = (recordings, *SPATIAL[rank])
    y_prob = rng.random((*shape, CLASSES)).astype("float32")
    y_true = rng.integers(-1, CLASSES - 1, shape)  # the last class is only ever predicted
    weight = rng.integers(0, 3, shape).astype("float32")
    return y_true, y_prob / y_prob.sum(axis=-1, keepdims=True), weight


def value(name, *batches):
    metric = metrics.of(name, labels=CLASSES)
    for parts in batches:
        metric.update_state(*parts)
    return plain(metric.result())


def plain(result):
    if isinstance(result, dict):
        return np.array([number(one) for one in result.values()])
    return np.array([number(result)])


def reference(name, y_true, y_prob, weight=None):
    """The same by scikit-learn, one class against the rest."""
    weight = np.ones(y_true.shape) if weight is None else weight
    keep = (y_true >= 0) & (weight > 0)
    true, pred, share = y_true[keep], y_prob.argmax(axis=-1)[keep], weight[keep]
    if name == "step_accuracy":
        return np.array([np.average(true == pred, weights=share)])
    average, _, reading = name.rpartition("_")
    average = average or None
    if reading in ("specificity", "iou"):
        return from_tables(reading, true, pred, share, average)
    there = np.unique(np.concatenate([true, pred]))
    options = {"labels": np.arange(CLASSES) if average is None else there, "average": average, "sample_weight": share}
    scores = precision_recall_fscore_support(true, pred, zero_division=np.nan, **options)
    return np.atleast_1d(scores[("precision", "recall", "f1").index(reading)])


def from_tables(reading, true, pred, share, average):
    """By scikit-learn's tables: its jaccard_score cannot leave out a class that is nowhere."""
    tables = multilabel_confusion_matrix(true, pred, labels=np.arange(CLASSES), sample_weight=share)
    (tn, fp), (fn, tp) = np.moveaxis(tables, 0, -1)
    above, below = (tn, tn + fp) if reading == "specificity" else (tp, tp + fp + fn)
    if average == "micro":
        return np.array([above.sum() / below.sum()])
    with np.errstate(invalid="ignore"):
        each = above / below
    known = ~np.isnan(each)
    weights = (tp + fn)[known] if average == "weighted" else None
    return each if average is None else np.array([np.average(each[known], weights=weights)])


@every_metric
@every_rank
def test_it_agrees_with_scikit_learn(name, rank):
    y_true, y_prob, weight = batch(rank)
    np.testing.assert_allclose(value(name, (y_true, y_prob)), reference(name, y_true, y_prob), rtol=1e-5)
    np.testing.assert_allclose(
        value(name, (y_true, y_prob, weight)), reference(name, y_true, y_prob, weight), rtol=1e-5
    )


@every_metric
def test_two_batches_read_as_one(name):
    y_true, y_prob, _ = batch()
    halves = (y_true[:1], y_prob[:1]), (y_true[1:], y_prob[1:])
    np.testing.assert_allclose(value(name, *halves), value(name, (y_true, y_prob)), rtol=1e-6)


@every_metric
def test_a_mask_ignores_like_minus_one(name):
    y_true, y_prob, _ = batch()
    kept = np.arange(9) < 6
    y_pred = ops.convert_to_tensor(y_prob)
    keras.src.backend.set_keras_mask(y_pred, ops.convert_to_tensor(np.broadcast_to(kept, y_true.shape).copy()))
    masked = value(name, (y_true, y_pred))
    np.testing.assert_allclose(masked, value(name, (np.where(kept, y_true, -1), y_prob)), rtol=1e-6)


@every_metric
def test_reset_forgets_and_the_configuration_makes_the_same_metric(name):
    y_true, y_prob, _ = batch()
    metric = metrics.of(name, labels=CLASSES)
    twin = keras.metrics.deserialize(keras.metrics.serialize(metric))
    metric.update_state(*batch(seed=5)[:2])
    metric.reset_state()
    for one in (metric, twin):
        one.update_state(y_true, y_prob)
        np.testing.assert_allclose(plain(one.result()), value(name, (y_true, y_prob)), rtol=1e-6)
    assert twin.name == metric.name


@every_metric
def test_nothing_judged_is_undefined(name):
    y_true, y_prob, _ = batch()
    assert np.isnan(value(name, (np.full_like(y_true, -1), y_prob))).all()


def test_a_compiled_model_logs_metrics_by_name():
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((None, 2)), keras.layers.Conv1D(2, 1, activation="softmax")])
    model.compile(
        "adam",
        "sparse_categorical_crossentropy",
        metrics=[metrics.of("macro_f1", labels=2), metrics.of("recall", labels=["rest", "stroke"])],
    )
    x = np.random.default_rng(0).normal(size=(4, 12, 2)).astype("float32")
    y = (x[..., 0] > 0).astype("int32")
    logs = model.fit(x, y, validation_data=(x, y), verbose=0).history
    y_prob = model.predict(x, verbose=0)
    assert logs["val_macro_f1"][0] == pytest.approx(reference_two(y, y_prob), rel=1e-5)
    assert {"recall_rest", "recall_stroke", "val_recall_stroke"} <= set(logs)


def reference_two(y_true, y_prob):
    found = precision_recall_fscore_support(y_true.ravel(), y_prob.argmax(-1).ravel(), average="macro")
    return found[2]
