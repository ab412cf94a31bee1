"""Data sets in memory and plan values of each task, with tiny models."""

from __future__ import annotations

import numpy as np

from segmend.core.dataset import Dataset
from segmend.core.labels import Labels
from segmend.core.recording import Recording
from segmend.core.regions import Regions
from segmend.core.segments import Segments
from segmend.core.task import NAMES, Task
from segmend.fingerprinting import fingerprint
from segmend.planning import Values, make

TASKS = [Task.named(name, 3, rank) for name in NAMES for rank in (1, 2)]
TINY = {
    "filters": 4,
    "members": 1,
    "batch_size": 2,
    "window.length": 16,
    "augment": [],
}
STAGES = {"stages": [{"kernel": 3}, {"kernel": 3, "dilation": 2}]}


def named(task):
    """How a task is called in a test's name."""
    return f"{task.name}-{'signals' if task.rank == 1 else 'images'}"


def dataset(task, recordings=4):
    """Recordings of a few sizes; the class is in the signal's value."""
    rng = np.random.default_rng(0)
    background = 0 if task.kind == "segmentation" and task.labels != "multilabel" else None
    labels = Labels(("a", "b", "c"), background)
    made = [_recording(k, task, labels, rng) for k in range(recordings)]
    names = [each.name for each in made]
    split = {"train": tuple(names[:-2]), "val": tuple(names[-2:-1]), "test": tuple(names[-1:])}
    rate = 10.0 if task.rank == 1 else None
    return Dataset(
        recordings=tuple(made), task=task, labels=labels, channels=("x",), split=split, sampling_rate_hz=rate
    )


def values_of(task, data, **overrides):
    """A plan's values for a tiny model."""
    shape = STAGES if task.kind == "segmentation" else {"depth": 1}
    return Values.of(make(fingerprint(data), budget_s=10, overrides={**TINY, **shape, **overrides}))


def _recording(k, task, labels, rng):
    shape = (20 + k,) if task.rank == 1 else (20 + k, 24 - k)
    signal = rng.normal(0, 0.1, (*shape, 1)).astype(np.float32)
    told = {}
    if task.kind == "classification":
        told["classes"] = (k % 3, (k + 1) % 3) if task.labels == "multilabel" else (k % 3,)
        signal += k % 3
    elif task.rank == 1:
        rows = [(2, 8, 1), (10, 15, 2)] + ([(5, 12, 0)] if task.labels == "multilabel" else [])
        told["segments"] = Segments.from_rows(rows).sorted()
        for start, stop, label in rows:
            signal[start:stop] += label
    elif task.labels == "multilabel":
        mask = np.zeros((*shape, 3), np.int64)
        mask[2:8, 2:8, 1] = mask[5:15, 5:15, 2] = 1
        told["regions"] = Regions(mask)
        signal[..., 0] += mask.sum(axis=-1)
    else:
        mask = np.zeros(shape, np.int64)
        mask[2:8, 2:8], mask[10:16, 3:9] = 1, 2
        told["regions"] = Regions(mask, (mask > 0) * mask)
        signal[..., 0] += mask
    return Recording(name=f"r{k}", signal=signal, group=f"g{k}", **told)
