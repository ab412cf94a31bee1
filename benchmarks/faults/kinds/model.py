"""Faults of the model and of its loss."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from benchmarks.faults.data import Part, Subset
from benchmarks.faults.kinds.changes import but, few_of_each, in_train
from benchmarks.faults.kinds.kind import ANY, OTHER, RECURRENT, SEGMENTATION, SEVERAL, SIGNALS, Kind
from benchmarks.faults.kinds.proofs import falls_short, learnt_by_heart


def padded(data: Subset, rng: Any) -> Subset:
    """Recordings of different lengths, zeros behind."""

    def change(part: Part) -> Part:
        x, y = part.x - part.x.min() + 0.1, part.y.copy()
        for k, keep in enumerate(rng.integers(x.shape[1] // 3, x.shape[1], len(x))):
            x[k, keep:] = 0
            if y.ndim > 1:
                y[k, keep:] = data.background
        return replace(part, x=x, y=y)

    return data.with_parts(change)


def long_tails(data: Subset, rng: Any) -> Subset:
    """Recordings with as many zeros behind as they are long, twice to six times."""

    def change(part: Part) -> Part:
        x = part.x - part.x.min() + 0.1
        longer = np.zeros((len(x), x.shape[1] * 6, x.shape[2]), x.dtype)
        longer[:, : x.shape[1]] = x
        return replace(part, x=longer)

    return data.with_parts(change)


def broken_weights(model: Any, data: Subset, rng: Any) -> None:
    """One weight that became NaN."""
    layer = next(each for each in reversed(model.layers) if "conv" in each.name)
    values = layer.get_weights()
    values[0].flat[0] = np.nan
    layer.set_weights(values)


KINDS = (
    Kind(
        name="receptive-field-too-short",
        sets={"ludb": "tcn", "finch_gy6or6": "tcn"},
        recipe=but(dilations=(), kernel=1),
    ),
    Kind(
        name="output-length-mismatch",
        sets={"ludb": "tcn", "finch_gy6or6": "tcn", "dsb_nuclei": "tcn"},
        recipe=but(padding="valid"),
        fits=False,
    ),
    Kind(name="output-too-coarse", sets={"ludb": "unet", "finch_gy6or6": "unet"}, recipe=but(pool=16)),
    Kind(name="output-too-coarse:images", sets={"dsb_nuclei": "unet"}, recipe=but(pool=8)),
    Kind(
        name="activation-loss-mismatch",
        sets={**OTHER, "ludb": "unet"},
        recipe=but(loss="cross_entropy_of_logits", activation="softmax"),
    ),
    Kind(
        name="activation-loss-mismatch:sigmoid",
        sets=ANY,
        recipe=but(loss="one_hot_cross_entropy", activation="sigmoid", metrics=("accuracy",)),
    ),
    Kind(name="activation-loss-mismatch:linear", sets=OTHER, recipe=but(activation="linear")),
    Kind(name="activation-loss-mismatch:several", sets=SEVERAL, recipe=but(activation="softmax")),
    Kind(name="pooled-dice", sets=SEGMENTATION, recipe=but(loss="dice", metrics=("accuracy",))),
    Kind(name="focal-alpha-ignored", sets=SEVERAL, recipe=but(loss="binary_focal")),
    Kind(name="mask-dropped", sets=SIGNALS, recipe=but(masked=True, standardised=False), data=padded),
    Kind(
        name="padding-leak",
        right=("mask-dropped",),
        sets={"ludb_waves": "pooled", "finch_syllables": "pooled"},
        recipe=but(standardised=False),
        data=long_tails,
    ),
    Kind(
        name="last-step-on-padding",
        sets=RECURRENT,
        recipe=but(net="last_state", standardised=False),
        data=long_tails,
    ),
    Kind(name="truncated-backward-state", sets=RECURRENT, recipe=but(net="last_step")),
    Kind(name="dead-units", sets=ANY, recipe=but(hidden_bias=-30.0, normalised=False)),
    Kind(name="non-finite-weights", sets=ANY, after=broken_weights),
    Kind(
        name="unserialisable-loss",
        sets=OTHER,
        recipe=but(loss="lambda", metrics=("accuracy",)),
    ),
    Kind(
        name="needless-causality",
        sets={"ludb": "tcn", "finch_gy6or6": "tcn"},
        recipe=but(padding="causal"),
        took=falls_short,
    ),
    Kind(name="accuracy-only", sets=SEGMENTATION, recipe=but(metrics=("accuracy",))),
    Kind(name="saturated-initial-bias", sets=ANY, recipe=but(bias=12.0)),
    Kind(
        name="overparameterised",
        right=("overfitting",),
        sets={"ludb_waves": "pooled", "finch_presence": "pooled"},
        recipe=but(net="dense", filters=32, dropout=0.0, any_length=False, best=False),
        data=in_train(lambda part: few_of_each(part, 15)),
        took=learnt_by_heart,
    ),
    Kind(
        name="underparameterised",
        sets={"ludb": "tcn", "finch_gy6or6": "tcn", "ludb_waves": "pooled"},
        recipe=but(filters=1, normalised=False),  # of a single channel normalisation leaves nothing
        took=falls_short,
    ),
)
