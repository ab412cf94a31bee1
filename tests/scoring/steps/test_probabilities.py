"""Ranking and calibration of probabilities, by hand and against scikit-learn."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as sk
from sklearn.preprocessing import label_binarize

from segmend.errors import InputError
from segmend.scoring.ranking import roc_curve
from segmend.scoring.steps.calibration import calibration, expected_calibration_error
from segmend.scoring.steps.probabilities import Judged, judged_steps
from segmend.scoring.steps.ranked import ranked


def drawn(seed, multilabel=False, steps=40, classes=3, ties=False):
    rng = np.random.default_rng(seed)
    prob = rng.random((steps, classes))
    prob = np.round(prob, 1) if ties else prob
    if multilabel:
        true = rng.integers(0, 2, (steps, classes))
        true[0], true[1] = 0, 1
        return Judged(true, prob, True)
    true = rng.integers(0, classes, steps)
    true[:classes] = range(classes)
    return Judged(true, prob if ties else prob / prob.sum(axis=1, keepdims=True), False)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.booleans(), st.booleans())
def test_ranking_agrees_with_scikit_learn(seed, multilabel, ties):
    steps = drawn(seed, multilabel, ties=ties)
    true = steps.y_true if multilabel else label_binarize(steps.y_true, classes=range(3))
    found = ranked(steps)
    for name, score in (("average_precision", sk.average_precision_score), ("auc", sk.roc_auc_score)):
        np.testing.assert_allclose(found[name].per_class, score(true, steps.y_prob, average=None), rtol=1e-12)
        for average in ("micro", "macro", "weighted"):
            assert getattr(found[name], average) == pytest.approx(score(true, steps.y_prob, average=average)), average


def test_the_roc_curve_holds_all_points_of_scikit_learn():
    steps = drawn(0, ties=True)
    fpr, tpr, threshold = sk.roc_curve(steps.holds(1), steps.y_prob[:, 1], drop_intermediate=False)
    curve = roc_curve(steps.holds(1), steps.y_prob[:, 1])
    for mine, theirs in zip(curve, (threshold, fpr, tpr), strict=True):
        np.testing.assert_allclose(mine, theirs)
    assert roc_curve(np.ones(3, bool), np.arange(3.0)).recall.size == 0


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_distances_agree_with_scikit_learn(seed):
    steps = drawn(seed)
    found = calibration(steps)
    assert found.log_loss == pytest.approx(sk.log_loss(steps.y_true, steps.y_prob, labels=range(3)))
    each = [sk.brier_score_loss(steps.holds(k), steps.y_prob[:, k]) for k in range(3)]
    assert found.brier == pytest.approx(sum(each))
    both = drawn(seed, multilabel=True)
    found = calibration(both)
    each = [sk.brier_score_loss(both.holds(k), both.y_prob[:, k]) for k in range(3)]
    assert found.brier == pytest.approx(np.mean(each))
    losses = [sk.log_loss(both.holds(k), both.y_prob[:, k]) for k in range(3)]
    assert found.log_loss == pytest.approx(np.mean(losses))


def plain_ece(right, said, bins):
    """Bin by bin, as the paper writes it."""
    total = 0.0
    for k in range(bins):
        inside = [(r, s) for r, s in zip(right, said, strict=True) if k / bins < s <= (k + 1) / bins or (s == 0 == k)]
        if inside:
            total += len(inside) * abs(np.mean([r for r, _ in inside]) - np.mean([s for _, s in inside]))
    return total / len(said)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from([1, 5, 15]))
def test_calibration_error_bin_by_bin(seed, bins):
    rng = np.random.default_rng(seed)
    right, said = rng.integers(0, 2, 50).astype(bool), rng.random(50)
    said[:2] = 0, 1
    assert expected_calibration_error(right, said, bins=bins) == pytest.approx(plain_ece(right, said, bins))


def test_calibration_of_all_classes_by_hand():
    found = calibration(Judged(np.array([0, 0, 1, 1]), np.array([[0.9, 0.1]] * 4), False))
    assert found.ece == pytest.approx(0.4) and found.classwise_ece == pytest.approx(0.4)
    both = calibration(Judged(np.array([[1], [0]]), np.array([[0.8], [0.8]]), True))
    assert both.ece == pytest.approx(0.3) and both.classwise_ece == pytest.approx(0.3)


def test_a_sure_mistake_is_dear_and_finite():
    found = calibration(Judged(np.array([0]), np.array([[0.0, 1.0]]), False))
    assert found.log_loss == pytest.approx(16.118, abs=1e-3) and found.brier == 2 and found.ece == 1


@pytest.mark.parametrize("scores", [[[1.5, -0.5]], [[0.9, 0.9]]])
def test_scores_that_are_no_probabilities_have_no_calibration(scores):
    assert np.isnan(calibration(Judged(np.array([0]), np.array(scores), False))).all()


def test_nothing_judged_is_undefined_and_no_probability_is_refused():
    empty = judged_steps([np.array([-1])], [np.array([[0.5, 0.5]])])
    assert np.isnan(calibration(empty)).all()
    assert np.isnan(ranked(empty)["auc"].macro) and np.isnan(ranked(empty)["auc"].weighted)
    with pytest.raises(InputError, match=r"from 0 to 1. Received 1\.5"):
        expected_calibration_error(np.array([True]), np.array([1.5]))
    with pytest.raises(InputError, match="bins"):
        expected_calibration_error(np.array([True]), np.array([0.5]), bins=0)


def test_images_and_multilabel_steps_are_laid_out_in_order():
    true = np.array([[0, 1], [-1, 2]])
    prob = np.arange(12.0).reshape(2, 2, 3)
    found = judged_steps([true], [prob])
    assert found.y_true.tolist() == [0, 1, 2] and found.y_prob[2].tolist() == [9, 10, 11]
    hot = np.array([[[1, 0], [0, 1]], [[-1, -1], [1, 1]]])
    found = judged_steps([hot], [np.zeros((2, 2, 2))], multilabel=True)
    assert found.holds(1).tolist() == [False, True, True]
    with pytest.raises(InputError, match=r"expected shape \(2, 2, 2\)"):
        judged_steps([hot], [np.zeros((2, 2))], multilabel=True)
