"""Random data sets of every task without a fault, from which seeded cases of the data rules are made."""

from __future__ import annotations

from unittest import mock

import numpy as np

from segmend.artifacts.chart import Chart
from segmend.core.dataset import Dataset
from segmend.core.labels import Labels
from segmend.core.recording import Recording
from segmend.core.regions import Regions
from segmend.core.segments import Segments
from segmend.core.task import NAMES, Task
from segmend.fingerprinting import fingerprint

TASKS = [Task.named(name, 3, rank) for name in NAMES for rank in (1, 2)]
FULL = {"segmentation": 24, "classification": 72}


def healthy_data(seed, task=None, *, recordings=None, per_group=None, noise=None):
    """Recordings of people who come and go at random, split by person, 3 : 1 : 1; classes lie apart in the signal."""
    rng = np.random.default_rng(seed)
    task = task or TASKS[seed % len(TASKS)]
    several = task.labels == "multilabel"
    background = 0 if task.kind == "segmentation" and not several and rng.random() < 0.7 else None
    labels = Labels(("a", "b", "c"), background)
    count = recordings or FULL[task.kind]
    each = per_group or int(rng.integers(1, 4))
    groups = [f"g{k // each}" for k in range(count)]
    spread = float(rng.uniform(0.1, 1.0)) if noise is None else noise
    rare = float(rng.uniform(0.25, 1.0))
    made = tuple(_recording(k, groups[k], task, labels, spread, rare, rng) for k in range(count))
    names = list(dict.fromkeys(groups))
    rng.shuffle(names)
    role = {name: ("train", "train", "train", "val", "test")[k % 5] for k, name in enumerate(names)}
    split = {part: tuple(r.name for r in made if role[r.group] == part) for part in ("train", "val", "test")}
    rate = 10.0 if task.rank == 1 else None
    return Dataset(recordings=made, task=task, labels=labels, channels=("x", "y"), split=split, sampling_rate_hz=rate)


def charted(data):
    """The chart of an audit."""
    return Chart(task=data.task, labels=data.labels, judged_on="data", fingerprint=fingerprint(data))


def without_floor(data):
    """The same where only labels and moments matter: no floor is fitted, so that many take little time."""
    with mock.patch("segmend.fingerprinting.assemble.sampler_of", return_value=None):
        return charted(data)


def share(rule, charts):
    """The share of charts on which a rule has findings."""
    found = [bool(list(rule.examine(chart))) for chart in charts]
    assert found
    return sum(found) / len(found)


def _recording(k, group, task, labels, noise, rare, rng):
    weights = np.array([1.0, 1.0, rare])
    if task.kind == "classification":
        shape = (30,) if task.rank == 1 else (8, 9)
        known = [int(c) for c in np.flatnonzero(rng.random(3) < weights / 2)] if task.labels == "multilabel" else None
        classes = tuple(known) if known is not None else (int(rng.choice(3, p=weights / weights.sum())),)
        marks = np.zeros((*shape, 3))
        marks[..., list(classes)] = 1
        told = {"classes": classes}
    elif task.rank == 1:
        rows = _segments(task, labels, weights, rng)
        shape = (max(stop for _, stop, _ in rows) + int(rng.integers(1, 9)) * (labels.background is not None),)
        marks = np.zeros((*shape, 3))
        for start, stop, label in rows:
            marks[start:stop, label] = 1
        told = {"segments": Segments.from_rows(rows).sorted()}
    else:
        marks, told = _objects(task, labels, weights, rng)
    signal = np.stack([marks @ [0.0, 2.0, 4.0], marks @ [3.0, 0.0, 1.0]], axis=-1)
    signal += rng.normal(0, 0.1, 2) + rng.normal(0, noise, signal.shape)
    return Recording(name=f"r{k}", signal=signal.astype(np.float32), group=group, **told)


def _segments(task, labels, weights, rng):
    several = task.labels == "multilabel"
    usual = {0: 14, 1: 9, 2: 20}
    rows = []
    for lane in [[number] for number in labels.foreground] if several else [list(labels.foreground)]:
        odds = weights[lane] / weights[lane].sum()
        step, last = int(rng.integers(0, 8)), None
        while step < 400:
            choice = [(n, p) for n, p in zip(lane, odds, strict=True) if several or len(lane) == 1 or n != last]
            chances = np.array([p for _, p in choice])
            last = choice[int(rng.choice(len(choice), p=chances / chances.sum()))][0]
            length = max(2, int(usual[last] * rng.lognormal(0, 0.35)))
            rows.append((step, step + length, last))
            gap = several or labels.background is not None
            step += length + (1 + int(rng.exponential(8 / weights[last])) if gap else 0)
    return sorted(rows)


def _objects(task, labels, weights, rng):
    shape = (int(rng.integers(40, 56)), 48)
    several = task.labels == "multilabel"
    mask = np.zeros((*shape, 3), np.int64)
    for number in labels.foreground:
        for _ in range(int(rng.integers(1, 4)) if rng.random() < weights[number] + 0.3 else 0):
            row, column = rng.integers(0, 36, 2)
            high, wide = rng.integers(3, 10, 2)
            where = (slice(row, row + high), slice(column, column + wide))
            if not several:
                mask[where] = 0
            mask[(*where, number)] = 1
    if several:
        return mask.astype(float), {"regions": Regions(mask)}
    if labels.background is None:
        mask[..., 0] = mask[..., 1:].sum(axis=-1) == 0
    numbers = (mask * [0, 1, 2]).sum(axis=-1)
    marks = np.stack([numbers == k for k in range(3)], axis=-1).astype(float)
    return marks, {"regions": Regions(numbers)}
