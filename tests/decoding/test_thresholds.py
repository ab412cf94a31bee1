import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from segmend.core.labels import Labels
from segmend.decoding.thresholds import Thresholds, best_threshold


def _f1(score, positive, threshold):
    chosen = score >= threshold
    return 2 * np.sum(chosen & positive) / max(1, chosen.sum() + positive.sum())


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 6), st.booleans()), min_size=1, max_size=30))
def test_best_threshold_equals_trying_all(rows):
    score = np.array([row[0] for row in rows]) / 7
    positive = np.array([row[1] for row in rows])
    found = best_threshold(score, positive)
    top = max(_f1(score, positive, threshold) for threshold in np.unique(score))
    if found is None:
        assert not positive.any() or top <= _f1(score, positive, -1) + 1e-12
    else:
        assert np.isclose(_f1(score, positive, found), top)


def test_a_class_that_is_not_told_apart_gets_the_shared_threshold():
    truth = np.arange(100) % 2
    prob = np.tile([0.5, 0.5], (100, 1))
    assert Thresholds.learn([prob], [truth], Labels.numbered(2), shared=0.7, shrink=0.0).threshold[1] == 0.7


def test_few_segments_are_drawn_to_the_shared_threshold_and_many_are_not():
    prob = np.full((400, 3), [0.7, 0.1, 0.2])
    truth = np.zeros(400, int)
    truth[::4] = 1  # 100 segments
    truth[1] = 2  # one segment
    prob[truth == 1] = [0.65, 0.25, 0.1]
    prob[truth == 2] = [0.65, 0.1, 0.25]
    threshold = Thresholds.learn([prob], [truth], Labels.numbered(3), shared=0.5, shrink=10.0).threshold
    assert 0.25 < threshold[1] < 0.28
    assert 0.45 < threshold[2] < 0.5


def test_without_background_thresholds_only_weigh_classes():
    prob = np.array([[0.6, 0.4], [0.9, 0.1]])
    labels = Labels.numbered(2, background=None)
    assert Thresholds(labels, np.array([0.5, 0.2])).decode(prob).tolist() == [1, 0]
    assert Thresholds(labels, np.array([0.99, 0.99])).decode(prob).tolist() == [0, 0]


def test_a_class_at_its_threshold_wins():
    assert Thresholds(Labels.numbered(2), np.array([0.5, 0.3])).decode(np.array([[0.7, 0.3]])).tolist() == [1]
