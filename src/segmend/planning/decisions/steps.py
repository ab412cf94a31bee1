"""How much training: batch, steps, epochs, patience, seed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from segmend.artifacts.fingerprint import Fingerprint
from segmend.artifacts.plan import Choice
from segmend.planning.check import total_stride

BATCH_GRID_STEPS = 2048
PASSES = 150
LEAST_STEPS, MOST_STEPS = 800, 20_000
LEAST_OF_MEMBER = 600
EPOCHS = 40


def choose_batch_size(facts: Fingerprint, chosen: Mapping[str, Any]) -> Choice:
    """As many windows as make about 2048 grid steps, from 4 to 32."""
    grid = int(chosen["window.length"]) // total_stride(chosen["model.stages"])
    value = max(4, min(32, BATCH_GRID_STEPS // max(grid, 1)))
    because = f"about {BATCH_GRID_STEPS} grid steps a batch, from 4 to 32 windows of {grid}"
    return Choice(value=value, because=because, source="window.length")


def choose_steps(facts: Fingerprint, chosen: Mapping[str, Any]) -> Choice:
    """Enough passes over the training recordings, if the budget lasts."""
    batch = int(chosen["training.batch_size"]) * int(chosen["window.length"])
    steps = sum(r.steps for r in facts.recordings if r.role in (None, "train"))
    wanted = math.ceil(PASSES * steps / batch)
    averaged = int(chosen["model.members"]) > 1
    least = LEAST_OF_MEMBER if averaged else LEAST_STEPS
    value = max(least, min(MOST_STEPS, wanted))
    because = (
        f"{PASSES} passes over {steps} steps are {wanted} batches, kept from {least} to {MOST_STEPS}"
        f"{', for each of the averaged networks' if averaged else ''}; fewer if the budget ends first"
    )
    return Choice(value=value, because=because, source="recordings.steps, budget")


def choose_epochs(facts: Fingerprint, chosen: Mapping[str, Any]) -> Choice:
    """Looks at the validation recordings."""
    because = "looks at the validation recordings; each epoch is an equal share of the steps"
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
