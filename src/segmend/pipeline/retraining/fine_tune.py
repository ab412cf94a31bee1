"""Fine-tuning: the user's own architecture, trained again with as little changed as a finding asks for."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from segmend.artifacts.anatomy import Anatomy
from segmend.artifacts.edits import PLANNED
from segmend.core.task import Task
from segmend.core.types import FloatArray
from segmend.errors import InputError
from segmend.mending.edits import TrainingEdit
from segmend.pipeline.retraining.practice import Practice
from segmend.pipeline.retraining.retrained import Retrained
from segmend.planning import Values, make

GRID = 64
"""Windows of models that take any length are a multiple of this, so that pooling and upsampling meet again."""

WHOLE = 4
"""Recordings of one size are windows themselves, unless they are more than this many times as long as planned."""

GENTLE = 0.3
"""Of the planned learning rate, what a network begins with that has learnt something already."""


def fine_tuned(
    model: Any,
    practice: Practice,
    edit: TrainingEdit,
    *,
    seconds: float,
    seed: int = 0,
    anatomy: Anatomy | None = None,
) -> Retrained:
    """Train a copy of a model on other recordings than those that judge it.

    Whatever the edit does not name stays neutral: cross-entropy that weighs all classes alike, windows drawn anywhere,
    nothing augmented. The best epoch is chosen by the plan's metric on the practice's "val" recordings, and gradients
    are clipped, as in ``segmend train``.

    Args:
        model: the user's Keras model; it stays as it is.
        practice: what to learn from.
        edit: what to change.
        seconds: wall clock that training may take.
        seed: seed of everything random.
        anatomy: facts about the model.

    Raises:
        InputError: the model cannot be copied or changed in this way, or takes windows that cannot be drawn.
    """
    import keras

    from segmend.pipeline.runs.predicting import said_by
    from segmend.pipeline.runs.translate import batches_of, loss_of, settings_of
    from segmend.pipeline.runs.validation import judge_by
    from segmend.prediction.whole import takes_logits
    from segmend.training import fit
    from segmend.training.altered import altered

    task = practice.data.task
    edit = dataclasses.replace(edit, activation=edit.activation or fitting_activation(anatomy, task))
    copy = altered(model, activation=edit.activation, dropout=edit.dropout, penalised=edit.penalised, fresh=edit.fresh)
    seen = _seen(copy, anatomy, changed=edit.activation is not None, rank=task.rank)
    values = values_of(practice, edit, seconds=seconds, seed=seed, rate=_rate(model, edit))
    values = values.model_copy(update={"window": _window(values, practice, seen)})

    def probabilities(signals: Sequence[FloatArray]) -> list[FloatArray]:
        return said_by(copy, signals, seen, task)

    keras.utils.set_random_seed(seed)
    fit(
        copy,
        batches_of(values, practice.data.part("train"), practice.data),
        settings_of(values, seconds),
        loss=loss_of(values, task, from_logits=takes_logits(seen)),
        callbacks=[judge_by(probabilities, values, practice.data, practice.data.part("val"))],
    )
    return Retrained(model=copy, probabilities=probabilities, changes=edit.described())


def values_of(practice: Practice, edit: TrainingEdit, *, seconds: float, seed: int, rate: float | None) -> Values:
    """The plan for the practice's data, neutral in all that the edit does not name.

    Args:
        practice: its fingerprint is planned for.
        edit: plan values, or ``PLANNED`` for what planning chooses.
        seconds: of training.
        seed: of training.
        rate: learning rate unless the edit names one; None takes the planned one.
    """
    neutral: dict[str, Any] = {
        "loss.cross_entropy": 1.0,
        "loss.dice": 0.0,
        "loss.class_weights": [1.0] * len(practice.facts.labels),
        "sampling.balanced": 0.0,
        "sampling.transitions": 0.0,
        "sampling.hard": 0.0,
        "sampling.background": 1.0,
        "sampling.augment": [],
        "training.learning_rate": rate,
    }
    wanted = {**neutral, **edit.values}
    given = {key: value for key, value in wanted.items() if value is not None and value != PLANNED}
    values = Values.of(make(practice.facts, budget_s=seconds, seed=seed, overrides=given))
    if rate is None and not edit.fresh and "training.learning_rate" not in edit.values:
        gentle = values.training.model_copy(update={"learning_rate": GENTLE * values.training.learning_rate})
        values = values.model_copy(update={"training": gentle})
    return values


def fitting_activation(anatomy: Anatomy | None, task: Task) -> str | None:
    """The last activation that the task needs where the model has another one; None where nothing has to change.

    A single channel stays a sigmoid, and logits that the loss takes for logits stay logits.
    """
    from segmend.prediction.whole import takes_logits

    if anatomy is None or not anatomy.outputs or takes_logits(anatomy):
        return None
    output = anatomy.outputs[0]
    channels = output.shape[-1] if output.shape else None
    needed = "sigmoid" if task.labels == "multilabel" or channels == 1 else "softmax"
    return None if output.activation in (needed, None) else needed


def _rate(model: Any, edit: TrainingEdit) -> float | None:
    """The learning rate that the model was compiled with; None where it begins anew or was not compiled."""
    optimizer = getattr(model, "optimizer", None)
    if edit.fresh or optimizer is None:
        return None
    rate = float(np.asarray(optimizer.learning_rate))
    return rate if math.isfinite(rate) and rate > 0 else None


def _seen(copy: Any, anatomy: Anatomy | None, *, changed: bool, rank: int) -> Anatomy | None:
    """Facts about the copy: those of the model, unless its end was changed."""
    from segmend.pipeline.charting.patient import anatomy_of

    return anatomy_of(copy, input_shape=(None,) * rank + (None,)) if changed or anatomy is None else anatomy


def _window(values: Values, practice: Practice, anatomy: Anatomy | None) -> Any:
    """Windows that the model takes: its own size, whole recordings of one size, or the planned ones rounded up.

    Raises:
        InputError: the model takes one size that is no square.
    """
    from segmend.prediction.whole import fixed_size

    size = fixed_size(anatomy)
    shapes = {each.shape for each in practice.data.recordings}
    whole = next(iter(shapes)) if len(shapes) == 1 else ()
    if size is None and len(set(whole)) == 1 and whole[0] <= WHOLE * values.window.length:
        size = whole
    if size is None:
        rounded = GRID * math.ceil(values.window.length / GRID)
        return values.window.model_copy(update={"length": rounded})
    if len(set(size)) > 1:
        raise InputError(f"model: expected an input of equal sides to train on windows of. Received {size}")
    fit = "crop" if {size} == shapes else values.window.fit
    return values.window.model_copy(update={"length": size[0], "fit": fit})
