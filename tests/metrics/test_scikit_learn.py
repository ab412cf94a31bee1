"""Step metrics against scikit-learn's numbers, with fractional weights, which the scores' whole counts cannot have."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics as peer

from segmend import metrics
from tests.backends import number

CLASSES = 4
RANKS = {1: (3, 40), 2: (3, 6, 7), 3: (2, 3, 4, 5)}
AVERAGES = ("micro", "macro", "weighted", None)
every_rank = pytest.mark.parametrize("rank", list(RANKS))
weighing = pytest.mark.parametrize("weighted", [False, True], ids=["plain", "weighted"])


def case(rank, weighted, multilabel=False):
    rng = np.random.default_rng(rank)
    y_prob = rng.random((*RANKS[rank], CLASSES)).astype("float32")
    weight = rng.random(RANKS[rank]).astype("float32") if weighted else None
    if multilabel:
        return (rng.random(y_prob.shape) < 0.3).astype(int), y_prob, weight
    return rng.integers(-1, CLASSES, RANKS[rank]), y_prob / y_prob.sum(-1, keepdims=True), weight


def value(name, parts, **options):
    metric = metrics.of(name, labels=CLASSES, **options)
    metric.update_state(*parts)
    result = metric.result()
    return [number(one) for one in result.values()] if isinstance(result, dict) else [number(result)]


def judged(y_true, y_prob, weight, multilabel=False):
    """Judged steps one after another: labels, decoded predictions, weights."""
    if multilabel:
        flat = (side.reshape(-1, CLASSES) for side in (y_true, (y_prob >= 0.5).astype(int)))
        return (*flat, None if weight is None else weight.ravel())
    keep = y_true >= 0
    return y_true[keep], y_prob.argmax(-1)[keep], None if weight is None else weight[keep]


PEERS = {
    "f1": peer.f1_score,
    "dice": peer.f1_score,
    "iou": peer.jaccard_score,
    "precision": peer.precision_score,
    "recall": peer.recall_score,
    "f_beta": lambda *sides, **options: peer.fbeta_score(*sides, beta=2.0, **options),
}


@every_rank
@weighing
@pytest.mark.parametrize("multilabel", [False, True], ids=["multiclass", "multilabel"])
@pytest.mark.parametrize("average", AVERAGES)
def test_readings_of_each_class(rank, weighted, multilabel, average):
    parts = case(rank, weighted, multilabel)
    true, pred, share = judged(*parts, multilabel)
    for name, score in PEERS.items():
        expected = score(true, pred, average=average, sample_weight=share)
        found = value(f"{average}_{name}" if average else name, parts, multilabel=multilabel, beta=2.0)
        np.testing.assert_allclose(found, np.atleast_1d(expected), rtol=2e-5, err_msg=name)


@every_rank
@weighing
def test_specificity_is_the_recall_of_the_rest(rank, weighted):
    parts = case(rank, weighted)
    true, pred, share = judged(*parts)
    expected = [peer.recall_score(true != k, pred != k, sample_weight=share) for k in range(CLASSES)]
    np.testing.assert_allclose(value("specificity", parts), expected, rtol=2e-5)


@every_rank
@weighing
def test_readings_of_all_classes(rank, weighted):
    parts = case(rank, weighted)
    true, pred, share = judged(*parts)
    for name, score in (
        ("step_accuracy", peer.accuracy_score),
        ("balanced_accuracy", peer.balanced_accuracy_score),
        ("kappa", peer.cohen_kappa_score),
        ("matthews", peer.matthews_corrcoef),
    ):
        np.testing.assert_allclose(
            value(name, parts), [score(true, pred, sample_weight=share)], rtol=2e-4, atol=1e-6, err_msg=name
        )
    cost = np.arange(16.0).reshape(4, 4)
    expected = np.average(cost[true, pred], weights=share)
    np.testing.assert_allclose(value("expected_cost", parts, cost=cost), [expected], rtol=2e-5)


@every_rank
@weighing
def test_readings_of_overlapping_labels(rank, weighted):
    parts = case(rank, weighted, multilabel=True)
    true, pred, share = judged(*parts, multilabel=True)
    subset = peer.accuracy_score(true, pred, sample_weight=share)
    hamming = 1 - peer.hamming_loss(true, pred, sample_weight=share)
    np.testing.assert_allclose(value("subset_accuracy", parts, multilabel=True), [subset], rtol=2e-5)
    np.testing.assert_allclose(value("hamming_accuracy", parts, multilabel=True), [hamming], rtol=2e-5)
