"""Faults of the training."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from benchmarks.faults.data import Part, Subset
from benchmarks.faults.kinds.changes import but, few_of_each, in_train
from benchmarks.faults.kinds.kind import ANY, OTHER, SEGMENTATION, WHOLES_OF_SEVERAL, Kind
from benchmarks.faults.kinds.proofs import falls_short, learnt_by_heart


def copies_of_rare(data: Subset, rng: Any) -> Subset:
    """Each class drawn as often as the most frequent one."""
    part = data.train
    counts = np.bincount(part.y, minlength=len(data.labels))
    own = [np.flatnonzero(part.y == k) for k in range(len(counts))]
    rows = np.concatenate([rng.choice(each, counts.max()) for each in own if len(each)])
    return replace(data, train=part[rng.permutation(rows)[:1600]])


def same_parts(data: Subset, rng: Any) -> Subset:
    """Validated on what is trained on."""
    return replace(data, val=data.train)


def few(part: Part) -> Part:
    """Eight recordings of each class; sixteen at all where a recording has more than one label."""
    return few_of_each(part, 8 if part.y.ndim == 1 else 16)


KINDS = (
    Kind(
        name="overfitting",
        right=("overparameterised", "no-regularisation"),
        sets={"ludb": "unet", "ludb_waves": "both_states", "finch_presence": "pooled"},
        recipe=but(dropout=0.0, best=False, epochs=60, batch=4),
        data=in_train(few),
        took=learnt_by_heart,
    ),
    Kind(name="stopped-early", right=("underfitting",), sets=ANY, recipe=but(epochs=2), took=falls_short),
    Kind(
        name="learning-rate-too-high",
        right=("diverged",),
        sets=ANY,
        recipe=but(learning_rate=1.0, normalised=False),
    ),
    Kind(name="learning-rate-too-low", sets=OTHER, recipe=but(learning_rate=2e-6, epochs=10)),
    Kind(
        name="batch-too-large",
        right=("stopped-early",),
        sets=OTHER,
        recipe=but(batch=4096, epochs=8),
        took=falls_short,
    ),
    Kind(name="class-weight-ignored", sets=WHOLES_OF_SEVERAL, recipe=but(weights="train")),
    Kind(name="class-weight-ignored:dense", sets=SEGMENTATION, recipe=but(weights="train"), fits=False),
    Kind(
        name="corrected-twice",
        sets={"bccd_cells": "pooled"},
        recipe=but(weights="val", epochs=3),
        data=copies_of_rare,
    ),
    Kind(name="over-regularised", right=("underfitting",), sets=ANY, recipe=but(l2=1.0, normalised=False)),
    Kind(name="over-regularised:dropout", right=("underfitting",), sets=OTHER, recipe=but(dropout=0.95)),
    Kind(
        name="selected-on-training-data",
        right=("leaked-groups",),
        sets={"ludb": "tcn", "finch_syllables": "both_states", "bccd_cells": "pooled"},
        data=same_parts,
    ),
    Kind(
        name="misaligned-augmentation",
        sets={"dsb_nuclei": "unet"},
        recipe=but(augmented=True),
    ),
)
