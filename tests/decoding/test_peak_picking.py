import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmend.core.labels import Labels
from segmend.decoding.kernels import grown
from segmend.decoding.peak_picking import PeakPicking
from segmend.scoring.objective import parse

LABELS = Labels.numbered(2)


def _steps(rng, items=40):
    """Items of about 10 steps every 25 or so."""
    truth = np.concatenate([np.repeat([1, 0], [10, int(gap)]) for gap in rng.integers(12, 19, items)])
    return np.concatenate((np.zeros(9, int), truth))


def _blurred(truth, rng, floor=0.25):
    """Bumps that never fall to nothing between items, with noise."""
    wave = np.convolve(truth, np.hanning(13) / np.hanning(13).sum(), "same")
    present = np.clip(floor + 0.45 * wave + rng.normal(0, 0.06, truth.size), 0.01, 0.99)
    return np.stack([1 - present, present], axis=1)


def _count(labels):
    return int((np.diff(labels, prepend=0) == 1).sum())


def test_statistics_are_those_of_the_items():
    truth = np.repeat([0, 1, 0, 1, 0, 1, 0, -1, 0, 1, 0], [4, 6, 14, 6, 16, 6, 3, 2, 5, 6, 1])
    setting = {"average": 1.0, "apart": 1.0, "height": 0.3, "hold": 0.5}
    decoder = PeakPicking.learn([np.full((truth.size, 2), 0.5)], [truth], LABELS, **setting)
    assert decoder.length[1] == 6
    assert decoder.distance[1] == 20, "20 and 22 from middle to middle; the ignored steps cut the third"


def test_items_that_repeat_are_counted_where_no_threshold_can():
    rng = np.random.default_rng(0)
    truth = [_steps(rng) for _ in range(6)]
    prob = [_blurred(steps, rng) for steps in truth]
    decoder = PeakPicking.fit(prob, truth, LABELS, parse("segment_f1@50 - 0.1*count_mae"))
    fresh = _steps(np.random.default_rng(1))
    said = decoder.decode(_blurred(fresh, np.random.default_rng(2)))
    assert _count(said) == pytest.approx(_count(fresh), abs=1)
    threshold = [_count((_blurred(fresh, np.random.default_rng(2))[:, 1] >= level).astype(int)) for level in (0.3, 0.5)]
    assert min(abs(count - _count(fresh)) for count in threshold) > 3


def test_of_two_peaks_too_close_the_higher_stays():
    present = np.array([0.1, 0.6, 0.1, 0.9, 0.1, 0.1, 0.1, 0.8, 0.1])  # the average is the probability itself
    prob = np.stack([1 - present, present], axis=1)
    far = PeakPicking(LABELS, np.ones(2, int), np.full(2, 3), height=0.3, hold=0.5)
    assert far.decode(prob).tolist() == [0, 0, 0, 1, 0, 0, 0, 1, 0]
    near = PeakPicking(LABELS, np.ones(2, int), np.ones(2, int), height=0.3, hold=0.5)
    assert near.decode(prob).tolist() == [0, 1, 0, 1, 0, 0, 0, 1, 0]


def test_what_falls_to_nothing_between_them_is_two():
    present = np.array([0.0, 0.9, 0.0, 0.9, 0.0])
    decoder = PeakPicking(LABELS, np.ones(2, int), np.full(2, 4), height=0.3, hold=0.5)
    assert decoder.decode(np.stack([1 - present, present], axis=1)).tolist() == [0, 1, 0, 1, 0]


def test_the_ends_of_a_recording_may_be_peaks():
    present = np.array([0.9, 0.2, 0.1, 0.2, 0.9])
    decoder = PeakPicking(LABELS, np.ones(2, int), np.ones(2, int), height=0.5, hold=0.5)
    assert decoder.decode(np.stack([1 - present, present], axis=1)).tolist() == [1, 0, 0, 0, 1]


def _grown_slowly(score, peaks, level):
    """Written from the definition: borders at the lowest step between peaks, growth from the highest step within."""
    inside, low = np.zeros(len(score), bool), 0
    for k, peak in enumerate(peaks):
        high = len(score) if k + 1 == len(peaks) else peak + 1 + int(np.argmin(score[peak + 1 : peaks[k + 1] + 1]))
        own = list(range(low, high))
        if own:
            top = max(own, key=lambda t: (score[t], -t))
            right = next((t for t in range(top + 1, high) if score[t] < level[k]), high)
            left = next((t for t in range(top - 1, low - 1, -1) if score[t] < level[k]), low - 1)
            inside[left + 1 : right] = True
        low = min(high + 1, len(score)) if high < len(score) else high
    return inside


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 30), st.integers(0, 2**32 - 1))
def test_growth_is_what_the_definition_says(steps, seed):
    rng = np.random.default_rng(seed)
    score = np.round(rng.random(steps), 1)
    peaks = np.sort(rng.choice(steps, rng.integers(0, steps // 2 + 1), replace=False))
    level = rng.random(peaks.size)
    np.testing.assert_array_equal(grown(score, peaks, level), _grown_slowly(score, peaks, level))
