import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmend.core.labels import Labels
from segmend.decoding.base import log_probabilities
from segmend.decoding.durations import Durations
from segmend.decoding.semi_markov import EXPLICIT, RESOLUTION, SemiMarkov
from tests.decoding import brute_force


def _durations(mean, spread):
    return Durations(mean, spread, ("log_normal",) * len(mean), mean, spread)


def _random(rng, classes, mean=None, spread=None, **fields):
    mean = rng.uniform(0, 2, classes) if mean is None else mean
    spread = rng.uniform(0.2, 1.0, classes) if spread is None else spread
    with np.errstate(divide="ignore"):
        follow = np.log(rng.dirichlet(np.ones(classes), classes) * (1 - np.eye(classes)))
    made = SemiMarkov(
        Labels.numbered(classes),
        durations=_durations(mean, spread),
        follow=follow,
        begin=np.log(rng.dirichlet(np.ones(classes))),
        end=np.log(rng.dirichlet(np.ones(classes))),
        emission=float(rng.uniform(0.1, 2)),
        price=float(rng.uniform(-2, 2)),
    )
    return dataclasses.replace(made, **fields)


def _shown(decoder):
    return np.ceil(np.exp(decoder.durations.mean + EXPLICIT * decoder.durations.spread))


def _law(decoder, label, length):
    return brute_force.log_normal(length, decoder.durations.mean[label], decoder.durations.spread[label])


def _alternating(lengths, classes=2):
    return np.repeat(np.arange(len(lengths)) % classes, lengths)


def _noisy(rng, truth, classes, sharpness=1.5):
    score = rng.normal(size=(len(truth), classes)) + sharpness * np.eye(classes)[truth]
    return np.exp(score) / np.exp(score).sum(axis=1, keepdims=True)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 7), st.integers(1, 3), st.integers(0, 2**32 - 1))
def test_equals_trying_every_segmentation(steps, classes, seed):
    rng = np.random.default_rng(seed)
    decoder = _random(rng, classes, spread=rng.uniform(0.8, 1.5, classes))
    prob = rng.dirichlet(np.ones(classes), steps)

    def duration(label, length):
        return _law(decoder, label, length)

    assert _shown(decoder).min() >= 8, "all durations are explicit"
    score_of = brute_force.semi_markov_score(decoder, log_probabilities(prob), duration)
    top, _ = brute_force.best(score_of, steps, classes)
    assert score_of(decoder.decode(prob).tolist()) == pytest.approx(top)


@settings(max_examples=50, deadline=None)
@given(st.integers(4, 7), st.integers(1, 3), st.integers(0, 2**32 - 1))
def test_equals_trying_every_segmentation_where_segments_outlast_the_explicit_durations(steps, classes, seed):
    rng = np.random.default_rng(seed)
    decoder = _random(rng, classes, mean=rng.uniform(0, 0.6, classes), spread=np.full(classes, 0.3))
    prob = rng.dirichlet(np.ones(classes), steps)
    shown = np.maximum(2, _shown(decoder))
    assert shown.max() < 5, "some durations are in the straight tail"

    def duration(label, length):
        law = [_law(decoder, label, d) for d in range(1, steps + 2)]
        n = int(shown[label])
        if length <= n:
            return law[length - 1]
        return law[n - 1] + (length - n) * min(law[n - 1] - law[n - 2], 0.0)

    score_of = brute_force.semi_markov_score(decoder, log_probabilities(prob), duration)
    top, _ = brute_force.best(score_of, steps, classes)
    assert score_of(decoder.decode(prob).tolist()) == pytest.approx(top)


def test_durations_settle_what_the_probabilities_leave_open():
    truth = _alternating([20, 10, 20, 10, 20])
    prob = np.where(truth[:, None] == [0, 1], 0.7, 0.3)
    prob[25:27] = [0.6, 0.4]  # a dip inside the first segment of class 1
    decoder = SemiMarkov.learn([prob], [truth], Labels.numbered(2), emission=1.0, price=0.0)
    np.testing.assert_array_equal(decoder.decode(prob), truth)
    assert np.count_nonzero(np.diff(prob.argmax(axis=1))) == 6


def test_a_forbidden_order_is_not_decoded():
    truth = np.repeat([0, 1, 2, 0, 1, 2, 0, 1, 2], 6)
    decoder = SemiMarkov.learn([np.eye(3)[truth]] * 20, [truth] * 20, Labels.numbered(3), emission=0.2, price=0.0)
    prob = np.full((18, 3), 0.1)
    prob[:6, 0] = prob[12:, 2] = 0.8
    prob[6:12] = [0.02, 0.47, 0.51]
    assert decoder.decode(prob).tolist() == np.repeat([0, 1, 2], 6).tolist()


def test_a_dearer_price_never_makes_more_segments():
    rng = np.random.default_rng(3)
    decoder = _random(rng, 3)
    prob = rng.dirichlet(np.ones(3), 400)
    counts = [
        np.count_nonzero(np.diff(dataclasses.replace(decoder, price=price).decode(prob))) for price in range(-4, 12, 2)
    ]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > counts[-1]


def test_one_class_alone_lasts_as_long_as_the_recording():
    truth = _alternating([5, 5, 5])
    decoder = SemiMarkov.learn([np.eye(2)[truth]], [truth], Labels.numbered(2), emission=1.0, price=0.0)
    assert decoder.decode(np.tile([1.0, 0.0], (5000, 1))).sum() == 0


def test_the_grid_is_fine_where_segments_are_short_and_coarse_where_they_are_long():
    def stride(length):
        truth = _alternating([length] * 200)
        return SemiMarkov.learn([np.eye(2)[truth]], [truth], Labels.numbered(2), emission=1.0, price=0.0).stride

    assert stride(2 * RESOLUTION) == 1
    assert 4 <= stride(6 * RESOLUTION) <= 6


@pytest.mark.parametrize("seed", range(3))
def test_borders_on_a_coarse_grid_are_refined_to_single_steps(seed):
    rng = np.random.default_rng(seed)
    truth = _alternating(rng.integers(180, 400, 21))
    prob = _noisy(rng, truth, 2)
    coarse = SemiMarkov.learn([prob], [truth], Labels.numbered(2), emission=1.0, price=0.0)
    assert coarse.stride >= 5
    fine = dataclasses.replace(coarse, stride=1)
    edges = [np.flatnonzero(np.diff(decoder.decode(prob))) for decoder in (coarse, fine)]
    np.testing.assert_array_equal(*edges)


def test_long_recordings_with_long_segments_are_decoded():
    rng = np.random.default_rng(5)
    truth = np.repeat(rng.permutation(400) % 4, rng.integers(200, 1500, 400))
    prob = _noisy(rng, truth, 4, sharpness=1.0).astype(np.float32)
    decoder = SemiMarkov.learn([prob], [truth], Labels.numbered(4), emission=0.3, price=0.0)
    decoded = decoder.decode(prob)
    assert len(truth) > 300_000
    assert np.mean(decoded == truth) > 0.99


def test_a_class_never_seen_has_finite_statistics():
    truth = _alternating([5, 6, 7])
    decoder = SemiMarkov.learn([np.eye(4)[truth]], [truth], Labels.numbered(4), emission=1.0, price=0.0)
    off_diagonal = decoder.follow[~np.eye(4, dtype=bool)]
    for column in (decoder.durations.mean, decoder.durations.spread, off_diagonal, decoder.begin, decoder.end):
        assert np.isfinite(column).all()
