import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmend.core.labels import Labels
from segmend.decoding.base import log_probabilities
from segmend.decoding.bounded_markov import BoundedMarkov
from tests.decoding import brute_force


def _any(classes, seed, longest=4):
    rng = np.random.default_rng(seed)
    follow = rng.normal(size=(classes, classes))
    np.fill_diagonal(follow, -np.inf)
    return BoundedMarkov(
        Labels.numbered(classes, None),
        shortest=rng.integers(1, longest, classes),
        stay=np.log(rng.uniform(0.1, 0.9, classes)),
        follow=follow,
        begin=rng.normal(size=classes),
        end=rng.normal(size=classes),
        emission=float(rng.uniform(0.2, 1.5)),
        price=float(rng.normal()),
    )


@settings(max_examples=80, deadline=None)
@given(st.integers(1, 8), st.integers(2, 3), st.integers(0, 2**32 - 1))
def test_equals_trying_every_labelling(steps, classes, seed):
    decoder = _any(classes, seed)
    prob = np.random.default_rng(seed).dirichlet(np.ones(classes), steps)
    score = log_probabilities(prob)

    def score_of(path):
        runs = brute_force.segments_of(path)
        value = decoder.emission * sum(score[t, c] for t, c in enumerate(path)) - decoder.price * len(runs)
        value += decoder.begin[path[0]] + decoder.end[path[-1]]
        value += sum(decoder.follow[a, b] for (a, _), (b, _) in itertools.pairwise(runs))
        for c, length in runs:
            least = min(decoder.shortest[c], steps)
            if length < least:
                return -np.inf
            value += (length - least) * decoder.stay[c] + np.log1p(-np.exp(decoder.stay[c]))
        return value

    top, _ = brute_force.best(score_of, steps, classes)
    assert score_of(decoder.decode(prob).tolist()) == pytest.approx(top)


def test_nothing_is_shorter_than_its_minimum():
    rng = np.random.default_rng(0)
    truth = np.repeat(rng.permutation(np.arange(60) % 3), 20)
    prob = 0.4 * np.eye(3)[truth] + 0.6 * rng.dirichlet(np.ones(3), len(truth))
    decoder = BoundedMarkov.learn([], [truth], Labels.numbered(3, None), emission=1.0, share=1.0, price=0.0)
    lengths = [length for _, length in brute_force.segments_of(decoder.decode(prob).tolist())]
    assert min(lengths) >= decoder.shortest.min() > 5


def test_the_mean_duration_is_kept_beyond_the_minimum():
    decoder = BoundedMarkov.learn(
        [], [np.repeat([0, 1, 0, 1, 0], 12)], Labels.numbered(2), emission=1.0, share=1.0, price=0.0
    )
    stay = np.exp(decoder.stay)
    mean = 12 * np.exp(0.5 * 0.1**2)  # the least spread that is assumed is 0.1
    np.testing.assert_allclose(decoder.shortest + stay / (1 - stay), mean)
