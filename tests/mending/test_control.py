import collections

import numpy as np

from segmend import catalogue, decoding
from segmend.artifacts.trial import Trial
from segmend.core.task import Task
from segmend.mending.control import DRAWS, OF_SEGMENTS, TRAININGS, UNSAFE, next_trial, training
from segmend.mending.edits import training_edit
from tests.mending.diagnoses import outcome

SIGNALS = Task.named("segmentation", 2)


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


def test_every_other_remedy_is_a_training_where_one_is_possible_in_the_time():
    rng = np.random.default_rng(0)
    drawn = [next_trial(None, (), 10.0, rng, training_s=10.0).edits for _ in range(400)]
    assert 150 < sum("decoder" not in edits for edits in drawn) < 250
    short = [next_trial(None, (), 9.9, rng, training_s=10.0).edits for _ in range(40)]
    assert all("decoder" in edits for edits in short)


def test_a_training_takes_no_time_from_decoders_to_come():
    trial = Trial(name="weigh", edits={"loss.dice": 1.0}, control=True)
    spent = outcome("viterbi", seconds=50.0)
    trained = spent.model_copy(update={"trial": trial})
    rng = np.random.default_rng(0)
    assert next_trial(None, [spent], 1.0, rng) is None
    assert next_trial(None, [trained], 1.0, rng) is not None


def test_every_training_and_every_value_of_it_is_drawn_with_old_and_new_weights():
    rng = np.random.default_rng(0)
    seen = collections.defaultdict(set)
    for _ in range(2000):
        trial = training(rng, SIGNALS, unsafe=True)
        (key, value), *anew = trial.edits.items()
        seen[key].add((value, bool(anew)))
        assert trial.control and training_edit(trial.edits).rebuild == (key in UNSAFE)
    grid = {**TRAININGS, **OF_SEGMENTS}
    assert {key: seen[key] for key in grid} == {
        key: {(value, anew) for value in values for anew in (False, True)} for key, values in grid.items()
    }
    assert {key: seen[key] for key in UNSAFE} == {"model.architecture": {("planned", False)}}


def test_only_trainings_that_serve_the_task_are_drawn_and_unsafe_ones_if_asked():
    rng = np.random.default_rng(0)
    keys = {next(iter(training(rng, Task.named("classification", 3)).edits)) for _ in range(400)}
    assert keys == set(TRAININGS)


def test_all_are_marked_as_control():
    assert all(trial.control and not trial.because for trial in _drawn(1, 50))


def test_only_decoders_that_serve_the_task_are_drawn():
    rng = np.random.default_rng(0)
    for name, rank in (("multilabel-segmentation", 1), ("classification", 1), ("segmentation", 2)):
        task = Task.named(name, 3, rank)
        drawn = {next_trial(None, (), 1.0, rng, task=task).edits["decoder"] for _ in range(60)}
        assert drawn == set(decoding.serving(task)) - {"argmax"}
