"""A program trained: recipe and data to model and history."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
from benchmarks.faults.data import Subset
from benchmarks.faults.networks import network
from benchmarks.faults.recipe import Recipe

from segmend import metrics


def compiled(recipe: Recipe, data: Subset, seed: int) -> Any:
    """The recipe's model, compiled and untrained."""
    keras.utils.set_random_seed(seed)
    model = network(recipe, data.train.x.shape[1:], len(data.labels), data.train.x)
    model.compile(
        keras.optimizers.Adam(recipe.learning_rate),
        loss=LOSSES[recipe.loss](),
        metrics=[measure(name, data) for name in recipe.metrics],
    )
    return model


def fit(model: Any, recipe: Recipe, data: Subset) -> tuple[Any, float]:
    """Train as a person would; what ``fit`` returned and how long it took."""
    y, y_val = (as_targets(part.y, recipe, data) for part in (data.train, data.val))
    began = time.perf_counter()
    history = model.fit(
        data.train.x,
        y,
        validation_data=(data.val.x, y_val),
        epochs=recipe.epochs,
        batch_size=recipe.batch,
        validation_batch_size=len(y_val),  # of two sizes of batches the program would be compiled twice
        callbacks=callbacks(recipe),
        verbose=0,
        **weighing(recipe, data),
    )
    return history, time.perf_counter() - began


def callbacks(recipe: Recipe) -> list[Any]:
    """What keeps the best weights, where the recipe says so."""
    if not recipe.best:
        return []
    return [keras.callbacks.EarlyStopping(patience=recipe.epochs, restore_best_weights=True)]


def weighing(recipe: Recipe, data: Subset) -> dict[str, Any]:
    """The argument of ``fit`` by which classes are weighed."""
    if recipe.weights is None:
        return {}
    y = (data.train if recipe.weights == "train" else data.val).y
    many = "multilabel" in data.task
    counts = y.reshape(-1, len(data.labels)).sum(axis=0) if many else np.bincount(y.ravel(), minlength=len(data.labels))
    return {"class_weight": {k: float(counts.sum() / len(counts) / max(count, 1)) for k, count in enumerate(counts)}}


def as_targets(y: Any, recipe: Recipe, data: Subset) -> Any:
    """Labels as the loss takes them."""
    numbers = "multilabel" not in data.task and np.issubdtype(y.dtype, np.integer)
    return np.eye(len(data.labels), dtype="float32")[y] if recipe.loss in ONE_HOT and numbers else y


def measure(name: str, data: Subset) -> Any:
    """A metric by name."""
    if name == "macro_f1":
        return metrics.of("macro_f1", labels=data.labels, multilabel="multilabel" in data.task)
    return name


ONE_HOT = {"one_hot_cross_entropy", "dice", "binary_cross_entropy", "binary_focal", "lambda"}
"""Losses that take a value for each class."""

LOSSES: dict[str, Callable[[], Any]] = {
    "cross_entropy": lambda: "sparse_categorical_crossentropy",
    "cross_entropy_of_logits": lambda: keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    "one_hot_cross_entropy": lambda: "categorical_crossentropy",
    "binary_cross_entropy": lambda: "binary_crossentropy",
    "dice": keras.losses.Dice,
    "binary_focal": lambda: keras.losses.BinaryFocalCrossentropy(alpha=0.75),
    "lambda": lambda: lambda y_true, y_pred: keras.losses.categorical_crossentropy(y_true, y_pred) * 1.0,
}
