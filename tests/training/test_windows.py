from __future__ import annotations

import numpy as np
import pytest

from segmend.errors import InputError
from segmend.training.places import items
from segmend.training.windows import WindowIndex

TASKS = ("segmentation", "multilabel-segmentation", "classification", "multilabel-classification")
every_task = pytest.mark.parametrize(("task", "rank"), [(task, rank) for task in TASKS for rank in (1, 2)])


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
        assert near(np.mean(empty), most * 0.975)  # 250 of 10,000 places are near the item


@pytest.mark.parametrize("multilabel", [False, True])
def test_recordings_of_rare_classes_are_drawn_alike(multilabel):
    numbers = np.repeat([0, 1, 2], [90, 9, 1])
    y_true = [np.eye(3, dtype=int)[k] if multilabel else np.array(k) for k in numbers]
    index = WindowIndex(y_true, length=5, rank=0, shapes=[(9,)] * 100, balanced=1.0, multilabel=multilabel)
    recording = draws(index)[:, 0]
    for number in range(3):
        assert near((numbers[recording] == number).mean(), 1 / 3)


def everything(task, rank):
    """Labels, sizes, and options of two recordings, in every form that labels have."""
    rng = np.random.default_rng(0)
    sizes = [(60,), (35,)] if rank == 1 else [(24, 30), (16, 11)]
    multilabel = task.startswith("multilabel")
    of = 0 if task.endswith("classification") else rank
    if multilabel:
        y_true = [rng.integers(0, 2, (*size[:of], 3)) for size in sizes]
    else:
        y_true = [np.asarray(rng.integers(0, 3, size[:of])) for size in sizes]
    return y_true, {"shapes": sizes, "rank": of, "multilabel": multilabel}


@every_task
def test_windows_of_every_task_stay_inside(task, rank):
    y_true, options = everything(task, rank)
    shares = {"balanced": 0.3, "hard": 0.3, "transitions": 0.2 if options["rank"] == 1 else 0.0}
    index = WindowIndex(y_true, length=7, **shares, **options, most_background=0.5)
    recording, first = index.draw(np.random.default_rng(0), 2000)
    assert first.shape == (2000, rank)
    assert first.min() == 0
    assert (first <= np.array(options["shapes"])[recording] - 7).all()


@every_task
@pytest.mark.parametrize("hard", [0.3, 0.8])
def test_the_hard_share_is_the_share_of_windows_where_the_model_was_wrong(task, rank, hard):
    """One tile is wrong and all others are right: a window drawn for it begins within a quarter of it."""
    y_true, options = everything(task, rank)
    index = WindowIndex(y_true, length=8, hard=hard, **options)
    plain = draws(WindowIndex(y_true, length=8, **options), count=8000)
    bad = len(index.tiles) - 1
    index.tiles.update(np.arange(len(index.tiles)), np.arange(len(index.tiles)) == bad)
    rows = draws(index, count=8000)

    def near_it(rows):
        away = np.abs(rows[:, 1:] - index.tiles.first[bad]).max(axis=1)
        return ((rows[:, 0] == index.tiles.recording[bad]) & (away <= 2)).mean()

    assert near(near_it(rows), hard + (1 - hard) * near_it(plain))


def test_where_nobody_looked_counts_as_the_mean_of_the_rest():
    index = WindowIndex([np.array(0)] * 4, length=1, rank=0, shapes=[(1,)] * 4, hard=1.0)
    index.tiles.update(np.array([0, 1, 3]), np.array([0.1, 0.5, np.nan]))
    share = np.bincount(draws(index, count=8000)[:, 0], minlength=4) / 8000
    np.testing.assert_allclose(share, np.array([0.1, 0.5, 0.3, 0.3]) / 1.2, atol=0.03)


def test_before_anyone_looked_hard_windows_lie_anywhere():
    index = WindowIndex([np.zeros(100, int)], length=10, hard=1.0)
    assert len(index.tiles) == 10
    first = draws(index)[:, 1]
    assert np.histogram(first, bins=4, range=(0, 91))[0].min() > 700


@every_task
def test_tiles_cover_every_step(task, rank):
    y_true, options = everything(task, rank)
    tiles = WindowIndex(y_true, length=7, hard=0.5, **options).tiles
    seen = [np.zeros(size, int) for size in options["shapes"]]
    for recording, first in zip(tiles.recording, tiles.first, strict=True):
        seen[recording][tuple(slice(low, low + 7) for low in first)] += 1
    assert all(each.min() >= 1 for each in seen)


def test_tiles_and_windows_without_a_judged_step_are_left_out():
    """Nine tenths are not judged; windows drawn anywhere hold something judged all the same."""
    labels = np.full(1000, -1)
    labels[500:600] = 0
    index = WindowIndex([labels], length=50, hard=0.5)
    assert set(index.tiles.first[:, 0].tolist()) == {500, 550}
    held = [(labels[a : a + 50] >= 0).any() for _, a in draws(WindowIndex([labels], length=50))]
    assert np.mean(held) > 0.995  # 50 tries that miss with 0.85 each


