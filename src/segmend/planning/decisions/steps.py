"""How much training: batch, steps, epochs, patience, seed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from segmend.artifacts.fingerprint import Fingerprint
from segmend.artifacts.plan import Choice
from segmend.planning.check import total_stride
from segmend.planning.sides import learnt_from, task_of

BATCH_GRID_STEPS = 2048
PASSES = 150
LEAST_STEPS, MOST_STEPS = 800, 20_000
LEAST_OF_MEMBER = 600
EPOCHS = 40
BATCH_PIXELS = 2**17
LEAST_WINDOWS, MOST_WINDOWS = 8, 64
OF_RECORDINGS = 16


def choose_batch_size(facts: Fingerprint, chosen: Mapping[str, Any]) -> Choice:
    """As many windows as make about 2048 grid steps, from 4 to 32."""
    task, length = task_of(facts), int(chosen["window.length"])
    if task.rank > 1:
        value = max(LEAST_WINDOWS, min(MOST_WINDOWS, BATCH_PIXELS // length**2))
        because = f"about {BATCH_PIXELS} pixels a batch, from {LEAST_WINDOWS} to {MOST_WINDOWS} windows of {length}"
        return Choice(value=value, because=because, source="window.length")
    if task.kind == "classification":
        because = "windows enough for every batch to hold several classes"
        return Choice(value=OF_RECORDINGS, because=because, source="default")
    grid = int(chosen["window.length"]) // total_stride(chosen["model.stages"])
    value = max(4, min(32, BATCH_GRID_STEPS // max(grid, 1)))
    because = f"about {BATCH_GRID_STEPS} grid steps a batch, from 4 to 32 windows of {grid}"
    return Choice(value=value, because=because, source="window.length")


def choose_steps(facts: Fingerprint, chosen: Mapping[str, Any]) -> Choice:
    """Enough passes over the training recordings, if the budget lasts."""
    task, windows = task_of(facts), int(chosen["training.batch_size"])
    whole = task.kind == "classification"
    batch = windows * (1 if whole else int(chosen["window.length"]) ** task.rank)
    steps = len(learnt_from(facts)) if whole else sum(r.steps for r in learnt_from(facts))
    wanted = math.ceil(PASSES * steps / batch)
    averaged = int(chosen["model.members"]) > 1
    least = LEAST_OF_MEMBER if averaged else LEAST_STEPS
    value = max(least, min(MOST_STEPS, wanted))
    because = (
        f"{PASSES} passes over {steps} {task.unit} are {wanted} batches, kept from {least} to {MOST_STEPS}"
        f"{', for each of the averaged networks' if averaged else ''}; fewer if the budget ends first"
    )
    return Choice(value=value, because=because, source="recordings.steps, budget")


def choose_epochs(facts: Fingerprint, chosen: Mapping[str, Any]) -> Choice:
    """Looks at the validation recordings."""
    because = f"looks at the validation {task_of(facts).holders}; each epoch is an equal share of the batches"
    return Choice(value=EPOCHS, because=because, source="default")


def choose_patience(facts: Fingerprint, chosen: Mapping[str, Any]) -> Choice:
    """Stops when a large part of the schedule brought nothing."""
    value = max(1, math.ceil(0.6 * int(chosen["training.epochs"])))
    because = "epochs without a better validation score before training stops: 60 % of the schedule"
    return Choice(value=value, because=because, source="training.epochs")


def choose_seed(facts: Fingerprint, chosen: Mapping[str, Any]) -> Choice:
    """The seed that was asked for."""
    because = "seed of weights, windows and variations"
    return Choice(value=int(chosen.get("training.seed", 0)), because=because, source="--seed")
