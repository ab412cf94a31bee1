"""The plan with one decision replaced by a fixed default: what each decision is worth."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from benchmarks.recipes.names import CLASSIFICATION, PLAN

PLAIN_STAGES = [{"kernel": 3, "dilation": 2**level} for level in range(8)]
"""Eight layers on the input's own grid, with a field of 511 steps: a common size for any signal."""

EVERYWHERE: dict[str, Mapping[str, Any]] = {
    "no dropout": {"model.dropout": 0.0},
    "one network": {"model.members": 1},
    "no augmentation": {"sampling.augment": []},
    "windows drawn as they come": {"sampling.balanced": 0.0},
    "no weight decay": {"training.weight_decay": 0.0},
    "a rate of 0.001": {"training.learning_rate": 0.001},
    "a constant rate": {"training.schedule": "constant", "training.average": 0.0},
    "a constant rate, averaged weights": {"training.schedule": "constant", "training.average": 0.05},
    "averaged weights": {"training.average": 0.05},
}
OF_STEPS: dict[str, Mapping[str, Any]] = {
    "no Dice": {"loss.dice": 0.0},
    "epoch chosen by accuracy": {"validation.metric": "step_accuracy"},
}
OF_SIGNALS: dict[str, Mapping[str, Any]] = {
    "layer normalisation": {"model.norm": "layer"},
    "attention": {"model.architecture": "attention"},
    "windows of 512 steps": {"window.length": 512},
    "eight plain layers": {"model.stages": PLAIN_STAGES, "model.detail": False},
}
OF_WHOLE_SIGNALS: dict[str, Mapping[str, Any]] = {
    "fixed convolutions": {"model.architecture": "rocket"},
    "learnt convolutions": {"model.architecture": "inception"},
}
NAMED: dict[str, Mapping[str, Any]] = {
    f"{PLAN}, {name}": v for name, v in {**EVERYWHERE, **OF_STEPS, **OF_SIGNALS, **OF_WHOLE_SIGNALS}.items()
}


def variants_of(name: str) -> tuple[str, ...]:
    """The variants that serve a set."""
    images, wholes = name in ("dsb_nuclei", "bccd_cells"), name in CLASSIFICATION
    kinds = [EVERYWHERE, *([] if wholes else [OF_STEPS]), *([] if images or wholes else [OF_SIGNALS])]
    kinds += [OF_WHOLE_SIGNALS] if wholes and not images else []
    return tuple(f"{PLAN}, {variant}" for kind in kinds for variant in kind)
