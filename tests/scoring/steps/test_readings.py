"""Readings of steps against scikit-learn, over averages and label structures."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as sk

from segmend.core.labels import Labels
from segmend.scoring import readings
from segmend.scoring.levels.step import readings_of, step_level
from segmend.scoring.presets import preset_named
from segmend.scoring.readings import averaged
from segmend.scoring.steps import count_steps

CLASSES = 4
LABELS = Labels.numbered(CLASSES, None)


def drawn(seed, multilabel=False, present=CLASSES):
    rng = np.random.default_rng(seed)
    if multilabel:
        return rng.integers(0, 2, (30, CLASSES)), rng.integers(0, 2, (30, CLASSES))
    return rng.integers(0, present, 30), rng.integers(0, CLASSES, 30)


def by_scikit_learn(name, true, pred, average):
    """Undefined classes are left out, as DEFINITIONS asks: so only those that are there or predicted are averaged."""
    options = {"average": average, "zero_division": np.nan}
    if true.ndim == 1 and average != "micro":
        options["labels"] = range(CLASSES)
    if name == "iou":
        tables = sk.multilabel_confusion_matrix(true, pred, labels=range(CLASSES))
        tp, fp, fn = tables[:, 1, 1], tables[:, 0, 1], tables[:, 1, 0]
        if average == "micro":
            return tp.sum() / (tp + fp + fn).sum()
        with np.errstate(invalid="ignore"):
            each = tp / (tp + fp + fn)
        known = ~np.isnan(each)
        return (
            each
            if average is None
            else np.average(each[known], weights=(tp + fn)[known] if average[0] == "w" else None)
        )
    if name == "f_beta":
        return sk.fbeta_score(true, pred, beta=2.0, **options)
    return {"precision": sk.precision_score, "recall": sk.recall_score, "f1": sk.f1_score}[name](true, pred, **options)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.booleans(), st.sampled_from(["micro", "macro", "weighted", None]))
def test_every_reading_agrees_with_scikit_learn(seed, multilabel, average):
    true, pred = drawn(seed, multilabel)
    counts = count_steps([true], [pred], LABELS, multilabel=multilabel).pooled()
    for name, reading in readings_of(2.0).items():
        np.testing.assert_allclose(
            averaged(reading, counts, average), by_scikit_learn(name, true, pred, average), rtol=1e-12, err_msg=name
        )


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, CLASSES))
def test_agreement_of_all_classes_agrees_with_scikit_learn(seed, present):
    true, pred = drawn(seed, present=present)
    pred = np.minimum(pred, present - 1)  # scikit-learn warns of classes that are only predicted
    counts = count_steps([true], [pred], LABELS).pooled()
    assert readings.balanced_accuracy(counts) == pytest.approx(sk.balanced_accuracy_score(true, pred))
    assert readings.kappa(counts) == pytest.approx(sk.cohen_kappa_score(true, pred))
    assert readings.matthews(counts) == pytest.approx(sk.matthews_corrcoef(true, pred))


def test_one_class_alone_has_neither_chance_nor_correlation():
    counts = count_steps([np.zeros(5, int)], [np.zeros(5, int)], LABELS).pooled()
    assert np.isnan(readings.kappa(counts)) and np.isnan(readings.matthews(counts))
    assert readings.balanced_accuracy(counts) == 1


def test_large_numbers_of_steps_do_not_overflow():
    counts = readings.Counts(np.array([4e9, 3e9]).astype(np.int64), *[np.array([10**9, 10**9])] * 2)
    assert readings.kappa(counts) == pytest.approx(0.55, abs=0.01)
    assert readings.matthews(counts) == pytest.approx(readings.kappa(counts))


def test_multilabel_steps_have_hamming_and_subset_accuracy_and_no_plain_one():
    true, pred = drawn(3, multilabel=True)
    scores = step_level(count_steps([true], [pred], LABELS, multilabel=True), preset_named("segmend"), None)
    assert scores["hamming_accuracy"] == pytest.approx(1 - sk.hamming_loss(true, pred))
    assert scores["subset_accuracy"] == pytest.approx(sk.accuracy_score(true, pred))
    for name in ("accuracy", "kappa", "matthews", "expected_cost"):
        assert np.isnan(scores[name]), name
    assert scores["confusion"] is None


def test_the_expected_cost_is_the_mean_over_steps():
    true, pred = drawn(1)
    cost = np.arange(16.0).reshape(4, 4)
    scores = step_level(count_steps([true], [pred], LABELS), preset_named("segmend"), None, cost=cost)
    assert scores["expected_cost"] == pytest.approx(np.mean([cost[t, p] for t, p in zip(true, pred, strict=True)]))
    assert scores["confusion"] == sk.confusion_matrix(true, pred, labels=range(4)).tolist()
