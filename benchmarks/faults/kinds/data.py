"""Faults of the data."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from benchmarks.faults.data import Part, Subset
from benchmarks.faults.kinds.changes import but, first, in_both, in_train, in_val, rarest, segments_of, usual_length
from benchmarks.faults.kinds.kind import ANY, OTHER, SEGMENTATION, SIGNALS, WHOLES, Kind

NOISE = 0.08
"""Share of wrong labels."""


def non_finite(data: Subset, rng: Any) -> Subset:
    """Every eighth recording has a stretch of NaN, as a loose contact leaves it."""

    def change(part: Part) -> Part:
        x = part.x.copy()
        x[::8, 5 : 5 + x.shape[1] // 10, ..., 0] = np.nan
        return replace(part, x=x)

    return data.with_parts(change)


def flat(data: Subset, rng: Any) -> Subset:
    """A channel that hangs at one value in every recording."""

    def change(part: Part) -> Part:
        x = part.x.copy()
        x[..., 1] = 0.5
        return replace(part, x=x)

    return data.with_parts(change)


def large(part: Part) -> Part:
    """Values as an analogue-to-digital converter gives them."""
    return replace(part, x=part.x * 4000 + 30000)


def random_targets(data: Subset, rng: Any) -> Subset:
    """Random numbers in place of one-hot rows."""
    classes = len(data.labels)
    return data.with_parts(lambda part: replace(part, y=rng.random((*part.y.shape, classes)).astype("float32")))


def relabelled(data: Subset, rng: Any) -> Subset:
    """Some items have another class than theirs."""

    def change(part: Part) -> Part:
        y, classes = part.y.copy(), len(data.labels)
        if y.ndim == 1:
            wrong = rng.random(len(y)) < NOISE
            y[wrong] = (y[wrong] + rng.integers(1, classes, wrong.sum())) % classes
            return replace(part, y=y)
        for k, start, stop, label in segments_of(y):
            if label != data.background and rng.random() < NOISE:
                y[k, start:stop] = 1 + (label - 1 + rng.integers(1, classes - 1)) % (classes - 1)
        return replace(part, y=y)

    return data.with_parts(change)


def without_class(data: Subset, rng: Any) -> Subset:
    """No training recording has the rarest class; validation has."""
    lost, part = rarest(data), data.train
    if part.y.ndim == 1:
        return replace(data, train=part[part.y != lost])
    return replace(data, train=replace(part, y=np.where(part.y == lost, data.background, part.y)))


def other_device(part: Part) -> Part:
    """Recordings of another device: another gain, another zero."""
    low, high = np.percentile(part.x, [1, 99])
    return replace(part, x=part.x * 2.5 + 0.5 * (high - low))


def copied(data: Subset, rng: Any) -> Subset:
    """Half of the validation part are windows that overlap those of training by 97 %."""
    part, shift = first(data.train, len(data.val.y) // 2), 3
    dense = part.y.ndim > 1
    moved = Part(np.roll(part.x, shift, axis=1), np.roll(part.y, shift, axis=1) if dense else part.y, part.groups)
    own = first(data.val, len(data.val.y) - len(part.y))
    both = (np.concatenate(pair) for pair in ((own.x, moved.x), (own.y, moved.y), (own.groups, moved.groups)))
    return replace(data, val=Part(*both))


def on_grid(data: Subset, rng: Any) -> Subset:
    """Labels given to windows of some length, not to steps."""
    size = int(usual_length(data) * 0.8)

    def change(part: Part) -> Part:
        middle = np.minimum(np.arange(part.y.shape[1]) // size * size + size // 2, part.y.shape[1] - 1)
        return replace(part, y=part.y[:, middle])

    return data.with_parts(change)


def shifted(data: Subset, rng: Any) -> Subset:
    """Every label half a typical segment too late."""
    return data.with_parts(lambda part: replace(part, y=np.roll(part.y, int(usual_length(data) / 2) + 1, axis=1)))


def thinned(data: Subset, rng: Any) -> Subset:
    """The rarest class of the training part with four recordings left."""
    part, lost = data.train, rarest(data)
    drop = np.flatnonzero(part.y == lost)[4:]
    return replace(data, train=part[np.setdiff1d(np.arange(len(part.y)), drop)])


def padded_class(data: Subset, rng: Any) -> Subset:
    """One class was saved by a tool that fills up with zeros; in validation, another one was."""

    def change(part: Part, label: int) -> Part:
        x = part.x.copy()
        x[part.y == label, -(x.shape[1] // 4) :] = 0
        return replace(part, x=x)

    one, other = rng.permutation(len(data.labels))[:2]
    return replace(data, train=change(data.train, int(one)), val=change(data.val, int(other)))


PLAIN = but(standardised=False, normalised=False)

KINDS = (
    Kind(name="non-finite-signal", sets=ANY, data=non_finite),
    Kind(name="flat-channel", sets={"ludb": "tcn", "finch_gy6or6": "tcn", "bccd_cells": "pooled"}, data=flat),
    Kind(name="unscaled-input", sets=OTHER | {"ludb_waves": "pooled"}, recipe=PLAIN, data=in_both(large)),
    Kind(
        name="invalid-encoding",
        sets=OTHER,
        recipe=but(loss="one_hot_cross_entropy", metrics=("accuracy",)),
        data=random_targets,
    ),
    Kind(name="label-noise", sets={**WHOLES, "ludb": "unet", "finch_gy6or6": "tcn"}, data=relabelled),
    Kind(
        name="constant-labels",
        right=("touching-same-label",),
        sets=SEGMENTATION,
        data=in_both(lambda part: replace(part, y=np.ones_like(part.y))),
    ),
    Kind(
        name="unseen-class", sets={"ludb": "unet", "finch_gy6or6": "unet", "bccd_cells": "pooled"}, data=without_class
    ),
    Kind(name="split-shift", right=("unfamiliar-input",), sets=ANY, data=in_val(other_device)),
    Kind(name="leaked-groups", sets={**SIGNALS, "bccd_cells": "pooled"}, data=copied),
    Kind(name="duration-comb", sets=SIGNALS, data=on_grid),
    Kind(name="misaligned-labels", sets=SIGNALS, data=shifted),
    Kind(
        name="class-imbalance",
        right=("too-few-segments",),
        sets=WHOLES,
        data=thinned,
        recipe=but(metrics=("accuracy",)),
    ),
    Kind(name="shortcut", sets=WHOLES, data=padded_class),
    Kind(
        name="too-few-segments", right=("unseen-class",), sets=SEGMENTATION, data=in_train(lambda part: first(part, 3))
    ),
)
