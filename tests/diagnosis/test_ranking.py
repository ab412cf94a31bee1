import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from segmend.diagnosis import ranking


def test_agrees_with_an_independent_implementation():
    rng = np.random.default_rng(0)
    true = [rng.integers(-1, 3, 500) for _ in range(3)]
    prob = [rng.dirichlet(np.ones(3), 500).round(2) for _ in range(3)]
    joined, scores = np.concatenate(true), np.concatenate(prob)[:, 1]
    judged = joined >= 0
    assert ranking.separation(true, prob, 1) == pytest.approx(roc_auc_score(joined[judged] == 1, scores[judged]))


def test_thinning_keeps_the_area(monkeypatch):
    rng = np.random.default_rng(1)
    true = [rng.integers(0, 2, 20_000)]
    score = rng.normal(size=20_000) + true[0]
    prob = [np.stack([-score, score], axis=1)]
    whole = ranking.separation(true, prob, 1)
    monkeypatch.setattr(ranking, "MOST", 2_000)
    assert ranking.separation(true, prob, 1) == pytest.approx(whole, abs=0.02)


def test_a_class_that_is_never_there_has_no_area():
    assert np.isnan(ranking.separation([np.zeros(3, int)], [np.ones((3, 2))], 1))
