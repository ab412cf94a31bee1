import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmend.core.labels import Labels
from segmend.core.segments import runs
from segmend.decoding.min_duration import MinDuration


def _decode(truth, shortest, gap=0, background=0, prob=None):
    decoder = MinDuration(Labels.numbered(len(shortest), background), np.array(shortest), gap)
    return decoder.decode(np.eye(len(shortest))[truth] if prob is None else prob).tolist()


@pytest.mark.parametrize(
    ("truth", "gap", "expected"),
    [
        ([1, 0, 1], 1, [1, 1, 1]),
        ([1, 0, 0, 1], 1, [1, 0, 0, 1]),
        ([1, 0, 0, 1], 2, [1, 1, 1, 1]),
        ([1, 0, 2], 5, [1, 0, 2]),
        ([0, 1, 0], 5, [0, 1, 0]),
        ([1, 0, 1, 0, 2, 0, 2], 1, [1, 1, 1, 0, 2, 2, 2]),
    ],
)
def test_gaps_between_two_runs_of_one_class_are_filled(truth, gap, expected):
    assert _decode(truth, [1, 1, 1], gap) == expected


def test_without_background_there_are_no_gaps():
    assert _decode([1, 0, 1], [1, 1], gap=5, background=None) == [1, 0, 1]


def test_a_short_run_goes_to_the_better_neighbour():
    prob = np.array([[0.8, 0.1, 0.1]] * 3 + [[0.2, 0.3, 0.5]] + [[0.1, 0.8, 0.1]] * 3)
    assert _decode(None, [2, 2, 2], prob=prob) == [0, 0, 0, 1, 1, 1, 1]


def test_the_cheapest_of_touching_short_runs_goes_first():
    prob = np.array([[0.9, 0.1, 0.0]] * 3 + [[0.1, 0.9, 0.0], [0.45, 0.55, 0.0], [0.55, 0.45, 0.0]] + [[0, 1, 0]] * 3)
    assert _decode(None, [2, 2, 2], prob=prob) == [0, 0, 0, 1, 1, 1, 1, 1, 1]


def test_runs_at_the_ends_have_one_neighbour():
    assert _decode([1, 0, 0, 0, 1], [2, 2]) == [0, 0, 0, 0, 0]


def test_a_recording_of_one_short_run_stays():
    assert _decode([1], [9, 9]) == [1]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 2), min_size=1, max_size=60), st.lists(st.integers(1, 6), min_size=3, max_size=3))
def test_no_short_run_is_left_and_no_class_is_new(truth, shortest):
    decoded = np.array(_decode(truth, shortest))
    start, stop, label = runs(decoded)
    assert len(label) == 1 or ((stop - start) >= np.array(shortest)[label]).all()
    assert set(decoded.tolist()) <= set(truth)


def test_a_long_alternation_takes_few_rounds():
    prob = np.eye(2)[np.arange(200_000) % 2]
    decoder = MinDuration(Labels.numbered(2), np.array([3, 3]), 0)
    _, _, label = runs(decoder.decode(prob))
    assert 1 < len(label) < 70_000


def test_learns_minima_from_durations_and_never_fills_real_gaps():
    truth = np.tile(np.repeat([0, 1, 0, 2], [40, 100, 40, 10]), 30)
    decoder = MinDuration.learn([np.eye(3)[truth]], [truth], Labels.numbered(3), duration=0.5, gap=1.0)
    assert decoder.shortest[1] > 3 * decoder.shortest[2] > 0
    np.testing.assert_array_equal(decoder.decode(np.eye(3)[truth]), truth)
