from __future__ import annotations

import numpy as np
import pytest

from segmend.errors import InputError
from segmend.training.windows import WindowIndex


def draws(index, count=4000, seed=0):
    rng = np.random.default_rng(seed)
    return np.array([index.draw(rng) for _ in range(count)])


def test_windows_stay_inside_and_short_recordings_begin_at_nought():
    y_true = [np.zeros(50, int), np.zeros(7, int)]
    rows = draws(WindowIndex(y_true, length=10, balanced=0.5))
    long, short = rows[rows[:, 0] == 0, 1], rows[rows[:, 0] == 1, 1]
    assert (long.min(), long.max()) == (0, 40)
    assert set(short) == {0}


def test_recordings_are_drawn_by_their_judged_steps():
    y_true = [np.zeros(300, int), np.concatenate([np.zeros(100, int), np.full(200, -1)])]
    share = (draws(WindowIndex(y_true, length=10))[:, 0] == 0).mean()
    assert share == pytest.approx(0.75, abs=0.03)


def test_both_ends_are_seen_about_as_often_as_the_middle():
    rows = draws(WindowIndex([np.zeros(100, int)], length=20), count=20_000)
    seen = np.zeros(100)
    for _, first in rows:
        seen[first : first + 20] += 1
    assert seen[0] > 0.4 * seen[50]
    assert seen[-1] > 0.4 * seen[50]


def test_balanced_windows_hold_rare_classes():
    rare = np.zeros(10_000, int)
    rare[5000:5010] = 1
    rows = draws(WindowIndex([rare], length=50, balanced=1.0), count=1000)
    holds = [(rare[first : first + 50] == 1).any() for _, first in rows]
    assert np.mean(holds) == pytest.approx(0.5, abs=0.06)


def test_nothing_to_learn_from_is_refused():
    with pytest.raises(InputError, match="expected at least one step to learn from"):
        WindowIndex([np.full(5, -1)], length=2)
