"""What training learns from, and what it is judged on."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence

import numpy as np

from segmend import splitting
from segmend.core.dataset import Dataset
from segmend.core.recording import Recording
from segmend.errors import InputError

TEST_SHARE = 0.2


def annotated(data: Dataset, warn: Callable[[str], None]) -> Dataset:
    """The data set without the recordings that nobody annotated.

    Raises:
        InputError: nothing is left.
    """
    left_out = [recording.name for recording in data.recordings if recording.segments is None]
    if not left_out:
        return data
    kept = tuple(recording for recording in data.recordings if recording.segments is not None)
    if not kept:
        raise InputError(f"{data.path or 'data'}: expected annotations of one recording or more. Received none")
    some = "1 recording" if len(left_out) == 1 else f"{len(left_out)} recordings"
    warn(f"left out {some} without annotation: {_some(left_out)}")
    split = {role: tuple(n for n in names if n not in left_out) for role, names in data.split.items()}
    return dataclasses.replace(data, recordings=kept, split={role: names for role, names in split.items() if names})


def with_split(data: Dataset, *, share: float, seed: int, say: Callable[[str], None]) -> Dataset:
    """The data set with roles "train" and "val" at least.

    A split that the data bring is kept. Without one, whole groups are dealt out to train, val and test; where only
    "val" is missing, it is taken from "train".

    Args:
        data: annotated recordings.
        share: share of the steps for "val".
        seed: decides among equals.
        say: told what was decided.

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
    parts = _deal(pool, (1 - share - test, share, test), seed)
    if "val" not in parts:  # two groups: one to learn from, one to choose the epoch and the decoder by
        parts = _deal(pool, (1 - share, share, 0.0), seed)
    groups = {role: len({r.group for r in pool if r.name in names}) for role, names in parts.items()}
    say("split by group: " + ", ".join(f"{role} {count}" for role, count in groups.items()) + " groups")
    return dataclasses.replace(data, split={**data.split, **parts})


def _deal(pool: Sequence[Recording], fractions: tuple[float, float, float], seed: int) -> dict[str, tuple[str, ...]]:
    groups, steps = [r.group for r in pool], np.array([r.steps for r in pool], np.float64)
    index = splitting.by_group(groups, steps, fractions=fractions, seed=seed)
    return {role: tuple(pool[k].name for k in rows.tolist()) for role, rows in index.items() if rows.size}


def _some(names: Sequence[str], most: int = 3) -> str:
    return ", ".join(names[:most]) + (", ..." if len(names) > most else "")
