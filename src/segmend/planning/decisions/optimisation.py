"""Optimizer and learning rate."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from segmend.artifacts.fingerprint import Fingerprint
from segmend.artifacts.plan import Choice
from segmend.planning.reach import carries_width
from segmend.planning.sides import task_of

NARROW = 32
"""Filters up to which a network bears a high learning rate."""


def choose_optimizer(facts: Fingerprint, chosen: Mapping[str, Any]) -> Choice:
    """AdamW: works without tuning on networks of this size."""
    return Choice(value="adamw", because="works without tuning on networks of this size", source="default")


def choose_learning_rate(facts: Fingerprint, chosen: Mapping[str, Any]) -> Choice:
    """The highest rate of the schedule; gradients are clipped, so that it may be high where steps are few."""
    filters = int(chosen["model.filters"])
    because = f"highest rate of the schedule for {filters} filters"
    if task_of(facts).rank > 1 or task_of(facts).kind == "classification":
        return Choice(value=0.003, because=because, source="model.filters")
    if filters > NARROW:
        return Choice(value=0.002, because=because, source="model.filters")
    if not carries_width(facts):
        because = f"{because}; {facts.segments} segments give few, similar windows"
        return Choice(value=0.006, because=because, source="segments")
    return Choice(value=0.003, because=because, source="model.filters")


def choose_weight_decay(facts: Fingerprint, chosen: Mapping[str, Any]) -> Choice:
    """Decoupled weight decay."""
    because = f"keeps weights small over many passes on few {task_of(facts).holders}"
    return Choice(value=0.01, because=because, source="default")


def choose_l1(facts: Fingerprint, chosen: Mapping[str, Any]) -> Choice:
    """No penalty: the decay of weights does its work, and what L1 adds, zeros among them, is for those who ask."""
    because = "not used: weight_decay keeps weights small; set it, to 1e-5 or so, for weights that are mostly 0"
    return Choice(value=0.0, because=because, source="default")


def choose_precision(facts: Fingerprint, chosen: Mapping[str, Any]) -> Choice:
    """Left to the device that training finds, which a fingerprint does not know."""
    because = (
        "mixed_bfloat16 where training finds a GPU with tensor cores for it, else float32; a run's plan says which"
    )
    return Choice(value="auto", because=because, source="device")


def choose_schedule(facts: Fingerprint, chosen: Mapping[str, Any]) -> Choice:
    """A rate that ends at nought when the budget ends."""
    because = "falls to nothing by the end of training or budget, whichever comes first: late epochs settle"
    return Choice(value="cosine", because=because, source="budget")


def choose_warmup(facts: Fingerprint, chosen: Mapping[str, Any]) -> Choice:
    """A gentle start for the adaptive moments."""
    return Choice(value=0.05, because="share of training in which the rate rises", source="default")


def choose_average(facts: Fingerprint, chosen: Mapping[str, Any]) -> Choice:
    """No average of weights where the rate falls to nothing, which settles them as well."""
    if chosen["training.schedule"] == "cosine":
        because = "weights are not averaged: a rate that falls to nothing settles them"
        return Choice(value=0.0, because=because, source="training.schedule")
    because = "averages over the last of these shares of the steps: the rate does not fall"
    return Choice(value=0.05, because=because, source="training.schedule")
