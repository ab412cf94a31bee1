"""Random predictions of each task and rank, from which charts are made: rules must stand them all."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from segmend.artifacts.prediction import Prediction
from segmend.core.labels import Labels
from segmend.core.task import NAMES, Task
from segmend.core.undecoded import undecoded

TASKS = [Task.named(name, 3, rank) for name in NAMES for rank in (1, 2)]
HABITS = ("right", "noisy", "constant", "nothing", "broken", "joined")


def named(task):
    """How a task is called in a test's name."""
    return f"{task.name}-{'signals' if task.rank == 1 else 'images'}"


@st.composite
def predictions(draw, task, known=False):
    """Predictions of a task: of a few recordings, by a model of one habit, with whatever else may be known.

    ``known`` leaves nothing unjudged.
    """
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    count, habit = draw(st.integers(1, 6)), draw(st.sampled_from(HABITS))
    sizes = [_size(task, rng) for _ in range(count)]
    true = [_truth(task, size, rng) for size in sizes]
    if not known and draw(st.booleans()):
        true = [_partly_unknown(task, rows, rng) for rows in true]
    background = 0 if task.kind == "segmentation" and task.labels != "multilabel" and draw(st.booleans()) else None
    several = task.labels == "multilabel"
    said = [_said(task, rows, habit, rng) for rows in true]
    prob = [_probabilities(task, rows, rng) for rows in said]
    return Prediction(
        names=tuple(f"r{k}" for k in range(count)),
        labels=Labels(("a", "b", "c"), background),
        y_true=tuple(true),
        y_pred=tuple(undecoded(rows, multilabel=several) for rows in prob),
        y_prob=tuple(prob) if draw(st.booleans()) else None,
        rank=task.rank if task.kind == "segmentation" else 0,
        data_rank=task.rank,
        multilabel=several,
        groups=tuple(f"g{k // 2}" for k in range(count)) if draw(st.booleans()) else None,
        sampling_rate_hz=draw(st.sampled_from([None, 100.0])) if task.rank == 1 else None,
    )


def _size(task, rng):
    if task.kind == "classification":
        return ()
    return (int(rng.integers(1, 80)),) if task.rank == 1 else tuple(int(n) for n in rng.integers(1, 20, 2))


def _truth(task, size, rng):
    """Blocks of labels, so that there are segments and objects."""
    several = task.labels == "multilabel"
    coarse = [max(1, -(-n // 5)) for n in size]
    blocks = rng.integers(0, 2, (*coarse, 3)) if several else rng.integers(0, 3, coarse)
    for axis, length in enumerate(size):
        blocks = blocks.repeat(5, axis=axis).take(np.arange(length), axis=axis)
    return blocks.astype(np.int8 if several else np.int64)


def _partly_unknown(task, rows, rng):
    axes = rows.shape[:-1] if task.labels == "multilabel" else rows.shape
    unknown = rng.random(axes) < 0.2
    return np.where(unknown[..., None] if task.labels == "multilabel" else unknown, -1, rows).astype(rows.dtype)


def _said(task, true, habit, rng):
    """What a model says: labels in the form of the truth."""
    several = task.labels == "multilabel"
    known = np.maximum(true, 0)
    if habit == "noisy":
        other = rng.integers(0, 2 if several else 3, known.shape)
        return np.where(rng.random(known.shape) < 0.2, other, known)
    if habit in ("constant", "nothing"):
        return np.full_like(known, 0 if habit == "nothing" else 1)
    if known.ndim > several and known.shape[0] > 1 and habit in ("broken", "joined"):
        known = known.copy()
        known[2::4] = 0 if habit == "broken" else 1
    return known


def _probabilities(task, said, rng):
    if task.labels == "multilabel":
        return said * 0.6 + rng.random(said.shape) * 0.4 - 0.0
    prob = np.eye(3)[said] + rng.random((*np.shape(said), 3)) * 0.8
    return prob / prob.sum(axis=-1, keepdims=True)
