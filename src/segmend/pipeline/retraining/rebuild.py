"""Rebuilding: a planned network in the place of the user's, with the same input and output."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from segmend.artifacts.edits import PLANNED
from segmend.core.types import FloatArray
from segmend.mending.edits import TrainingEdit
from segmend.pipeline.retraining.practice import Practice
from segmend.pipeline.retraining.retrained import Retrained
from segmend.pipeline.retraining.short_lived import short_lived


def rebuilt(practice: Practice, edit: TrainingEdit, *, seconds: float, seed: int = 0) -> Retrained:
    """Plan a network for the practice's data and train it, as ``segmend train`` does.

    Args:
        practice: what to learn from.
        edit: plan values that are kept; all others are planned.
        seconds: wall clock that planning, training and its decoder may take.
        seed: seed of everything random.

    Returns:
        A Run whose folder is there as long as it is.

    Raises:
        InputError: the values do not fit together, or the seconds are too few.
    """
    from segmend.pipeline.runs.training import Listener
    from segmend.pipeline.train import train

    overrides = {key: value for key, value in edit.values.items() if value != PLANNED}
    quiet = Listener(warn=lambda line: None)
    options: dict[str, Any] = {"budget": seconds, "seed": seed, "overrides": overrides, "listener": quiet}
    run = short_lived(lambda folder: train(practice.data, out=folder, **options))

    def probabilities(signals: Sequence[FloatArray]) -> list[FloatArray]:
        return list(run.predict_many(list(signals)).y_prob or ())

    return Retrained(model=run, probabilities=probabilities, changes=edit.described())
