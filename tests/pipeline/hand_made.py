"""RUN folders of every task whose model was not trained: channel k of the input is the evidence for class k.

Labels are the most probable ones; objects are connected pixels, their holes filled.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import keras
import numpy as np

from segmend.artifacts.decoder import DecoderRecord
from segmend.artifacts.plan import Choice
from segmend.core.task import Task
from segmend.planning import make, toml
from tests.planning.builders import fingerprint

SIDE = 16
"""Length of the tiles, in steps or pixels."""

EVIDENCE = 12.0
"""Logit of a channel that is 1."""

MORPHOLOGY = {"threshold": 0.5, "opening": 0.0, "depth": 9.0, "smoothing": 0.0, "smallest": 0.0}


def make_run(
    folder: Path,
    task: str,
    rank: int,
    labels: tuple[str, ...],
    *,
    background: int | None = None,
    rate: float | None = None,
) -> Path:
    """A RUN folder to predict with.

    Args:
        folder: where; made.
        task: as dataset.json spells it.
        rank: of the recordings.
        labels: names of the classes, the background's included; as many channels, called c0, c1, ...
        background: class number.
        rate: steps per second.
    """
    folder.mkdir(parents=True)
    question = Task.named(task, len(labels), rank)
    _model(question).save(folder / "model.keras")
    decoder = ("morphology", MORPHOLOGY) if question.unit == "pixels" else ("argmax", {})
    if question.labels == "multilabel":
        decoder = ("each_label", {"decoder": decoder[0], "each": [decoder[1]] * len(labels)})
    record = DecoderRecord(name=decoder[0], parameters=decoder[1], labels=labels, background=background)
    (folder / "decoder.json").write_text(json.dumps(record.to_dict()))
    plan = make(fingerprint())
    window = {"length": SIDE, "tile": SIDE, "hop": SIDE // 2, "fit": "crop"}
    given = {key: Choice(value=value, because="a test", source="--set") for key, value in window.items()}
    choices = {**plan.choices, "window": {**plan.choices["window"], **given}}
    (folder / "plan.toml").write_text(toml.dumps(plan.model_copy(update={"choices": choices})))
    about = {
        "labels": list(labels),
        "background": background,
        "channels": [f"c{k}" for k in range(len(labels))],
        "sampling_rate_hz": rate,
        "task": question.to_dict(),
        "pixels": "float32" if rank > 1 else None,
    }
    (folder / "run.json").write_text(json.dumps(about))
    return folder


def _model(task: Task) -> Any:
    given = keras.Input((*[None] * task.rank, task.classes))
    inner = given
    if task.kind == "classification":
        inner = (keras.layers.GlobalAveragePooling1D, keras.layers.GlobalAveragePooling2D)[task.rank - 1]()(given)
    layer = keras.layers.Dense(task.classes)
    model = keras.Model(given, keras.layers.Activation(_activation(task))(layer(inner)))
    bias = -EVIDENCE / 2 if task.labels == "multilabel" else 0.0
    layer.set_weights([EVIDENCE * np.eye(task.classes), np.full(task.classes, bias)])
    return model


def _activation(task: Task) -> str:
    return "sigmoid" if task.labels == "multilabel" else "softmax"


def evidence(mask: Any, classes: int) -> np.ndarray:
    """What a model of this file answers with a mask: class numbers (*spatial), or 0 and 1 (*spatial, classes)."""
    mask = np.asarray(mask)
    one_hot = mask if mask.ndim and mask.shape[-1] == classes and mask.max() <= 1 else np.eye(classes)[mask]
    return one_hot.astype(np.float32)
