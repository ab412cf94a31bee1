from __future__ import annotations

import numpy as np
import pytest

from segmend.errors import InputError
from segmend.training.windows import WindowIndex


def draws(index, count=4000, seed=0):
    recording, first = index.draw(np.random.default_rng(seed), count)
    return np.column_stack([recording, first])


def near(share, wanted, count=4000):
    """Whether a share of draws lies within four standard errors of what it should be."""
    return abs(share - wanted) <= 4 * np.sqrt(max(wanted * (1 - wanted), 0.25 / count) / count)


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


def test_shares_that_add_up_to_more_than_one_are_refused():
    with pytest.raises(InputError, match="shares that add up to at most 1"):
        WindowIndex([np.zeros(5, int)], length=2, balanced=0.7, hard=0.5)


def one_hot_steps(labels):
    return np.eye(int(labels.max()) + 1, dtype=int)[labels]


@pytest.mark.parametrize("multilabel", [False, True])
def test_balanced_windows_lie_around_each_class_of_signals_alike(multilabel):
    """Three classes of 900, 90 and 9 runs, a window of one step: it lies in the class it was drawn for."""
    labels = np.repeat(np.random.default_rng(0).permutation(np.repeat([0, 1, 2], [900, 90, 9])), 1)
    y_true = [one_hot_steps(labels) if multilabel else labels]
    rows = draws(WindowIndex(y_true, length=1, balanced=1.0, multilabel=multilabel))
    held = labels[rows[:, 1]]
    for number in range(3):
        assert near((held == number).mean(), 1 / 3)


@pytest.mark.parametrize("balanced", [0.0, 0.4, 1.0])
def test_the_balanced_share_is_the_share_of_windows_around_rare_objects(balanced):
    image = np.zeros((200, 200), int)
    image[10:12, 20:22] = 1
    rows = draws(WindowIndex([image], length=4, rank=2, background=0, balanced=balanced))
    holds = [(image[top : top + 4, left : left + 4] == 1).any() for _, top, left in rows]
    assert near(np.mean(holds), balanced + (1 - balanced) * 25 / 197**2)


def test_rare_transitions_are_drawn_as_often_as_frequent_ones():
    labels = np.concatenate([np.tile([0, 1], 200), [2, 0]])
    rows = draws(WindowIndex([labels], length=2, transitions=1.0))
    rare = [{1, 2} == set(labels[a : a + 2]) or {2, 0} == set(labels[a : a + 2]) for _, a in rows]
    # Of the four kinds of change 0-1, 1-0, 1-2 and 2-0, half of the windows begin at the change itself.
    assert np.mean(rare) > 0.4


def test_windows_of_nothing_but_background_are_kept_to_their_share():
    labels = np.zeros(10_000, int)
    labels[5000:5050] = 1
    for most in (0.0, 0.3, 1.0):
        index = WindowIndex([labels], length=200, background=0, most_background=most)
        empty = [not labels[a : a + 200].any() for _, a in draws(index)]
        natural = 0.975
        # A window that must hold something is given up on after 50 draws, each of which misses with 97.5 %.
        assert np.mean(empty) == pytest.approx(most * natural + (1 - most) * natural**51, abs=0.03)


@pytest.mark.parametrize("multilabel", [False, True])
def test_recordings_of_rare_classes_are_drawn_alike(multilabel):
    numbers = np.repeat([0, 1, 2], [90, 9, 1])
    y_true = [np.eye(3, dtype=int)[k] if multilabel else np.array(k) for k in numbers]
    index = WindowIndex(y_true, length=5, rank=0, shapes=[(9,)] * 100, balanced=1.0, multilabel=multilabel)
    recording = draws(index)[:, 0]
    for number in range(3):
        assert near((numbers[recording] == number).mean(), 1 / 3)


def test_hard_items_are_drawn_by_their_error():
    index = WindowIndex([np.array(0)] * 4, length=1, rank=0, shapes=[(3,)] * 4, hard=0.8)
    index.update(np.arange(4), np.array([0.0, 0.1, 0.3, 0.6]))
    recording = draws(index, count=8000)[:, 0]
    share = np.bincount(recording, minlength=4) / 8000
    np.testing.assert_allclose(share, 0.8 * np.array([0, 0.1, 0.3, 0.6]) + 0.2 / 4, atol=0.02)


def test_draws_around_items_name_the_item():
    labels = np.array([0, 0, 1, 1, 0])
    index = WindowIndex([labels], length=1, balanced=1.0)
    _, first, around = index.draw_with_items(np.random.default_rng(0), 50)
    np.testing.assert_array_equal(labels[first[:, 0]], index.items.kind[around])