def test_images_without_a_judged_pixel_are_never_drawn():
    y_true = [np.full((9, 9), -1), np.zeros((9, 9), int)]
    assert set(draws(WindowIndex(y_true, length=4, rank=2))[:, 0].tolist()) == {1}


@pytest.mark.parametrize("multilabel", [False, True])
def test_windows_of_images_that_hold_nothing_are_kept_to_their_share(multilabel):
    mask = np.zeros((120, 120), int)
    mask[50:60, 50:60] = 1
    y_true = [mask[..., None] if multilabel else mask]
    for most in (0.2, 1.0):
        index = WindowIndex(
            y_true, length=30, rank=2, background=0, multilabel=multilabel, balanced=0.25, most_background=most
        )
        empty = np.mean([not mask[a : a + 30, b : b + 30].any() for _, a, b in draws(index)])
        natural = np.mean(
            [
                not mask[a : a + 30, b : b + 30].any()
                for _, a, b in draws(WindowIndex(y_true, length=30, rank=2, multilabel=multilabel))
            ]
        )
        assert near(empty, 0.75 * most * natural)


def test_a_beginning_of_a_rare_label_is_drawn_as_often_as_one_of_a_frequent_label():
    """Label 0 comes and goes 100 times, label 1 once: each of four changes gets a quarter of the windows."""
    labels = np.zeros((1000, 2), int)
    labels[:, 0] = np.arange(1000) // 5 % 2
    labels[503:550, 1] = 1
    rows = draws(WindowIndex([labels], length=1, transitions=1.0, multilabel=True))[:, 1]
    for at in (503, 550):
        assert near(np.isin(rows, (at - 1, at)).mean(), 0.25 + 0.5 / 398)


@pytest.mark.parametrize(("rank", "labels"), [(0, np.array(1)), (2, np.zeros((4, 4), int))])
def test_changes_of_what_has_no_order_are_refused(rank, labels):
    with pytest.raises(InputError, match=r"sampling.transitions: expected 0"):
        WindowIndex([labels], length=2, rank=rank, shapes=[(4, 4)], transitions=0.5)


def test_shares_without_places_fall_to_windows_drawn_anywhere():
    """One class and no change: all windows are drawn as they come."""
    index = WindowIndex([np.zeros((30, 30), int)], length=4, rank=2, background=0, balanced=0.7)
    assert index.shares == (0.0, 0.0, 0.0, 1.0)
    assert WindowIndex([np.zeros(9, int)], length=4, transitions=0.7).shares == (0.0, 0.0, 0.0, 1.0)


@pytest.mark.parametrize("multilabel", [False, True])
def test_recordings_without_a_label_have_no_items_but_are_drawn(multilabel):
    empty, full = np.zeros((40, 2), int), np.zeros((40, 2), int)
    full[10:20, 1] = 1
    y_true = [empty, full] if multilabel else [empty[:, 0], full[:, 1]]
    index = WindowIndex(y_true, length=10, balanced=0.5, multilabel=multilabel, background=0)
    share = (draws(index)[:, 0] == 0).mean()
    # Without overlap the background's three runs are items of a class of their own, one of them in the first recording.
    assert near(share, 0.5 * 0.5 + (0.0 if multilabel else 0.5 * 0.5 / 3))


@pytest.mark.parametrize("multilabel", [False, True])
def test_balanced_windows_lie_around_objects_of_each_class_of_images_alike(multilabel):
    """Twenty objects of class 1 and one of class 2, windows of one pixel."""
    mask = np.zeros((100, 100), int)
    for k in range(20):
        mask[5 * k : 5 * k + 3, 10:13] = 1
    mask[50:53, 60:63] = 2
    y_true = [np.stack([mask == 1, mask == 2], axis=-1).astype(int) if multilabel else mask]
    rows = draws(WindowIndex(y_true, length=1, rank=2, balanced=1.0, background=0, multilabel=multilabel))
    held = mask[rows[:, 1], rows[:, 2]]
    assert near((held == 1).mean(), 0.5)
    assert near((held == 2).mean(), 0.5)


def test_objects_of_images_are_found_class_by_class():
    mask = np.array([[1, 1, 0, 2], [0, 0, 0, 2], [1, -1, 3, 3]])
    found = items([mask], rank=2, multilabel=False, background=0)
    boxes = zip(found.kind.tolist(), found.low.tolist(), found.high.tolist(), strict=True)
    assert sorted(boxes) == [
        (1, [0, 0], [1, 2]),
        (1, [2, 0], [3, 1]),
        (2, [0, 3], [2, 4]),
        (3, [2, 2], [3, 4]),
    ]


def test_classes_that_never_occur_take_no_share():
    """Of classes 0 to 4 only 1 and 4 occur: each is half of the windows."""
    labels = np.repeat([4, 1, 4, 4], 5)
    rows = draws(WindowIndex([labels], length=1, balanced=1.0))[:, 1]
    assert near((labels[rows] == 1).mean(), 0.5)
