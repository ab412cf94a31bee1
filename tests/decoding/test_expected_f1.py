import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmend.core.labels import Labels
from segmend.decoding.expected_f1 import ExpectedF1, _weights
from segmend.decoding.kernels_expected import best_schedule, fill_gaps, support

CLASSES = 4


def _recordings(seed=0, recordings=8, length=(8, 20), labels=(1, 2, 3), sharpness=1.5):
    """Each class once, in any order, background between them, and noise."""
    rng = np.random.default_rng(seed)
    y_true = []
    for _ in range(recordings):
        order = [label for item in rng.permutation(labels) for label in (item, 0)]
        y_true.append(np.repeat(order, rng.integers(*length, len(order))))
    return [_noisy(rng, true, sharpness) for true in y_true], y_true


def _noisy(rng, true, sharpness):
    score = rng.normal(size=(len(true), CLASSES)) + sharpness * np.eye(CLASSES)[true]
    return np.exp(score) / np.exp(score).sum(axis=1, keepdims=True)


def _learn(data, background=0, **setting):
    return ExpectedF1.learn(*data, Labels.numbered(CLASSES, background), **{**ExpectedF1.start, **setting})


def _count(path):
    return int((np.diff(path, prepend=-1) != 0)[path != 0].sum())


segments = st.lists(
    st.tuples(st.integers(0, 8), st.integers(1, 6), st.integers(0, 1), st.floats(0.01, 1)), min_size=1, max_size=8
)


@settings(max_examples=100, deadline=None)
@given(segments, segments)
def test_support_is_the_weight_of_what_overlaps_by_half(candidates, drawn):
    start, length, _, _ = (np.array(column) for column in zip(*candidates, strict=True))
    drawn = sorted(drawn)
    own_start, own_length, _, weight = (np.array(column) for column in zip(*drawn, strict=True))
    found = support(start, start + length, own_start, own_start + own_length, weight)
    for k, (a, n) in enumerate(zip(start, length, strict=True)):
        here = set(range(a, a + n))
        there = [set(range(s, s + m)) for s, m in zip(own_start, own_length, strict=True)]
        agree = [2 * len(here & other) >= len(here | other) for other in there]
        assert found[k] == pytest.approx(weight[agree].sum())


@settings(max_examples=150, deadline=None)
@given(segments)
def test_the_schedule_is_the_best_of_all_subsets(candidates):
    rows = sorted({(a + n, a, label): gain for a, n, label, gain in candidates}.items())
    stop, start, label = (np.array(column) for column in zip(*(key for key, _ in rows), strict=True))
    gain = np.array([value for _, value in rows])

    def allowed(chosen):
        ordered = sorted(chosen, key=lambda k: start[k])
        return all(
            stop[a] < start[b] or (stop[a] == start[b] and label[a] != label[b]) for a, b in itertools.pairwise(ordered)
        )

    subsets = itertools.chain.from_iterable(itertools.combinations(range(len(gain)), n) for n in range(len(gain) + 1))
    best = max(sum(gain[list(chosen)]) for chosen in subsets if allowed(chosen))
    taken = best_schedule(start, stop, label, gain, 14)
    assert allowed(np.flatnonzero(taken))
    assert gain[taken].sum() == pytest.approx(best)


def test_gaps_go_to_their_neighbours_at_the_best_place():
    share = np.zeros((8, 3))
    share[:5, 1] = share[5:, 2] = 1.0
    found = fill_gaps(np.array([1, 6]), np.array([3, 7]), np.array([1, 2]), share)
    assert found.tolist() == [1, 1, 1, 1, 1, 2, 2, 2]
    none = np.zeros(0, np.int64)
    assert fill_gaps(none, none, none, share).tolist() == [1] * 8


def test_a_class_that_occurs_once_is_found_once():
    """A weak second copy of a class is refused where recordings teach that the class occurs once."""
    data = _recordings(recordings=12)
    true = np.repeat([0, 1, 0, 2, 0, 3, 0], 12)
    prob = np.full((len(true), CLASSES), 0.02)
    prob[np.arange(len(true)), true] = 0.94
    prob[61:71] = [0.18, 0.57, 0.02, 0.23]  # class 3, which looks more like class 1
    regarded, not_regarded = (_learn(data, occurrence=weight, price=0.2).decode(prob) for weight in (1.0, 0.0))
    assert set(regarded[61:71]) == {3}
    assert set(not_regarded[61:71]) == {1}


def test_a_higher_price_never_gives_more_segments():
    prob, true = _recordings(seed=1)
    learnt = ExpectedF1.maker(prob, true, Labels.numbered(CLASSES))
    for rows in _recordings(seed=2)[0]:
        rows = 0.5 * rows + 0.5 / CLASSES
        counts = [
            _count(learnt({**ExpectedF1.start, "aim": 0.0, "price": price}).decode(rows))
            for price in ExpectedF1.grid["price"]
        ]
        assert counts == sorted(counts, reverse=True)


def test_an_aim_brings_the_count_nearer_to_what_is_expected():
    prob, true = _recordings(seed=3, recordings=12, sharpness=0.3)
    learnt = ExpectedF1.maker(prob, true, Labels.numbered(CLASSES))
    others = _recordings(seed=4, recordings=12, sharpness=0.3)[0]
    missed = []
    for aim in (0.0, 0.2):
        decoder = learnt({**ExpectedF1.start, "price": 0.2, "aim": aim})
        missed.append([abs(_count(decoder.decode(rows)) - decoder._candidates(rows).target) for rows in others])
    assert np.mean(missed[1]) < np.mean(missed[0])
    assert all(after <= before for before, after in zip(*missed, strict=True))


def test_draws_with_the_expected_count_weigh_most_and_none_rules():
    weight = _weights(np.array([3, 5, 5, 60]), target=5.0, spread=2.0)
    assert weight.sum() == pytest.approx(1.0)
    assert weight[1] == weight[2] > weight[0] > weight[3]
    far = _weights(np.array([60, 62]), target=5.0, spread=2.0)
    assert far.min() > 0.4


def test_long_segments_are_decoded_on_cells_and_have_exact_borders():
    prob, true = _recordings(seed=5, length=(200, 400))
    decoder = _learn((prob, true))
    assert decoder.evidence.stride > 10
    sure = 0.96 * np.eye(CLASSES)[true[0]] + 0.01
    np.testing.assert_array_equal(decoder.decode(sure), true[0])


@pytest.mark.parametrize("background", [0, None])
def test_a_maker_makes_what_learn_learns(background):
    prob, true = _recordings(seed=6)
    labels = Labels.numbered(CLASSES, background)
    make = ExpectedF1.maker(prob, true, labels)
    for change in ({}, {"price": 0.5}, {"emission": 4.0, "occurrence": 0.0}):
        setting = {**ExpectedF1.start, **change}
        learnt = ExpectedF1.learn(prob, true, labels, **setting)
        for rows in prob[:3]:
            np.testing.assert_array_equal(make(setting).decode(rows), learnt.decode(rows))


def test_nothing_judged_teaches_nothing_and_still_decodes():
    prob, true = _recordings(recordings=2)
    decoder = _learn((prob, [np.full_like(rows, -1) for rows in true]))
    decoded = decoder.decode(prob[0])
    assert decoded.shape == true[0].shape
    assert decoder.number.weight[-1] == 0.0
