from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from segmend.core.labels import Labels
from segmend.decoding.majority import Majority


def by_counting(labels, reach):
    voted = []
    for t, own in enumerate(labels):
        votes = Counter(labels[max(0, t - reach) : t + reach + 1])
        most = max(votes.values())
        voted.append(own if votes[own] == most else min(label for label, count in votes.items() if count == most))
    return voted


@given(st.lists(st.integers(0, 3), min_size=1, max_size=40), st.integers(0, 12))
def test_equals_counting_the_votes(labels, reach):
    decoder = Majority(Labels.numbered(4), reach=reach)
    assert decoder.decode(np.eye(4)[labels]).tolist() == by_counting(labels, reach)


def test_the_window_is_a_share_of_the_median_segment():
    decoder = Majority.learn([], [np.repeat([0, 1, 0], [10, 40, 31]), np.zeros(7, int)], Labels.numbered(2), share=0.2)
    assert decoder.reach == 4  # a fifth of the median of 7, 10, 31 and 40, which is 20.5
    assert Majority.learn([], [], Labels.numbered(2), share=0.5).reach == 0
