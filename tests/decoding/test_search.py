import math
import time
from typing import ClassVar

import numpy as np
import pytest

from segmend.core.labels import Labels
from segmend.decoding import search as module
from segmend.decoding.judge import Judge, inner_folds
from segmend.decoding.search import search
from segmend.decoding.viterbi import Viterbi
from segmend.scoring.objective import parse

F1 = parse("segment_f1@50")


class Counting(Viterbi):
    """Remembers which recordings each fold learnt from."""

    learnt: ClassVar = []

    @classmethod
    def learn(cls, y_prob, y_true, labels, **setting):
        cls.learnt.append([int(rows[0]) for rows in y_true])
        return Viterbi.learn(y_prob, y_true, labels, **setting)


class Valley(Viterbi):
    """Two settings whose best point is reached only by moving both at once."""

    grid: ClassVar = {"a": (0.0, 1.0, 2.0), "b": (0.0, 1.0, 2.0)}
    start: ClassVar = {"a": 0.0, "b": 0.0}


def test_no_group_is_on_both_sides_of_a_fold():
    groups = [str(k // 3) for k in range(21)]
    for fit, held in inner_folds(groups):
        assert {groups[k] for k in fit}.isdisjoint(groups[k] for k in held)
    assert sorted(k for _, held in inner_folds(groups) for k in held) == list(range(21))


def test_nothing_is_learnt_from_the_group_it_is_judged_on():
    Counting.learnt.clear()
    y_true = [np.full(6, k // 2) for k in range(8)]
    search(Counting, [np.eye(4)[rows] for rows in y_true], y_true, Labels.numbered(4), F1, groups=list("aabbccdd"))
    for learnt in Counting.learnt:
        assert len(learnt) == 6 and len(set(learnt)) == 3


def test_nothing_is_judged_once_the_best_possible_value_is_reached():
    visited = []

    def judge(point):
        visited.append(point["a"])
        return point["a"] / 2

    found, *_ = module._climb(Valley, judge, math.inf, most=0.5)
    assert found.setting == {"a": 1.0, "b": 0.0}
    assert visited == [0.0, 1.0]


def test_a_point_that_takes_far_too_long_stays_without_a_value():
    truth = np.repeat([0, 1], 6)
    long_ago = time.monotonic() - 2 * module.GRACE
    found = search(Viterbi, [np.eye(2)[truth]] * 2, [truth] * 2, Labels.numbered(2), F1, deadline=long_ago)
    assert found.setting == Viterbi.start
    assert math.isnan(found.value)


def test_diagonal_neighbours_are_visited():
    value = {(0.0, 0.0): 1.0, (1.0, 1.0): 2.0, (2.0, 2.0): 3.0}
    visited = []

    def judge(point):
        visited.append((point["a"], point["b"]))
        return value.get(visited[-1], 0.0)

    found, *_ = module._climb(Valley, judge, math.inf)
    assert found.setting == {"a": 2.0, "b": 2.0}
    assert len(visited) == len(set(visited)), "no point is judged twice"


def test_the_deadline_stops_after_the_first_point():
    visited = []
    found, *_ = module._climb(Valley, lambda point: visited.append(point) or 1.0, time.monotonic() - 1)
    assert len(visited) == 1 and found.setting == Valley.start


def test_undefined_values_lose_to_any_number():
    found, *_ = module._climb(Valley, lambda point: -5.0 if point == {"a": 2.0, "b": 0.0} else math.nan, math.inf)
    assert found.setting == {"a": 2.0, "b": 0.0}


def test_a_large_search_looks_at_a_part_of_the_groups():
    groups = [str(k // 2) for k in range(40)]
    chosen = module._sample(groups, [10] * 40, 100)
    assert 10 <= len(chosen) <= 14
    names = {groups[k] for k in chosen}
    assert sorted(chosen) == [k for k in range(40) if groups[k] in names], "groups are taken whole"


@pytest.mark.parametrize("setting", [None, {"penalty": 3.0}])
def test_a_given_setting_is_judged_and_not_searched(setting):
    rng = np.random.default_rng(0)
    y_true = [np.repeat(rng.integers(0, 3, 8), 6) for _ in range(4)]
    y_prob = [0.5 * np.eye(3)[rows] + 0.5 * rng.dirichlet(np.ones(3), len(rows)) for rows in y_true]
    found = search(Viterbi, y_prob, y_true, Labels.numbered(3), F1, setting=setting)
    assert 0 <= found.value <= 1
    assert setting is None or found.setting == setting


def test_what_was_found_on_a_part_is_judged_on_all(monkeypatch):
    monkeypatch.setattr(module, "STEPS", 150)
    rng = np.random.default_rng(0)
    y_true = [np.repeat(rng.integers(0, 3, 8), 6) for _ in range(12)]
    y_prob = [0.4 * np.eye(3)[rows] + 0.6 * rng.dirichlet(np.ones(3), len(rows)) for rows in y_true]
    found = search(Viterbi, y_prob, y_true, Labels.numbered(3), F1)
    keys = [str(k) for k in range(12)]
    assert found.value == Judge(Viterbi, y_prob, y_true, Labels.numbered(3), F1, keys)(found.setting)
