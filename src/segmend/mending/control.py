"""The control: remedies drawn at random from the same catalogue and grid, blind to the diagnosis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from segmend import catalogue, decoding
from segmend.artifacts.edits import ACTIVATION, CLASS_WEIGHTS, DROPOUT, FRESH, PENALISED, PLANNED
from segmend.artifacts.trial import Outcome, Trial
from segmend.core.task import Task
from segmend.mending.edits import DecoderEdit, training_edit, trial_name

DRAWS = 20
SIGNALS = Task.named("segmentation", 2)

TRAININGS: Mapping[str, tuple[Any, ...]] = {
    CLASS_WEIGHTS: (PLANNED,),
    "sampling.balanced": (0.5, 1.0),
    "sampling.augment": (PLANNED,),
    "training.learning_rate": (1e-4, 1e-3, 1e-2),
    DROPOUT: (0.0, 0.2, 0.5),
    PENALISED: (False,),
    ACTIVATION: ("softmax", "sigmoid"),
}
"""What findings ask of a copy of the user's model, each with values that they may ask for; any may begin anew too."""

OF_SEGMENTS: Mapping[str, tuple[Any, ...]] = {"loss.dice": (0.3, 1.0)}
UNSAFE: Mapping[str, tuple[Any, ...]] = {"model.architecture": (PLANNED,)}


def next_trial(
    diagnosis: Any,
    outcomes: Sequence[Outcome],
    budget_left_s: float,
    rng: np.random.Generator,
    *,
    task: Task = SIGNALS,
    training_s: float | None = None,
    unsafe: bool = False,
) -> Trial | None:
    """One random remedy: a decoder other than the argmax and a value of each of its settings, or a training.

    All decoders and values are equally likely, and so are all trainings. Where there is a model to train, and the time
    for it, every other remedy is a training.

    Args:
        diagnosis: not looked at.
        outcomes: random remedies tried so far.
        budget_left_s: seconds left; the control gets as many as the trials took.
        rng: source of randomness.
        task: what the labels answer; only decoders that serve it are drawn.
        training_s: seconds that a training takes; None where nothing is trained.
        unsafe: draw a planned network in the model's place too.

    Returns:
        None after ``DRAWS`` remedies, or when a decoder that takes as long as they did on average no longer fits.

    Examples:
        >>> trial = next_trial(None, (), 1.0, np.random.default_rng(0))
        >>> trial.control, trial.edits["decoder"] in catalogue.DECODERS
        (True, True)
    """
    decoded = [each.seconds for each in outcomes if training_edit(each.trial.edits) is None]
    if len(outcomes) >= DRAWS or budget_left_s <= sum(decoded) / max(1, len(decoded)):
        return None
    if training_s is not None and budget_left_s >= training_s and rng.random() < 0.5:
        return training(rng, task, unsafe=unsafe)
    return decoder(rng, task)


def decoder(rng: np.random.Generator, task: Task) -> Trial:
    """A decoder other than the argmax and a value of each of its settings, all equally likely."""
    name = str(rng.choice([name for name in decoding.serving(task) if name != "argmax"]))
    grid = catalogue.resolve("decoders", name).grid
    setting = {setting: float(rng.choice(values)) for setting, values in grid.items()}
    edit = DecoderEdit(name, setting)
    return Trial(name=trial_name(edit), edits={"decoder": name, "setting": setting}, control=True)


def training(rng: np.random.Generator, task: Task, *, unsafe: bool = False) -> Trial:
    """One thing that findings ask of a training, at any of its values, every other time with untrained weights.

    Examples:
        >>> training(np.random.default_rng(0), SIGNALS).name
        'train-model-activation (sigmoid, anew)'
    """
    grid = {**TRAININGS, **(OF_SEGMENTS if task.kind == "segmentation" else {}), **(UNSAFE if unsafe else {})}
    key = str(rng.choice(list(grid)))
    value = grid[key][rng.integers(len(grid[key]))]
    anew = key not in UNSAFE and rng.random() < 0.5
    name = f"train-{key.replace('.', '-').replace('_', '-')} ({value}{', anew' if anew else ''})"
    return Trial(name=name, edits={key: value, **(FRESH if anew else {})}, control=True)
