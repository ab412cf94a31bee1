"""What holds for every step metric: the ruler's numbers, any rank, nothing from ignored steps, batches add up."""

from __future__ import annotations

import keras
import numpy as np
import pytest
from keras import ops
from sklearn.metrics import precision_recall_fscore_support

from segmend import metrics
from segmend.core.labels import Labels
from segmend.scoring import readings
from segmend.scoring.steps import count_steps
from tests.backends import number

pytestmark = pytest.mark.backend

CLASSES = 4
LABELS = Labels.numbered(CLASSES, background=None)
SPATIAL = {1: (9,), 2: (5, 4), 3: (3, 4, 2)}
COST = np.arange(16.0).reshape(4, 4)
EVERY = [(name, multilabel) for multilabel in (False, True) for name in metrics.names(multilabel=multilabel)]


def over(cases):
    spell = {False: "multiclass", True: "multilabel"}
    return pytest.mark.parametrize(("name", "multilabel"), cases, ids=lambda part: spell.get(part, part))


every_metric = over(EVERY)
every_reading = over([(name, multilabel) for name, multilabel in EVERY if not name.startswith(("micro_", "weighted_"))])
every_rank = pytest.mark.parametrize("rank", list(SPATIAL))


def batch(multilabel, rank=1, seed=0, recordings=3):
    rng = np.random.default_rng(seed)
    shape = (recordings, *SPATIAL[rank])
    y_prob = rng.random((*shape, CLASSES)).astype("float32")
    weight = rng.integers(0, 3, shape).astype("float32")
    if multilabel:
        y_true = rng.integers(0, 2, y_prob.shape)
        y_true[rng.random(shape) < 0.2] = -1
        y_true[..., -1] = np.minimum(y_true[..., -1], 0)  # the last class is only ever predicted
        return y_true, y_prob, weight
    return rng.integers(-1, CLASSES - 1, shape), y_prob / y_prob.sum(axis=-1, keepdims=True), weight


def build(name, multilabel):
    return metrics.of(name, labels=CLASSES, multilabel=multilabel, beta=2.0, cost=COST)


def value(name, multilabel, *batches):
    metric = build(name, multilabel)
    for parts in batches:
        metric.update_state(*parts)
    return plain(metric.result())


def plain(result):
    if isinstance(result, dict):
        return np.array([number(one) for one in result.values()])
    return np.array([number(result)])


def ruler(name, multilabel, y_true, y_prob, weight=None):
    """The same from the scores' whole-number counts: a step of weight 2 is there twice, of weight 0 not at all."""
    y_pred = (y_prob >= 0.5).astype(int) if multilabel else y_prob.argmax(axis=-1)
    steps = y_true.shape[: y_prob.ndim - 1]
    times = np.ones(steps, int) if weight is None else weight.astype(int)
    true, pred = (np.repeat(side.reshape(-1, *side.shape[len(steps) :]), times.ravel(), 0) for side in (y_true, y_pred))
    counted = count_steps([true], [pred], LABELS, multilabel=multilabel)
    counts = counted.pooled()
    if name in ("step_accuracy", "subset_accuracy"):
        return counted.right / counted.judged
    if name == "hamming_accuracy":
        return np.array([readings.averaged(readings.accuracy, counts, "micro")])
    if name == "expected_cost":
        return np.array([readings.expected_cost(counted.table(), COST)])
    if name in ("balanced_accuracy", "kappa", "matthews"):
        return np.array([getattr(readings, name)(counts)])
    average = next((one for one in ("micro", "macro", "weighted") if name.startswith(one)), None)
    reading = name.removeprefix(f"{average}_")
    read = (lambda table, **_: readings.f_beta(table, beta=2.0)) if reading == "f_beta" else getattr(readings, reading)
    return np.atleast_1d(readings.averaged(read, counts, average))


@every_metric
@every_rank
def test_it_agrees_with_the_scores(name, multilabel, rank):
    y_true, y_prob, weight = batch(multilabel, rank)
    for parts in ((y_true, y_prob), (y_true, y_prob, weight)):
        np.testing.assert_allclose(value(name, multilabel, parts), ruler(name, multilabel, *parts), rtol=2e-5)


