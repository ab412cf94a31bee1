"""What training learns from, and what it is judged on."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from segmend import fingerprinting, splitting
from segmend.artifacts.fingerprint import Fingerprint
from segmend.core.dataset import Dataset
from segmend.core.recording import Recording
from segmend.core.segments import Segments
from segmend.core.types import IntArray
from segmend.errors import InputError
from segmend.planning.sides import task_of

TEST_SHARE = 0.2


def annotated(data: Dataset, warn: Callable[[str], None]) -> Dataset:
    """The data set without the recordings that nobody annotated.

    Raises:
        InputError: nothing is left.
    """
    left_out = [recording.name for recording in data.recordings if not recording.annotated]
    if not left_out:
        return data
    kept = tuple(recording for recording in data.recordings if recording.annotated)
    if not kept:
        raise InputError(f"{data.path or 'data'}: expected annotations of one recording or more. Received none")
    some = "1 recording" if len(left_out) == 1 else f"{len(left_out)} recordings"
    warn(f"left out {some} without annotation: {_some(left_out)}")
    split = {role: tuple(n for n in names if n not in left_out) for role, names in data.split.items()}
    return dataclasses.replace(data, recordings=kept, split={role: names for role, names in split.items() if names})


def with_split(data: Dataset, *, share: float, seed: int, say: Callable[[str], None]) -> Dataset:
    """The data set with roles "train" and "val" at least.

    A split that the data bring is kept. Without one, whole groups are dealt out to train, val and test, so that each
    part gets its share of every class as nearly as whole groups allow (of its time, pixels, recordings or images), and
    train a group of every class that has two or more; where only "val" is missing, it is taken from "train".

    Args:
        data: annotated recordings.
        share: share for "val".
        seed: decides among equals.
        say: told what was decided, a line for the groups and one for each class with its share by part.

    Raises:
        InputError: there are not two groups to split, or the split has no "train".
    """
    if "train" in data.split and "val" in data.split:
        return data
    if data.split and "train" not in data.split:
        raise InputError(f'split: expected a role "train". Received {sorted(data.split)}')
    pool = data.part("train") if data.split else data.recordings
    test = 0.0 if data.split else TEST_SHARE
    if len({recording.group for recording in pool}) < 2:
        raise InputError("split: expected two groups or more, to hold one out for validation. Received one")
    groups = [recording.group for recording in pool]
    amounts = np.stack([_amounts(recording, data) for recording in pool])
    # Where labels overlap, what has none has no column of its own: the whole is a column instead.
    whole = [[1 if data.task.kind == "classification" else r.steps] for r in pool]
    columns = np.hstack([amounts, whole]) if data.task.labels == "multilabel" else amounts
    parts = splitting.by_group(groups, columns, fractions=(1 - share - test, share, test), seed=seed)
    if "val" not in parts:  # two groups: one to learn from, one to choose the epoch and the decoder by
        parts = splitting.by_group(groups, columns, fractions=(1 - share, share, 0.0), seed=seed)
    _report(parts, groups, amounts, data, say)
    dealt = {role: tuple(pool[k].name for k in rows.tolist()) for role, rows in parts.items()}
    return dataclasses.replace(data, split={**data.split, **dealt})


def warn_of_absent(facts: Fingerprint, warn: Callable[[str], None]) -> None:
    """Say which classes, the background aside, are missing from what is learnt from, or from what it is judged by.

    Args:
        facts: of annotated recordings with roles "train" and "val".
        warn: told one line for each of the two that lacks a class.
    """
    what = task_of(facts).item
    sequels = {"train": "nothing of the kind is learnt", "val": "nothing of the kind is judged while training"}
    for role, sequel in sequels.items():
        held = np.zeros(len(facts.labels), np.int64)
        for recording in facts.recordings:
            if recording.role == role and recording.class_steps:
                held += recording.class_steps
        absent = [name for k, name in enumerate(facts.labels) if k != facts.background and not held[k]]
        if absent:
            warn(f"{role} has no {what} of {_some(absent)}: {sequel}")


def _amounts(recording: Recording, data: Dataset) -> IntArray:
    """How much of each class a recording holds, shape (classes,): steps, pixels, or 1 where the whole has it."""
    if recording.classes is not None:
        return np.bincount(np.asarray(recording.classes, np.int64), minlength=len(data.labels))
    if recording.regions is not None:
        return fingerprinting.class_pixels(np.asarray(recording.regions.mask), data.labels)
    return fingerprinting.class_steps(recording.segments or Segments.empty(), recording.judged_steps, data.labels)


def _report(
    parts: Mapping[str, IntArray],
    groups: Sequence[str],
    amounts: IntArray,
    data: Dataset,
    say: Callable[[str], None],
) -> None:
    """Say how many groups each part has, and its share of each class."""
    counted = {role: len({groups[k] for k in rows.tolist()}) for role, rows in parts.items()}
    say("split by group: " + ", ".join(f"{role} {count}" for role, count in counted.items()) + " groups")
    what = "time" if data.task.unit == "steps" else data.task.unit
    for number, name in enumerate(data.labels.names):
        whole = max(1, int(amounts[:, number].sum()))
        shares = (f"{role} {amounts[rows, number].sum() / whole:.0%}" for role, rows in parts.items())
        say(f"share of {what} of {name}: {', '.join(shares)}")


def _some(names: Sequence[str], most: int = 3) -> str:
    return ", ".join(names[:most]) + (", ..." if len(names) > most else "")
