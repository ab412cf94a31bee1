import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmend.core.labels import Labels
from segmend.decoding.hidden_markov import HiddenMarkov
from segmend.decoding.kernels import best_chain, best_path
from tests.decoding import brute_force


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 7), st.integers(1, 3), st.integers(0, 2**32 - 1))
def test_equals_trying_every_path(steps, classes, seed):
    rng = np.random.default_rng(seed)
    score, follow = rng.normal(size=(steps, classes)) * 2, rng.normal(size=(classes, classes)) * 2
    begin = rng.normal(size=classes)

    def score_of(path):
        chain = sum(follow[a, b] for a, b in itertools.pairwise(path))
        return begin[path[0]] + sum(score[t, c] for t, c in enumerate(path)) + chain

    top, _ = brute_force.best(score_of, steps, classes)
    assert score_of(best_chain(score, follow, begin).tolist()) == pytest.approx(top)


def test_one_price_for_every_change_is_plain_viterbi():
    score = np.random.default_rng(0).normal(size=(400, 4))
    chain = best_chain(score, -3.0 * (1 - np.eye(4)), np.zeros(4))
    np.testing.assert_array_equal(chain, best_path(score, 3.0))


def test_transitions_by_hand():
    decoder = HiddenMarkov.learn([], [np.array([0, 0, 1, -1, 1, 1])], Labels.numbered(2), emission=1.0, price=0.0)
    # counts 0 to 0: 1, 0 to 1: 1, 1 to 1: 1; frequencies (2 + 1) / 7 and (3 + 1) / 7, mixed in as one step
    np.testing.assert_allclose(
        np.exp(decoder.follow), [[(1 + 3 / 7) / 3, (1 + 4 / 7) / 3], [3 / 7 / 2, (1 + 4 / 7) / 2]]
    )
    np.testing.assert_allclose(np.exp(decoder.begin), [(1 + 3 / 7) / 3, (1 + 4 / 7) / 3])


def test_a_change_that_never_happens_is_not_made():
    """0 is followed by 1, 1 by 2 and 2 by 0; a doubtful step is read by what may stand between its neighbours."""
    truth = np.repeat(np.arange(9) % 3, 6)
    prob = np.eye(3)[truth] * 0.4 + 0.2
    decoder = HiddenMarkov.learn([prob], [truth], Labels.numbered(3), emission=1.0, price=0.0)
    doubtful = prob.copy()
    doubtful[6:8] = [0.1, 0.44, 0.46]  # between 0 and 1 there is no 2
    assert (doubtful[6:8].argmax(axis=1) == 2).all()
    np.testing.assert_array_equal(decoder.decode(doubtful), truth)
