"""The control: remedies drawn at random from the same catalogue and grid, blind to the diagnosis."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from segmend import catalogue, decoding
from segmend.artifacts.trial import Outcome, Trial
from segmend.core.task import Task
from segmend.mending.edits import DecoderEdit, trial_name

DRAWS = 20
SIGNALS = Task.named("segmentation", 2)


def next_trial(
    diagnosis: Any,
    outcomes: Sequence[Outcome],
    budget_left_s: float,
    rng: np.random.Generator,
    *,
    task: Task = SIGNALS,
) -> Trial | None:
    """One random remedy: a decoder other than the argmax and a value of each of its settings, all equally likely.

    Args:
        diagnosis: not looked at.
        outcomes: random remedies tried so far.
        budget_left_s: seconds left; the control gets as many as the trials took.
        rng: source of randomness.
        task: what the labels answer; only decoders that serve it are drawn.

    Returns:
        None after ``DRAWS`` remedies, or when one that takes as long as they did on average no longer fits.

    Examples:
        >>> trial = next_trial(None, (), 1.0, np.random.default_rng(0))
        >>> trial.control, trial.edits["decoder"] in catalogue.DECODERS
        (True, True)
    """
    usual = sum(outcome.seconds for outcome in outcomes) / max(1, len(outcomes))
    if len(outcomes) >= DRAWS or budget_left_s <= usual:
        return None
    name = str(rng.choice([name for name in decoding.serving(task) if name != "argmax"]))
    grid = catalogue.resolve("decoders", name).grid
    setting = {setting: float(rng.choice(values)) for setting, values in grid.items()}
    edit = DecoderEdit(name, setting)
    return Trial(name=trial_name(edit), edits={"decoder": name, "setting": setting}, control=True)
