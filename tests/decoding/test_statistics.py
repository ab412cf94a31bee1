import numpy as np

from segmend.core.labels import Labels
from segmend.decoding.statistics import (
    PSEUDO_SEGMENTS,
    RunTable,
    gap_lengths,
    log_normal_durations,
    transitions,
)


def test_runs_cut_by_ignored_steps_have_no_known_length():
    table = RunTable.of([np.array([0, 0, 1, 1, -1, 1, 0, 0, 0])])
    mean, _ = log_normal_durations(table, 3)
    shared = np.log([2, 3]).mean()
    assert np.isclose(mean[0], (np.log(6) + PSEUDO_SEGMENTS * shared) / (2 + PSEUDO_SEGMENTS))
    assert np.isclose(mean[1], shared), "class 1 was never seen whole, so it has the shared duration"
    assert np.isclose(mean[2], shared)


def test_durations_of_many_segments_are_their_own():
    rng = np.random.default_rng(0)
    lengths = np.round(np.exp(rng.normal(4.0, 0.5, 4000))).astype(int)
    truth = np.repeat(np.arange(4000) % 2, np.where(np.arange(4000) % 2, lengths, 7))
    mean, spread = log_normal_durations(RunTable.of([truth]), 2)
    assert abs(mean[1] - 4.0) < 0.05 and abs(spread[1] - 0.5) < 0.05
    assert abs(mean[0] - np.log(7)) < 0.01


def test_transitions_are_distributions():
    truth = [np.repeat([0, 1, 2, 0, 2], 3), np.repeat([1, 0], 4)]
    follow, begin, end = (np.exp(part) for part in transitions(RunTable.of(truth), 4))
    np.testing.assert_allclose(follow.sum(axis=1) + end, 1.0)
    np.testing.assert_allclose(begin.sum(), 1.0)
    assert (np.diag(follow) == 0).all()
    assert follow[0, 1] > follow[0, 3] > 0


def test_an_ignored_step_is_no_transition():
    with_gap = RunTable.of([np.array([0, 0, -1, 1, 1])])
    apart = RunTable.of([np.array([0, 0]), np.array([1, 1])])
    for a, b in zip(transitions(with_gap, 2), transitions(apart, 2), strict=True):
        np.testing.assert_array_equal(a, b)


def test_gaps_lie_between_runs_of_one_class():
    truth = np.array([0, 1, 0, 0, 1, 0, 2, 0, 0, 0, 2, -1, 0, 2])
    assert gap_lengths(RunTable.of([truth]), Labels.numbered(3)).tolist() == [2, 3]
    assert gap_lengths(RunTable.of([truth]), Labels.numbered(3, background=None)).size == 0


def test_no_recordings_at_all():
    table = RunTable.of([])
    mean, spread = log_normal_durations(table, 2)
    assert np.isfinite([*mean, *spread]).all()
    follow, begin, end = transitions(table, 2)
    assert np.isfinite([follow[0, 1], follow[1, 0], *begin, *end]).all()
