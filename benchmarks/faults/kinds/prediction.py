"""Faults that only predictions show: the model is changed after training, or judged on other recordings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from benchmarks.faults.data import Subset
from benchmarks.faults.kinds.changes import rarest, usual_length
from benchmarks.faults.kinds.kind import ANY, OTHER, SEGMENTATION, SEVERAL, SIGNALS, Kind


def bias_of(which: Callable[[Subset], int], by: float) -> Callable[[Any, Subset, Any], None]:
    """The last layer's bias of one class moved, as weights or sampling move it."""

    def change(model: Any, data: Subset, rng: Any) -> None:
        kernel, bias = model.get_layer("last").get_weights()
        bias[which(data)] += by
        model.get_layer("last").set_weights([kernel, bias])

    return change


def frequent(data: Subset) -> int:
    """The class with most steps or wholes."""
    return int(np.bincount(data.train.y.ravel()).argmax())


def softened(model: Any, data: Subset, rng: Any) -> None:
    """A last layer that is a sixth as sure."""
    last = model.get_layer("last")
    last.set_weights([each / 6 for each in last.get_weights()])


def later_in_train(data: Subset, rng: Any) -> Subset:
    """Training labels late by a third of a typical segment; validation labels right."""
    late = replace(data.train, y=np.roll(data.train.y, int(usual_length(data) / 3) + 1, axis=1))
    return replace(data, train=late)


def noisy_recordings(data: Subset, rng: Any) -> Subset:
    """A fifth of the validation recordings with strong noise."""
    x = data.val.x.copy()
    x[::5] += rng.normal(0, 3 * x.std(), x[::5].shape)
    return replace(data, val=replace(data.val, x=x))


def strange_recordings(data: Subset, rng: Any) -> Subset:
    """A tenth of the validation recordings from a device with eight times the gain."""
    x = data.val.x.copy()
    x[::10] = 8 * x[::10] + 4 * x.std()
    return replace(data, val=replace(data.val, x=x))


def no_labels_at_ends(data: Subset, rng: Any) -> Subset:
    """Training windows whose first and last eighth nobody labelled."""
    y, border = data.train.y.copy(), data.train.y.shape[1] // 8
    y[:, :border] = y[:, -border:] = data.background
    return replace(data, train=replace(data.train, y=y))


def dear_misses(data: Subset) -> dict[str, Any]:
    """It costs fifty times as much to miss the rarest class as anything else."""
    cost = 1 - np.eye(len(data.labels))
    cost[rarest(data)] *= 50
    return {"cost": cost}


COSTLY = {"ludb": "tcn", "finch_gy6or6": "tcn", "dsb_nuclei": "unet"}

KINDS = (
    Kind(name="wrong-threshold", right=("missed-class",), sets=SEVERAL, after=bias_of(rarest, -6.0)),
    Kind(
        name="single-class-collapse",
        right=("class-imbalance",),
        sets={**OTHER, "ludb": "unet"},
        after=bias_of(frequent, 25.0),
    ),
    Kind(
        name="missed-class",
        right=("wrong-threshold", "class-imbalance"),
        sets={**OTHER, "ludb": "tcn"},
        after=bias_of(rarest, -25.0),
    ),
    Kind(name="miscalibrated", sets=SEGMENTATION, after=softened),
    Kind(name="shifted-boundaries", right=("misaligned-labels",), sets=SIGNALS, data=later_in_train),
    Kind(name="slice-failure", right=("unfamiliar-input", "split-shift"), sets=ANY, data=noisy_recordings),
    Kind(name="unfamiliar-input", right=("split-shift", "slice-failure"), sets=OTHER, data=strange_recordings),
    Kind(name="edge-artefacts", right=("missing-segments",), sets=SIGNALS, data=no_labels_at_ends),
    Kind(name="cost-suboptimal", sets=COSTLY, arguments=dear_misses),
)
