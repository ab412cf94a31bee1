"""Ranking readings against scikit-learn, ties included."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics

from segmend.errors import InputError
from segmend.scoring.ranking import average_precision, precision_recall_curve, roc_auc

CASES = st.lists(st.tuples(st.booleans(), st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.75, 1.0])), min_size=1, max_size=30)


@settings(max_examples=100, deadline=None)
@given(CASES)
def test_scikit_learn_agrees(rows):
    true, score = (np.array(column) for column in zip(*rows, strict=True))
    if true.any():
        assert average_precision(true, score) == pytest.approx(metrics.average_precision_score(true, score))
        precision, recall, threshold = metrics.precision_recall_curve(true, score)
        curve = precision_recall_curve(true, score)
        assert curve.threshold[::-1] == pytest.approx(threshold)
        assert curve.precision[::-1] == pytest.approx(precision[:-1])
        assert curve.recall[::-1] == pytest.approx(recall[:-1])
    if true.any() and not true.all():
        assert roc_auc(true, score) == pytest.approx(metrics.roc_auc_score(true, score))


def test_without_positives_or_negatives_there_is_no_ranking():
    nothing, both = np.zeros(3, bool), np.array([0.1, 0.2, 0.3])
    assert np.isnan(roc_auc(nothing, both))
    assert np.isnan(roc_auc(~nothing, both))
    assert np.isnan(average_precision(nothing, both))
    assert np.isnan(average_precision(np.zeros(0, bool), np.zeros(0)))
    assert np.isnan(roc_auc(np.zeros(0, bool), np.zeros(0)))
    with pytest.raises(InputError, match="expected shape"):
        roc_auc(nothing, np.zeros(2))


def test_scores_without_an_end_tie_with_each_other():
    true, score = np.array([True, False, True, False]), np.array([np.inf, np.inf, -np.inf, 0.0])
    assert roc_auc(true, score) == 0.375
    assert average_precision(true, score) == 0.5
    assert precision_recall_curve(true, score).threshold.tolist() == [np.inf, 0.0, -np.inf]
