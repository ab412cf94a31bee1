"""Ensembles of folds: who learns from whom, and that their probabilities are averaged, in use and from disk."""

import dataclasses

import keras
import numpy as np
import pytest

from segmend.core.task import Task
from segmend.errors import InputError
from segmend.mending.edits import TrainingEdit
from segmend.pipeline.results.run import load_run
from segmend.pipeline.retraining import on_folds
from segmend.pipeline.retraining.in_run import in_place_of
from segmend.pipeline.retraining.on_folds import averaged, other_folds
from segmend.pipeline.retraining.practice import practice_of
from segmend.pipeline.retraining.rebuild import rebuilt
from tests.pipeline.runs.tasks import STAGES, TINY, dataset

# Keras' own saving hands JAX arrays to h5py in a way that NumPy 2 deprecates.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy:DeprecationWarning")

TASK = Task.named("segmentation", 3)
PLAN = {
    "model.filters": TINY["filters"],
    "model.members": 1,
    "model.stages": STAGES["stages"],
    "training.batch_size": 2,
    "training.steps": 4,
    "training.epochs": 1,
    "window.length": TINY["window.length"],
}


def test_each_part_of_what_was_learnt_from_chooses_once_and_what_judges_is_never_there():
    data = dataset(TASK, recordings=14)
    practice = practice_of(data, data.split["test"])
    learnt, chose = set(practice.data.split["train"]), set(practice.data.split["val"])
    parts = other_folds(practice.data, 4)
    held = [set(part.split["val"]) for part in parts]
    assert len(parts) == 4 and set().union(*held) == learnt and sum(map(len, held)) == len(learnt)
    for part, own in zip(parts, held, strict=True):
        assert set(part.split["train"]) == (learnt - own) | chose
        assert not {each.name for each in part.recordings} & set(data.split["test"])
    assert [part.split for part in other_folds(practice.data, 2)] == [part.split for part in parts[:2]]


def test_no_fold_cuts_a_group_and_one_group_gives_none():
    data = dataset(TASK, recordings=12)
    paired = tuple(dataclasses.replace(each, group=f"g{k // 2}") for k, each in enumerate(data.recordings))
    data = dataclasses.replace(data, recordings=paired, split={**data.split})
    group = {each.name: each.group for each in paired}
    for part in other_folds(data, 4):
        apart = {group[name] for name in part.split["val"]}
        assert not apart & {group[name] for name in part.split["train"] if name not in data.split["val"]}
    same = tuple(dataclasses.replace(each, group="g") for each in data.recordings)
    assert other_folds(dataclasses.replace(data, recordings=same), 4) == []


@pytest.fixture(scope="module")
def practice():
    data = dataset(TASK, recordings=12)
    return practice_of(data, data.split["test"])


@pytest.fixture(scope="module")
def first(practice):
    return rebuilt(practice, TrainingEdit(rebuild=True, values=PLAN), seconds=60.0)


def test_probabilities_are_the_mean_of_the_networks_and_come_back_from_disk(practice, first, tmp_path):
    edit = TrainingEdit(rebuild=True, values=PLAN, folds=2)
    whole = averaged(first, practice, edit, seconds=120.0)
    assert "averaged with 2 networks trained on other folds" in whole.changes
    assert whole.model.about["networks"] == 3
    signals = [each.signal for each in practice.judged.values()]
    said = whole.probabilities(signals)
    members = [layer for layer in whole.model.model.layers if isinstance(layer, keras.Model)]
    assert len(members) == 3
    batch = np.zeros((1, 16, 1), np.float32) + np.linspace(-1, 2, 16)[None, :, None]
    each = [np.asarray(member(batch)) for member in members]
    np.testing.assert_allclose(np.asarray(whole.model.model(batch)), np.mean(each, axis=0), atol=1e-6)
    assert np.abs(each[0] - each[1]).max() > 1e-3 and np.abs(each[1] - each[2]).max() > 1e-3
    for own, back in zip(said, load_run(whole.model.path).predict_many(signals).y_prob, strict=True):
        np.testing.assert_array_equal(own, back)


def test_networks_are_of_seeds_that_those_of_the_plan_do_not_have(practice, first, monkeypatch):
    three = dataclasses.replace(first, model=in_place_of(first.model, first.model.model, networks=3))
    numbers = []

    def member(run, data, number, seconds):
        numbers.append(number)
        return keras.models.clone_model(run.model)

    monkeypatch.setattr(on_folds, "_member", member)
    whole = averaged(three, practice, TrainingEdit(rebuild=True, values=PLAN, folds=2), seconds=60.0)
    assert numbers == [3, 4] and whole.model.about["networks"] == 5


def test_without_time_for_one_more_it_is_refused(practice, first):
    with pytest.raises(InputError, match="time for one network more"):
        averaged(first, practice, TrainingEdit(rebuild=True, values=PLAN, folds=2), seconds=0.0)
