"""What may be learnt from: nothing that judges."""

import dataclasses

import pytest

from segmend.core.task import Task
from segmend.pipeline.retraining.practice import practice_of
from tests.pipeline.runs.tasks import TASKS, dataset, named


@pytest.mark.parametrize("task", TASKS, ids=named)
def test_roles_are_dealt_anew_among_what_does_not_judge(task):
    data = dataset(task, recordings=8)
    judged = data.split["test"]
    practice = practice_of(data, judged)
    seen = {each.name for each in practice.data.recordings}
    assert seen == set(data.split["train"])
    assert set(practice.data.split) == {"train", "val"}
    assert sorted(name for names in practice.data.split.values() for name in names) == sorted(seen)
    assert set(practice.judged) == set(judged)
    assert {each.name for each in practice.facts.recordings} == seen


def test_groups_of_what_judges_are_left_out():
    data = dataset(Task.named("segmentation", 3), recordings=8)
    first, *others = data.recordings
    test = next(each for each in others if each.name in data.split["test"])
    twin = dataclasses.replace(first, group=test.group)
    data = dataclasses.replace(data, recordings=(twin, *others))
    practice = practice_of(data, data.split["test"])
    assert twin.name not in {each.name for each in practice.data.recordings}


def test_one_group_or_none_is_too_little():
    data = dataset(Task.named("segmentation", 3), recordings=3)
    assert len(data.part("train")) == 1
    assert practice_of(data, data.split["test"]) is None
    assert practice_of(dataclasses.replace(data, split={}), data.split["test"]) is None
