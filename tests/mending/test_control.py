import collections

import numpy as np

from segmend import catalogue, decoding
from segmend.core.task import Task
from segmend.mending.control import DRAWS, next_trial
from tests.mending.diagnoses import outcome


def _drawn(seed, count):
    rng = np.random.default_rng(seed)
    return [next_trial(None, (), 1.0, rng) for _ in range(count)]


def test_every_decoder_and_every_value_of_its_grid_is_drawn():
    trials = _drawn(0, 4000)
    seen = collections.Counter(trial.edits["decoder"] for trial in trials)
    assert set(seen) == set(decoding.serving(Task.named("segmentation", 2))) - {"argmax"}
    assert min(seen.values()) > 0.85 * len(trials) / len(seen)
    for name in seen:
        grid = catalogue.resolve("decoders", name).grid
        drawn = [trial.edits["setting"] for trial in trials if trial.edits["decoder"] == name]
        for setting, values in grid.items():
            assert {point[setting] for point in drawn} == set(values)


def test_the_same_seed_draws_the_same_remedies():
    assert _drawn(5, 20) == _drawn(5, 20)
    assert _drawn(5, 20) != _drawn(6, 20)


def test_twenty_remedies_or_no_time():
    rng = np.random.default_rng(0)
    done = [outcome("viterbi", control=True, seconds=2.0)] * (DRAWS - 1)
    assert next_trial(None, done, 2.5, rng) is not None
    assert next_trial(None, done, 1.5, rng) is None
    assert next_trial(None, [*done, done[0]], 2.5, rng) is None
    assert next_trial(None, (), 0.0, rng) is None


def test_all_are_marked_as_control():
    assert all(trial.control and not trial.because for trial in _drawn(1, 50))


def test_only_decoders_that_serve_the_task_are_drawn():
    rng = np.random.default_rng(0)
    for name, rank in (("multilabel-segmentation", 1), ("classification", 1), ("segmentation", 2)):
        task = Task.named(name, 3, rank)
        drawn = {next_trial(None, (), 1.0, rng, task=task).edits["decoder"] for _ in range(60)}
        assert drawn == set(decoding.serving(task)) - {"argmax"}