@every_reading
def test_two_batches_read_as_one(name, multilabel):
    y_true, y_prob, _ = batch(multilabel)
    halves = (y_true[:1], y_prob[:1]), (y_true[1:], y_prob[1:])
    np.testing.assert_allclose(value(name, multilabel, *halves), value(name, multilabel, (y_true, y_prob)), rtol=1e-6)


@every_reading
def test_a_mask_ignores_like_minus_one(name, multilabel):
    y_true, y_prob, _ = batch(multilabel)
    kept = np.arange(9) < 6
    y_pred = ops.convert_to_tensor(y_prob)
    keras.src.backend.set_keras_mask(y_pred, ops.convert_to_tensor(np.broadcast_to(kept, (3, 9)).copy()))
    masked = value(name, multilabel, (y_true, y_pred))
    cut = np.where(kept[:, None] if multilabel else kept, y_true, -1)
    np.testing.assert_allclose(masked, value(name, multilabel, (cut, y_prob)), rtol=1e-6)


@every_reading
def test_logits_are_read_as_the_probabilities_they_stand_for(name, multilabel):
    y_true, y_prob, _ = batch(multilabel)
    logits = np.log(y_prob) - np.log1p(-y_prob) if multilabel else np.log(y_prob) + 3.0
    metric = metrics.of(name, labels=CLASSES, multilabel=multilabel, beta=2.0, cost=COST, from_logits=True)
    metric.update_state(y_true, logits)
    np.testing.assert_allclose(plain(metric.result()), value(name, multilabel, (y_true, y_prob)), rtol=1e-6)


@every_reading
def test_reset_forgets_and_the_configuration_makes_the_same_metric(name, multilabel):
    y_true, y_prob, _ = batch(multilabel)
    metric = build(name, multilabel)
    twin = keras.metrics.deserialize(keras.metrics.serialize(metric))
    metric.update_state(*batch(multilabel, seed=5)[:2])
    metric.reset_state()
    for one in (metric, twin):
        one.update_state(y_true, y_prob)
        np.testing.assert_allclose(plain(one.result()), value(name, multilabel, (y_true, y_prob)), rtol=1e-6)
    assert twin.name == metric.name


@every_reading
def test_nothing_judged_is_undefined(name, multilabel):
    y_true, y_prob, _ = batch(multilabel)
    assert np.isnan(value(name, multilabel, (np.full_like(y_true, -1), y_prob))).all()


def test_a_compiled_model_logs_metrics_by_name():
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((None, 2)), keras.layers.Conv1D(2, 1, activation="softmax")])
    labels = ["rest", "stroke"]
    logged = [metrics.of(name, labels=labels) for name in ("macro_f1", "recall", "kappa")]
    model.compile("adam", "sparse_categorical_crossentropy", metrics=logged)
    x = np.random.default_rng(0).normal(size=(4, 12, 2)).astype("float32")
    y = (x[..., 0] > 0).astype("int32")
    logs = model.fit(x, y, validation_data=(x, y), verbose=0).history
    y_prob = model.predict(x, verbose=0)
    assert logs["val_macro_f1"][0] == pytest.approx(reference_two(y, y_prob), rel=1e-5)
    assert {"recall_rest", "recall_stroke", "val_recall_stroke", "val_kappa"} <= set(logs)


def reference_two(y_true, y_prob):
    found = precision_recall_fscore_support(y_true.ravel(), y_prob.argmax(-1).ravel(), average="macro")
    return found[2]


def test_a_compiled_multilabel_model_logs_metrics_by_name():
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((None, 2)), keras.layers.Conv1D(2, 1)])
    options = {"labels": ["cough", "speech"], "multilabel": True, "from_logits": True}
    logged = [metrics.of(name, **options) for name in ("iou", "subset_accuracy")]
    model.compile("adam", keras.losses.BinaryCrossentropy(from_logits=True), metrics=logged)
    x = np.random.default_rng(0).normal(size=(4, 12, 2)).astype("float32")
    y = (x > 0).astype("int32")
    logs = model.fit(x, y, validation_data=(x, y), verbose=0).history
    right = ((model.predict(x, verbose=0) >= 0) == y).all(axis=-1)
    assert logs["val_subset_accuracy"][0] == pytest.approx(right.mean(), rel=1e-5)
    assert {"val_iou_cough", "val_iou_speech"} <= set(logs)
