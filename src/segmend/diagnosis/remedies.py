"""Remedies that several rules share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from segmend.artifacts.edits import CLASS_WEIGHTS, FRESH, PLANNED, WEIGHED
from segmend.artifacts.finding import Expected, Remedy
from segmend.core.task import Task

_ADVICE = {
    "majority": "Give each step the label that most steps around it have.",
    "hysteresis": "Keep stretches that are likely enough and reach a higher threshold somewhere.",
    "hidden_markov": "Decode with fitted prices for each change from one class to another.",
    "min_duration": "Drop segments shorter than a fitted minimum duration and fill shorter gaps.",
    "viterbi": "Decode with a fitted price per switch of class.",
    "bounded_markov": "Decode by the most probable segments that last at least a fitted minimum each.",
    "semi_markov": "Decode with a model of how long segments last and which class follows which.",
    "expected_f1": "Decode by the segments that most of the segmentations allowed by the scores have in common.",
    "logit_adjustment": "Decode with a bias for each class, from calibration and from how frequent classes are.",
    "prior_shift": "Decode under the class frequencies of each person or site, estimated without labels.",
    "expected_cost": "Decode by the answer that is expected to cost least, from calibrated probabilities.",
    "thresholds": "Decode with one fitted threshold per class instead of the argmax.",
    "peak_picking": "Decode one segment for each peak of a class's probability, peaks at least so far apart.",
    "morphology": "Decode with a fitted threshold, smooth outlines, split objects at necks and drop small pieces.",
    "peaks": "Decode by growing each object from a peak of its probability.",
}


def decode(decoder: str, expected: Expected | None = None) -> Remedy:
    """Fit a decoder on held-out predictions; needs no training, so it is safe.

    Args:
        decoder: its name in the catalogue.
        expected: the most that it can bring.

    Examples:
        >>> decode("semi_markov").name
        'decode-semi-markov'
    """
    return Remedy(
        name=f"decode-{decoder.replace('_', '-')}",
        safety="safe",
        edits={"decoder": decoder},
        advice=_ADVICE[decoder],
        expected=expected,
    )


def find_again(task: Task, expected: Expected | None = None) -> Remedy:
    """Decode so that a class that is predicted too rarely is found again: by a threshold lower than the argmax's."""
    return decode("morphology" if task.kind == "segmentation" and task.rank > 1 else "thresholds", expected)


def rebalanced(task: Task, expected: Expected | None = None) -> list[Remedy]:
    """Decode so that rare classes get their share: by thresholds, and where there are no objects by biases too."""
    objects = task.kind == "segmentation" and task.rank > 1
    by_bias = [decode(name, expected) for name in ("logit_adjustment", "prior_shift")]
    return [find_again(task, expected), *([] if objects else by_bias)]


def sure_ones(task: Task, expected: Expected | None = None) -> list[Remedy]:
    """Decode so that a segment is one where it is sure enough: by thresholds, and of signals by hysteresis too."""
    of_signals = task.kind == "segmentation" and task.rank == 1
    return [find_again(task, expected), *([decode("hysteresis", expected)] if of_signals else [])]


def train_again(name: str, advice: str, edits: Mapping[str, Any], expected: Expected | None = None) -> Remedy:
    """Train a copy of the model with as little changed as the edits say.

    Safe, for the model itself stays, and what came of it is judged on recordings that it did not learn from.

    Args:
        name: of the remedy.
        advice: how a person does it.
        edits: plan keys and those of ``artifacts.edits``; none of a network's structure.
        expected: the most that it can bring.

    Examples:
        >>> train_again("begin-anew", "Train again from new weights.", {"model.weights": "fresh"}).safety
        'safe'
    """
    return Remedy(name=name, safety="safe", edits=dict(edits), advice=advice, expected=expected)


def begin_anew(remedy: Remedy) -> Remedy:
    """A training that does the same from untrained weights, at the planned learning rate.

    For a network that has learnt nothing: what stopped it may lie in its weights, which no further training undoes.

    Examples:
        >>> begin_anew(weigh(Task.named("segmentation", 2))).edits["model.weights"]
        'fresh'
    """
    return train_again(
        "begin-anew",
        f"Begin again from untrained weights, at a usual learning rate (0.001 to 0.005 with Adam). {remedy.advice}",
        {**remedy.edits, **FRESH, "training.learning_rate": PLANNED},
        remedy.expected,
    )


def rebuild(expected: Expected | None = None) -> Remedy:
    """Train a planned network in the model's place; unsafe, for the user's architecture goes.

    Args:
        expected: the most that it can bring.

    Examples:
        >>> rebuild().edits
        {'model.architecture': 'planned'}
    """
    return Remedy(
        name="rebuild-as-planned",
        safety="unsafe",
        edits={"model.architecture": PLANNED},
        advice="Let segmend plan and train a network for these data in the model's place (segmend train).",
        expected=expected,
    )


def weigh(task: Task, expected: Expected | None = None) -> Remedy:
    """Train again with weights per class."""
    edits = WEIGHED if task.kind == "segmentation" else {CLASS_WEIGHTS: PLANNED}
    name, advice = "weigh-classes", "loss=segmend.losses.CrossEntropy(class_weight=segmend.class_weights(y))"
    if task.labels == "multilabel":
        advice = "segmend.losses.BinaryCrossEntropy(class_weight=segmend.class_weights(y, multilabel=True)) as the loss"
    elif task.kind == "classification":
        advice = "class_weight=dict(enumerate(segmend.class_weights(y))) in fit"
    elif task.rank == 1:
        name, advice = "weigh-steps", "sample_weight=segmend.step_weights(y, segmend.class_weights(y))"
    dice = " or with a Dice loss added" if task.kind == "segmentation" else ""
    return train_again(name, f"Train with {advice}{dice}.", edits, expected)
