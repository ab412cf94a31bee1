"""The rules of data on data of every task with every fault: none breaks, and all speak of what there is."""

import dataclasses
import re

import numpy as np
import pytest

from segmend.artifacts.chart import Chart
from segmend.core.dataset import Problem
from segmend.diagnosis import doctor
from segmend.diagnosis.rules.data.invalid_annotations import FAULTS
from segmend.fingerprinting import fingerprint
from tests.pipeline.runs.tasks import TASKS, dataset, named

every_task = pytest.mark.parametrize("task", TASKS, ids=named)


def _faulty(task):
    """Recordings of which one holds NaN, one is flat, and one stands in two parts under two names."""
    data = dataset(task, recordings=8)
    spoilt, flat, *others = data.recordings
    signal = spoilt.signal.copy()
    signal[(3,) if task.rank == 1 else (3, 5)] = np.nan
    spoilt = dataclasses.replace(spoilt, signal=signal)
    flat = dataclasses.replace(flat, signal=np.zeros_like(flat.signal))
    copy = dataclasses.replace(others[-1], name="copy", group=others[0].group)
    problems = tuple(Problem(kind, "r0", "annotations.csv, line 2", "expected sense. Received none") for kind in FAULTS)
    recordings = (spoilt, flat, *others, copy)
    split = {**data.split, "train": (*data.split["train"], "copy")}
    return dataclasses.replace(data, recordings=recordings, split=split, problems=problems)


def _examined(task):
    data = _faulty(task)
    chart = Chart(task=task, labels=data.labels, judged_on="data", fingerprint=fingerprint(data))
    return {(each.rule, each.message): each for each in doctor.examine(chart, strict=True).findings}


@every_task
def test_all_faults_are_found_and_told_in_words_of_the_task(task):
    found = _examined(task)
    rules = {rule for rule, _ in found}
    assert {"non-finite-signal", "flat-channel", "leaked-groups", "invalid-annotations"} <= rules
    strange = r"\b(steps?|recordings?)\b" if task.rank == 2 else r"\b(pixels?|images?|objects?)\b"
    for _, message in found:
        assert not re.search(strange, message), message


@every_task
def test_the_first_sample_that_is_no_number_has_a_place(task):
    (message,) = [message for rule, message in _examined(task) if rule == "non-finite-signal"]
    place = "at step 3, channel x" if task.rank == 1 else "at row 3, column 5, channel x"
    assert "1 samples in 1 of 9" in message and place in message


def test_touching_objects_are_told_apart_by_a_border_or_by_decoding():
    task = TASKS[1]
    data = dataset(task)
    touching = []
    for each in data.recordings:
        mask = np.zeros(each.shape, int)
        mask[2:8, 2:8] = 1
        numbers = mask.copy()
        numbers[2:8, 5:8] = 2
        touching.append(
            dataclasses.replace(each, regions=dataclasses.replace(each.regions, mask=mask, instances=numbers))
        )
    facts = fingerprint(dataclasses.replace(data, recordings=tuple(touching)))
    record = doctor.examine(Chart(task=task, labels=data.labels, judged_on="data", fingerprint=facts))
    finding = next(each for each in record.findings if each.rule == "touching-same-label")
    assert [remedy.name for remedy in finding.remedies] == ["leave-a-border-in-the-labels", "split-when-decoding"]
    assert "of all objects" in finding.message and "connected areas" in finding.message


def test_rules_of_items_are_not_looked_for_where_there_are_none():
    task = TASKS[-1]
    chart = Chart(task=task, labels=dataset(task).labels, judged_on="data", fingerprint=fingerprint(dataset(task)))
    because = {each.rule: each.because for each in doctor.examine(chart).skipped}
    assert because["over-segmentation"] == "not looked for in multilabel-classification of images"
