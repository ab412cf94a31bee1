import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmend.core.labels import Labels
from segmend.decoding.base import FLOOR
from segmend.decoding.kernels import best_path
from segmend.decoding.viterbi import Viterbi
from tests.decoding import brute_force


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 7), st.integers(1, 3), st.floats(0, 5), st.integers(0, 2**32 - 1))
def test_equals_trying_every_path(steps, classes, penalty, seed):
    score = np.random.default_rng(seed).normal(size=(steps, classes)) * 2
    score_of = brute_force.potts_score(score, penalty)
    top, _ = brute_force.best(score_of, steps, classes)
    assert score_of(best_path(score, penalty).tolist()) == pytest.approx(top)


def test_no_penalty_is_the_argmax():
    prob = np.random.default_rng(0).dirichlet(np.ones(4), 200)
    decoded = Viterbi(Labels.numbered(4), penalty=0.0).decode(prob)
    np.testing.assert_array_equal(decoded, prob.argmax(axis=1))


def test_a_heavier_penalty_never_makes_more_changes():
    prob = np.random.default_rng(1).dirichlet(np.ones(3), 500)
    changes = [
        np.count_nonzero(np.diff(Viterbi(Labels.numbered(3), penalty=penalty).decode(prob)))
        for penalty in (0.0, 0.5, 1.0, 2.0, 4.0, 8.0, 1e9)
    ]
    assert all(a >= b for a, b in itertools.pairwise(changes))
    assert changes[0] > 100
    assert changes[-1] == 0


def test_staying_wins_where_both_are_as_good():
    assert len(set(best_path(np.array([[0.0, -1], [-1, 0]]), 1.0).tolist())) == 1


def test_an_impossible_step_costs_no_more_than_the_floor():
    prob = np.array([[1.0, 0.0]] * 5 + [[0.0, 1.0]] + [[1.0, 0.0]] * 5)
    stays = Viterbi(Labels.numbered(2), penalty=-np.log(FLOOR) / 2 + 0.1)
    leaves = Viterbi(Labels.numbered(2), penalty=-np.log(FLOOR) / 2 - 0.1)
    assert stays.decode(prob).sum() == 0
    assert leaves.decode(prob).sum() == 1
