"""Splits that are made where none is given, for every task."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmend import fingerprinting
from segmend.core.dataset import Dataset
from segmend.core.labels import Labels
from segmend.core.recording import Recording
from segmend.core.regions import Regions
from segmend.core.segments import Segments
from segmend.core.task import NAMES, Task
from segmend.errors import InputError
from segmend.loading import refuse
from segmend.pipeline.on_files.mend_files import mend_files
from segmend.pipeline.runs.splits import warn_of_absent, with_split
from tests.builders import make_predictions

NAME = st.sampled_from(NAMES)


def recording(task, number, group, classes, sides=(4, 6)):
    """One recording that holds the given classes, numbered from 1."""
    shape = (24,) if task.rank == 1 else sides
    signal = np.zeros((*shape, 1))
    about = {"name": f"r{number}", "signal": signal, "group": group}
    held = [k - (task.labels == "multilabel" or task.kind == "classification") for k in classes]
    if task.kind == "classification":
        return Recording(classes=tuple(held if task.labels == "multilabel" else held[:1] or [0]), **about)
    if task.rank == 1:
        rows = [(5 * k, 5 * k + 4, label) for k, label in enumerate(held)]
        return Recording(segments=Segments.from_rows(rows), **about)
    mask = np.zeros((*shape, 3), int) if task.labels == "multilabel" else np.zeros(shape, int)
    for k, label in enumerate(held):
        if task.labels == "multilabel":
            mask[k, :, label] = 1
        else:
            mask[k] = label
    return Recording(regions=Regions(mask), **about)


def dataset(name, rank, rows):
    """A data set of (group, classes) rows."""
    plain = name == "segmentation"
    labels = Labels.of(["a", "b", "c"], 0 if plain else None)
    task = Task.named(name, len(labels), rank)
    recordings = tuple(recording(task, k, group, classes) for k, (group, classes) in enumerate(rows))
    return Dataset(recordings=recordings, task=task, labels=labels, channels=("value",))


@settings(max_examples=80, deadline=None)
@given(
    NAME,
    st.sampled_from([1, 2]),
    st.lists(
        st.tuples(st.sampled_from("stuvwxyz"), st.lists(st.sampled_from([1, 2, 3]), max_size=3, unique=True)),
        min_size=2,
        max_size=16,
    ).filter(lambda rows: len({group for group, _ in rows}) > 1),
    st.integers(0, 3),
)
def test_no_group_is_cut_and_a_seed_decides(name, rank, rows, seed):
    data = dataset(name, rank, rows)
    split = with_split(data, share=0.2, seed=seed, say=lambda line: None).split
    assert split == with_split(data, share=0.2, seed=seed, say=lambda line: None).split
    assert sorted(member for names in split.values() for member in names) == sorted(r.name for r in data.recordings)
    assert {"train", "val"} <= set(split)
    role_of = {member: role for role, names in split.items() for member in names}
    roles = {(r.group, role_of[r.name]) for r in data.recordings}
    assert len(roles) == len({group for group, _ in rows})
    refuse(dataclasses.replace(data, split=split))


@pytest.mark.parametrize("rank", [1, 2])
@pytest.mark.parametrize("name", NAMES)
def test_a_rare_class_is_shared_out_and_train_has_it(name, rank):
    rows = [(f"g{k}", [1] if k % 2 else [2]) for k in range(18)] + [("x", [3]), ("y", [3])]
    data = dataset(name, rank, rows)
    for seed in range(5):
        split = with_split(data, share=0.2, seed=seed, say=lambda line: None).split
        assert {"r18", "r19"} & set(split["train"])
        assert {"r18", "r19"} - set(split["train"])
        assert {role: len(names) for role, names in split.items()} == pytest.approx(
            {"train": 12, "val": 4, "test": 4}, abs=1
        )


@pytest.mark.parametrize(
    ("name", "rank", "what"),
    [
        ("segmentation", 1, "time"),
        ("multilabel-segmentation", 2, "pixels"),
        ("classification", 1, "recordings"),
        ("multilabel-classification", 2, "images"),
    ],
)
def test_shares_are_told_in_what_carries_a_label(name, rank, what):
    said = []
    rows = [(f"g{k}", [1, 2, 3] if name != "classification" else [1 + k % 3]) for k in range(30)]
    with_split(dataset(name, rank, rows), share=0.2, seed=0, say=said.append)
    assert said[0] == "split by group: train 18, val 6, test 6 groups"
    assert said[-1] == f"share of {what} of c: train 60%, val 20%, test 20%"


def test_recordings_without_any_label_are_shared_out_too():
    rows = [(f"g{k}", [1] if k < 10 else []) for k in range(20)]
    split = with_split(dataset("multilabel-classification", 1, rows), share=0.2, seed=0, say=lambda line: None).split
    without = {f"r{k}" for k in range(10, 20)}
    assert {role: len(without & set(names)) for role, names in split.items()} == {"train": 6, "val": 2, "test": 2}


def test_a_recording_in_two_parts_is_refused_by_name():
    data = dataset("segmentation", 1, [("g", [1]), ("h", [1])])
    for split in ({"train": ("r0",), "val": ("r0", "r1")}, {"train": ("r0",), "test": ("r1",), "test_far": ("r1",)}):
        with pytest.raises(
            InputError, match=r'split: expected each recording in one part. Received "r[01]" in t\w+ and'
        ):
            refuse(dataclasses.replace(data, split=split))
    refuse(dataclasses.replace(data, split={"split_1": ("r0",), "split_2": ("r0", "r1")}))


def test_mend_refuses_a_recording_in_two_parts_by_name(tmp_path):
    folder = make_predictions(tmp_path, splits={"val": ["a", "b"], "test": ["b", "c"]})
    with pytest.raises(InputError, match=r'expected each recording in one part\. Received "b" in val and test'):
        mend_files(folder)


@pytest.mark.parametrize("rank", [1, 2])
@pytest.mark.parametrize("name", NAMES)
def test_classes_that_are_missing_from_a_split_that_is_given_are_named(name, rank):
    data = dataset(name, rank, [("g", [1]), ("h", [2]), ("i", [1]), ("j", [3])])
    split = {"train": ("r0", "r1"), "val": ("r2",), "test": ("r3",)}
    facts = fingerprinting.fingerprint(dataclasses.replace(data, split=split), separability=False)
    said = []
    warn_of_absent(facts, said.append)
    what = data.task.item
    first, second, third = data.labels.names[-3:]
    assert first == "a"
    assert said == [
        f"train has no {what} of {third}: nothing of the kind is learnt",
        f"val has no {what} of {second}, {third}: nothing of the kind is judged while training",
    ]
