"""From a plan and a data set to what training takes: a model, batches, a loss and settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import keras
import numpy as np

from segmend import catalogue, losses, models
from segmend.artifacts.fingerprint import Fingerprint
from segmend.artifacts.plan import Choice, Plan
from segmend.core.dataset import Dataset
from segmend.core.recording import Recording
from segmend.core.task import Task
from segmend.core.truth import truths
from segmend.errors import InputError
from segmend.planning import Values
from segmend.planning.architectures import fitting
from segmend.planning.check import total_stride
from segmend.planning.decisions.loss import class_shares
from segmend.planning.sides import task_of
from segmend.planning.values import as_stages
from segmend.training import Settings, WindowBatches
from segmend.training.precision import SINGLE, device_at_hand, made_in, precision_for
from segmend.training.windows import WindowIndex


def model_of(values: Values, facts: Fingerprint) -> Any:
    """The untrained model, which begins at the class shares and standardises its input unless the plan does."""
    keras.utils.set_random_seed(values.training.seed)
    task = task_of(facts)
    planned = {**values.model.model_dump(), "stages": as_stages(values.model.stages)}
    takes = fitting(values.model.architecture, task).takes
    own = values.window.standardize == "recording"
    section = {"architecture": values.model.architecture, **{takes[key]: planned[key] for key in takes}}
    with made_in(policy_of(values)):
        return models.build(
            {**section, **({"rank": task.rank} if task.rank > 1 else {}), "multilabel": task.labels == "multilabel"},
            channels=len(facts.channels),
            classes=len(facts.labels),
            bias=class_shares(facts),
            mean=None if own else _centre(facts).tolist(),
            std=None if own else _spread(facts).tolist(),
        )


def in_single_precision(model: Any, values: Values, facts: Fingerprint) -> Any:
    """The model as it is kept: what was trained in mixed precision computes in float32, with the same weights."""
    if policy_of(values) == SINGLE:
        return model
    single = values.training.model_copy(update={"precision": SINGLE})
    kept = model_of(values.model_copy(update={"training": single}), facts)
    kept.set_weights(model.get_weights())
    return kept


def policy_of(values: Values) -> str:
    """The dtype policy that a plan asks for, or that suits the device at hand."""
    told = values.training.precision
    return precision_for(device_at_hand())[0] if told == "auto" else told


def decided(plan: Plan) -> Plan:
    """The plan with the precision that training takes on the device at hand in the place of "auto"."""
    choice = plan.choices["training"]["precision"]
    if choice.value != "auto":
        return plan
    value, because = precision_for(device_at_hand())
    training = {**plan.choices["training"], "precision": Choice(value=value, because=because, source="device")}
    return plan.model_copy(update={"choices": {**plan.choices, "training": training}})


def loss_of(values: Values, task: Task, *, from_logits: bool = False) -> Any:
    """Cross-entropy with class weights, and Dice per class; of each label by itself where labels may overlap."""
    weights, multilabel = list(values.loss.class_weights), task.labels == "multilabel"
    entropy = losses.BinaryCrossEntropy if multilabel else losses.CrossEntropy
    parts = [
        (values.loss.cross_entropy, entropy(class_weight=weights, from_logits=from_logits)),
        (values.loss.dice, losses.Dice(multilabel=multilabel, from_logits=from_logits)),
    ]
    return losses.Sum([(factor, loss) for factor, loss in parts if factor] or parts[:1])


def batches_of(values: Values, recordings: Sequence[Recording], data: Dataset) -> WindowBatches:
    """Windows of the training recordings, each drawn by the plan's shares and varied by its transforms."""
    y_true = truths(recordings, data.task, data.labels)
    task, shares = data.task, values.sampling
    index = WindowIndex(
        y_true,
        shapes=[_seen_of(recording, values) for recording in recordings],
        length=values.window.length,
        rank=task.rank if task.kind == "segmentation" else 0,
        multilabel=task.labels == "multilabel",
        background=data.labels.background,
        balanced=shares.balanced,
        transitions=shares.transitions,
        hard=shares.hard,
        most_background=shares.background,
    )
    of = "steps" if task.kind == "segmentation" else "recording"
    return WindowBatches(
        [recording.signal for recording in recordings],
        y_true,
        index,
        batch_size=values.training.batch_size,
        seed=values.training.seed,
        fit=values.window.fit,
        augment=[transform_of(each, of) for each in values.sampling.augment],
    )


def _seen_of(recording: Recording, values: Values) -> tuple[int, ...]:
    """The spatial axes that windows are cut from: of an image that is resized to one window, the window's."""
    return (values.window.length,) * 2 if values.window.fit == "resize" else recording.shape


def transform_of(told: Mapping[str, Any], labels: str) -> Any:
    """A layer from its name in the catalogue and its arguments.

    Args:
        told: "name" and the arguments.
        labels: "steps" or "recording": what carries a label.

    Raises:
        InputError: there is no such transform, or it takes no such argument.
    """
    arguments = {key: value for key, value in told.items() if key != "name"}
    transform = catalogue.resolve("transforms", str(told["name"]))
    try:
        return transform(labels=labels, **arguments)
    except TypeError as error:
        raise InputError(f"plan: sampling.augment: {told['name']}: {error}") from None


def settings_of(values: Values, seconds: float) -> Settings:
    """How to optimise, and for how long."""
    return Settings(**values.training.model_dump(exclude={"batch_size", "precision"}), seconds=seconds)


def tiles_of(values: Values) -> dict[str, Any]:
    """How recordings are cut for prediction, as keywords of ``prediction``'s functions."""
    stride = total_stride(as_stages(values.model.stages))  # 1 where there are no stages
    return {"window": values.window.tile, "hop": values.window.hop, "align": stride}


def _centre(facts: Fingerprint) -> Any:
    """Mean of each channel."""
    return np.array([channel.mean or 0.0 for channel in facts.channels])


def _spread(facts: Fingerprint) -> Any:
    """Standard deviation of each channel; 1 where it never changes."""
    return np.array([channel.std or 1.0 for channel in facts.channels])
