from __future__ import annotations

import itertools

import optuna
import pytest

from segmend.pipeline.tuning.picking import grid_points, grid_size, sampler_of, seed_of
from segmend.planning import make
from segmend.planning.space import space
from tests.planning.builders import fingerprint


@pytest.fixture
def small():
    facts = fingerprint()
    return space(facts, make(facts), keys=["filters", "learning_rate"])


def test_the_whole_grid_is_every_combination_once_the_planned_one_first(small):
    points = grid_points(small, 100, seed=5)
    told = [(point["model.filters"], point["training.learning_rate"]) for point in points]
    assert grid_size(small) == len(points) == 9
    assert told[0] == ("32", 0.006)
    assert set(told) == set(itertools.product(("32", "16", "64"), (0.006, 0.002, 0.018)))


def test_a_longer_part_of_a_grid_begins_with_the_shorter_one(small):
    assert grid_points(small, 7, seed=5)[:4] == grid_points(small, 4, seed=5)
    assert grid_points(small, 5, seed=5) != grid_points(small, 5, seed=6)


@pytest.mark.parametrize("name", ["tpe", "random"])
def test_one_seed_picks_the_same_and_workers_pick_differently(name):
    def picks(worker):
        study = optuna.create_study(direction="maximize")
        found = []
        for begun in range(6):
            study.sampler = sampler_of(name, seed_of(0, worker, begun), asked=6, workers=2)
            trial = study.ask()
            found.append(trial.suggest_float("rate", 0.001, 1.0, log=True))
            study.tell(trial, -abs(found[-1] - 0.1))
        return found

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    assert picks(0) == picks(0)
    assert len({*picks(0), *picks(1)}) == 12
