from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmend.errors import InputError
from segmend.splitting import by_group, folds

GROUPS = st.lists(st.sampled_from("abcdefgh"), min_size=2, max_size=30).filter(lambda groups: len(set(groups)) > 1)


@settings(max_examples=60, deadline=None)
@given(GROUPS, st.integers(2, 6), st.integers(0, 5))
def test_folds_hold_every_recording_out_once_and_never_cut_a_group(groups, k, seed):
    parts = folds(groups, k, seed=seed)
    held_out = np.concatenate([out for _, out in parts])
    assert sorted(held_out.tolist()) == list(range(len(groups)))
    assert len(parts) == min(k, len(set(groups)))
    for fit, out in parts:
        assert fit.size and out.size
        assert sorted([*fit.tolist(), *out.tolist()]) == list(range(len(groups)))
        assert not {groups[i] for i in fit} & {groups[i] for i in out}


@settings(max_examples=60, deadline=None)
@given(GROUPS, st.integers(0, 5))
def test_a_split_is_a_partition_by_group(groups, seed):
    parts = by_group(groups, [10] * len(groups), seed=seed)
    assert sorted(np.concatenate(list(parts.values())).tolist()) == list(range(len(groups)))
    assert all(index.size for index in parts.values())
    owner = {groups[i]: role for role, index in parts.items() for i in index}
    assert all(owner[groups[i]] == role for role, index in parts.items() for i in index)


def test_folds_are_balanced_by_weight():
    parts = folds([str(i) for i in range(6)], 2, weight=[10, 9, 8, 3, 2, 1])
    weight = np.array([10, 9, 8, 3, 2, 1])
    assert sorted(int(weight[out].sum()) for _, out in parts) in ([16, 17], [15, 18])


def test_folds_are_the_same_for_the_same_seed_and_not_for_every_seed():
    groups = [str(i) for i in range(12)]
    first = [out.tolist() for _, out in folds(groups, 3, seed=1)]
    assert first == [out.tolist() for _, out in folds(groups, 3, seed=1)]
    assert any(first != [out.tolist() for _, out in folds(groups, 3, seed=seed)] for seed in (2, 3, 4))


def test_a_rare_class_reaches_every_part():
    """Three of thirty subjects have the rare class; dealt by duration alone they would often meet in one part."""
    steps = np.column_stack((np.full(30, 100), np.where(np.arange(30) % 10 == 0, 50, 0)))
    for seed in range(10):
        parts = by_group([str(i) for i in range(30)], steps, seed=seed)
        assert all(steps[index, 1].sum() > 0 for index in parts.values())
        assert abs(len(parts["train"]) - 18) <= 3


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_no_part_lacks_a_class_that_can_be_spared(data):
    """What a part lacks, no move and no exchange brings without taking something from it or an earlier part."""
    count, classes = data.draw(st.integers(3, 7)), data.draw(st.integers(1, 4))
    seed = data.draw(st.integers(0, 3))
    held = st.lists(st.integers(0, 3), min_size=classes, max_size=classes)
    steps = np.array(data.draw(st.lists(held, min_size=count, max_size=count))) * 10
    parts = by_group(list(range(count)), steps, seed=seed)
    assert all(np.array_equal(parts[role], again) for role, again in by_group(range(count), steps, seed=seed).items())
    assert sorted(np.concatenate(list(parts.values())).tolist()) == list(range(count))
    dealt = [set(index.tolist()) for index in parts.values()]
    assert len(dealt) == 3
    for target, column in itertools.product(range(3), np.flatnonzero(steps.any(axis=0)).tolist()):
        if not steps[sorted(dealt[target]), column].any():
            assert not any(
                better(steps, dealt, changed, target)
                for changed in changes(dealt, target)
                if holds(steps, changed[target], column)
            )


def holds(steps, members, column):
    return bool(steps[sorted(members), column].any())


def changes(dealt, target):
    """All deals that differ by one group that comes into the target part, alone or in exchange."""
    for source in {0, 1, 2} - {target}:
        for group in dealt[source]:
            for other in [None, *dealt[target]]:
                changed = [set(part) for part in dealt]
                changed[source] ^= {group} | ({other} if other is not None else set())
                changed[target] ^= {group} | ({other} if other is not None else set())
                yield changed


def better(steps, before, after, target):
    """Whether no part is empty, and neither the target nor an earlier part has lost a class."""
    kept = all(
        holds(steps, after[part], column) or not holds(steps, before[part], column)
        for part in range(target + 1)
        for column in range(steps.shape[1])
    )
    return kept and all(after)


def test_a_class_of_two_groups_is_learnt_from():
    """Dealt by shares alone, the two groups that have the class would be one in val and one in test."""
    steps = np.column_stack((np.full(10, 100), np.isin(np.arange(10), (3, 8)) * 50))
    for seed in range(10):
        parts = by_group(list(range(10)), steps, fractions=(0.6, 0.2, 0.2), seed=seed)
        assert steps[parts["train"], 1].any()
        assert [len(parts[role]) for role in ("train", "val", "test")] == [6, 2, 2]


def test_a_share_of_zero_leaves_the_part_out():
    parts = by_group(list("abcd"), [1] * 4, fractions=(0.5, 0.5, 0))
    assert list(parts) == ["train", "val"]
    assert [len(index) for index in parts.values()] == [2, 2]


def test_two_groups_give_no_third_part():
    assert len(by_group(["a", "b"], [5, 5])) == 2


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: folds(["a", "a"], 3), "2 groups"),
        (lambda: folds(["a", "b"], 1), "k=1"),
        (lambda: by_group(["a"], [1], fractions=(0.5, 0.6, 0.2)), "sum to 1"),
        (lambda: by_group(["a", "b"], [1]), "2 recordings"),
    ],
)
def test_what_cannot_be_split_is_refused(call, message):
    with pytest.raises(InputError, match=message):
        call()
