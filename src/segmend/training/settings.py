"""What ``fit`` is told."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How to optimise, and for how long.

    Attributes:
        optimizer: "adamw", "adam" or "sgd".
        learning_rate: highest rate of the schedule.
        weight_decay: decoupled weight decay (AdamW only).
        l1: factor of the sum of absolute values of all kernels, which is added to the loss; with any optimizer.
        average: share of the steps over which weights are averaged, exponentially; the averages are validated and kept.
            0 keeps the weights as they are.
        schedule: "cosine" (falls to nothing) or "constant".
        warmup: share of training in which the rate rises.
        steps: batches to train on, if the time lasts.
        epochs: looks at the validation data; the steps are dealt out evenly.
        patience: epochs without a better validation score before training stops.
        seed: seed of everything random in training.
        seconds: wall clock that training may take, validation included; None for no limit.
        monitor: the log that chooses the best epoch; larger is better.
    """

    optimizer: str = "adamw"
    learning_rate: float = 1e-3
    weight_decay: float = 0.0
    l1: float = 0.0
    average: float = 0.0
    schedule: str = "cosine"
    warmup: float = 0.05
    steps: int = 1000
    epochs: int = 20
    patience: int = 20
    seed: int = 0
    seconds: float | None = None
    monitor: str = "val_objective"
