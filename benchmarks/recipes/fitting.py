"""A recipe's networks trained for so many seconds."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import keras
import numpy as np
from benchmarks.compiled import compiled_once
from benchmarks.recipes.data import Part, Split, steps_of
from benchmarks.recipes.recipe import Facts, Recipe

from segmend import tiling
from segmend.prediction.classify import classify_many
from segmend.scoring.readings import Counts, f1
from segmend.training import WindowBatches
from segmend.training.best import KeepBest
from segmend.training.timing import clocked
from segmend.training.windows import WindowIndex

TILES = 8
"""Windows in one call of prediction."""

SHORTEST_EPOCH, LONGEST_EPOCH = 20, 50
"""Batches of an epoch: one pass through the training part, but within these."""

LOOKING = 0.25
"""Of the time, what validation may take: epochs beyond go without."""

RESERVE = 0.03
"""Of the time, what is kept for reading and the unforeseen."""


@dataclass(eq=False)
class Networks:
    """Trained networks of one recipe, averaged."""

    recipe: Recipe
    facts: Facts
    models: list[Any]
    notes: dict[str, Any]

    def probabilities(self, signals: Sequence[Any]) -> list[Any]:
        """Per recording (*spatial, classes), or (classes,)."""
        every = [probabilities(model, signals, self.recipe, self.facts) for model in self.models]
        return [np.mean(rows, axis=0) for rows in zip(*every, strict=True)]


def train_networks(recipe: Recipe, split: Split, seconds: float, seed: int) -> Networks:
    """Train a recipe's networks one after the other, in equal parts of the time.

    Prediction of the test part, and of the validation part where the recipe's reader needs it, is timed beforehand,
    so that all ends within the seconds.
    """
    started = time.monotonic()
    size = recipe.window(split.facts) if recipe.resampled else None
    parts = {role: split.part(role, recipe.scaled, size) for role in ("train", "val")}
    models, notes = [], []
    with TemporaryDirectory() as folder, compiled_once(Path(folder)) if recipe.members > 1 else nullcontext():
        for number in range(recipe.members):
            until = started + seconds * (number + 1) / recipe.members
            model, told = _one(recipe, split, parts, until, seed + 1000 * number)
            models.append(model)
            notes.append(told)
    together = {key: sum(note[key] for note in notes) for key in ("epochs", "batches")}
    return Networks(recipe, split.facts, models, {**notes[0], **together, "networks": len(models)})


def _one(recipe: Recipe, split: Split, parts: dict[str, Part], until: float, seed: int) -> tuple[Any, dict[str, Any]]:
    assert recipe.network is not None
    assert recipe.optimizer is not None
    began, facts = time.monotonic(), split.facts
    keras.utils.set_random_seed(seed)
    model, loss = recipe.network(facts), recipe.loss(facts)
    model.compile(recipe.optimizer(), loss=loss)
    batches = batches_of(recipe, facts, parts["train"], seed)
    watch = Watch(model, recipe, facts, parts["val"], loss)
    watch.measure()
    watch.lasted = clocked(watch.measure)
    test = steps_of([each.signal for each in split.data.part("test")])
    seen = test + recipe.reads_validation * steps_of(parts["val"].signals)
    twice = 2**facts.task.rank if recipe.overlapping and facts.dense else 1
    afterwards = twice * watch.lasted * seen / steps_of(parts["val"].signals)
    watch.until = until - afterwards - RESERVE * (until - began)
    callbacks = [watch, Rate(recipe.rate, began, watch.until), *recipe.callbacks()]
    if recipe.keep != "last":
        monitor = recipe.keep.removeprefix("-")
        mode = "min" if recipe.keep.startswith("-") else "max"
        callbacks.append(KeepBest(monitor=monitor, mode=mode, patience=10**9, restore_best_weights=True))
    history = model.fit(batches, epochs=10**6, verbose=0, shuffle=False, callbacks=callbacks).history
    kept = [value for value in history.get(recipe.keep.removeprefix("-"), []) if value is not None]
    told = {"epochs": len(history["loss"]), "batches": watch.batches, "parameters": int(model.count_params())}
    return model, {**told, "loss": history["loss"][-1], "kept": _best(kept, recipe.keep)}


def _best(values: Sequence[float], keep: str) -> float | None:
    if not values:
        return None
    return float(np.nanmin(values) if keep.startswith("-") else np.nanmax(values))


def batches_of(recipe: Recipe, facts: Facts, part: Part, seed: int) -> WindowBatches:
    """Training windows as the recipe draws them."""
    window = recipe.window(facts)
    index = WindowIndex(
        part.y_true,
        shapes=[signal.shape[:-1] for signal in part.signals],
        length=window,
        rank=facts.task.rank if facts.dense else 0,
        multilabel=facts.multilabel,
        background=facts.background,
        balanced=recipe.balanced,
    )
    batch = recipe.batch_size(facts)
    once = steps_of(part.signals) / (batch * window**facts.task.rank)
    return WindowBatches(
        part.signals,
        part.y_true,
        index,
        batch_size=batch,
        steps=int(np.clip(np.ceil(once), SHORTEST_EPOCH, LONGEST_EPOCH)),
        seed=seed,
        augment=recipe.augment(facts),
    )


def probabilities(model: Any, signals: Sequence[Any], recipe: Recipe, facts: Facts) -> list[Any]:
    """What a network says of scaled recordings of any size."""
    window = recipe.window(facts)
    if not facts.dense:
        return [np.asarray(row) for row in classify_many(model, signals, window)]
    hop = window // 2 if recipe.overlapping else window
    said = _tile_by_tile(model, signals, (window,) * facts.task.rank, (hop,) * facts.task.rank)
    return [
        tiling.predict(lambda tiles: next(said)[None, ..., -facts.classes :], signal, window, hop, batch=1)
        for signal in signals
    ]


def _tile_by_tile(model: Any, signals: Sequence[Any], size: tuple[int, ...], hop: tuple[int, ...]) -> Iterator[Any]:
    """What the network says of each tile of each recording; they share batches of one shape, compiled once."""
    every = [
        (signal, corner)
        for signal in signals
        for corner in tiling.tile_corners(signal.shape[:-1], size, hop, (1,) * len(size))
    ]
    for first in range(0, len(every), TILES):
        part = every[first : first + TILES]
        tiles = np.concatenate([tiling.read_tiles(signal, [corner], size, 1) for signal, corner in part])
        tiles = np.pad(tiles, [(0, TILES - len(part)), *[(0, 0)] * (tiles.ndim - 1)])
        yield from np.asarray(model.predict_on_batch(tiles), np.float32)[: len(part)]


class Watch(keras.callbacks.Callback):
    """Looks at the validation part after epochs, and at the clock after batches.

    The logs gain val_loss, val_accuracy and val_macro_f1, of steps in windows end to end, or of recordings.

    Args:
        model: that is trained.
        recipe: its recipe.
        facts: of the data.
        part: validation recordings.
        loss: of the recipe.
    """

    def __init__(self, model: Any, recipe: Recipe, facts: Facts, part: Part, loss: Any) -> None:
        super().__init__()
        self.net, self.recipe, self.facts, self.part, self.loss = model, recipe, facts, part, loss
        self.until, self.lasted, self.batches = float("inf"), 0.0, 0
        self.began, self.looked = time.monotonic(), 0.0
        self.windows = _windows(recipe, facts, part) if facts.dense else None

    def on_train_begin(self, logs: Any = None) -> None:
        """Start the clock."""
        self.began = time.monotonic()

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        """Stop when the time is over."""
        self.batches += 1
        if time.monotonic() + self.lasted > self.until:
            self.model.stop_training = True

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Validate where the recipe wants it and there is time for it."""
        if "val_" not in self.recipe.keep:
            return
        last = self.model.stop_training
        if last or self.looked + self.lasted <= LOOKING * (time.monotonic() - self.began):
            began = time.monotonic()
            logs.update(self.measure())
            self.looked += time.monotonic() - began

    def measure(self) -> dict[str, float]:
        """The validation logs of the network as it now is."""
        if self.windows is None:
            y_prob = np.stack(probabilities(self.net, self.part.signals, self.recipe, self.facts))
            y_true = np.stack(self.part.y_true)
            found = [float(self.loss(y_true, y_prob))]
        else:
            x, y_true = self.windows
            said, found = [], []
            for first in range(0, len(x), TILES):
                answer = np.asarray(self.net.predict_on_batch(x[first : first + TILES]))
                found.append(float(self.loss(y_true[first : first + TILES], answer)))
                said.append(answer[..., -self.facts.classes :])
            y_prob = np.concatenate(said)
        return {"val_loss": float(np.mean(found)), **_scores(y_true, y_prob, self.facts)}


class Rate(keras.callbacks.Callback):
    """The learning rate by the share of the time that is used.

    Args:
        factor: of the highest rate, after a share.
        began, until: readings of ``time.monotonic()``.
    """

    def __init__(self, factor: Callable[[float], float], began: float, until: float) -> None:
        super().__init__()
        self.factor, self.began, self.until, self.last = factor, began, until, 1.0

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """Set the rate, relative to what it is, so that other callbacks may lower it too."""
        used = (time.monotonic() - self.began) / max(self.until - self.began, 1e-9)
        factor = max(self.factor(min(max(used, 0.0), 1.0)), 1e-6)
        if factor != self.last:
            self.model.optimizer.learning_rate = float(self.model.optimizer.learning_rate) * factor / self.last
            self.last = factor


def _windows(recipe: Recipe, facts: Facts, part: Part) -> tuple[Any, Any]:
    """Validation windows end to end; the last batch is filled up with what is not judged."""
    window = recipe.window(facts)
    batches = batches_of(recipe, facts, part, 0)
    every = [
        (number, corner)
        for number, signal in enumerate(part.signals)
        for corner in tiling.tile_corners(
            signal.shape[:-1], *((window,) * facts.task.rank,) * 2, (1,) * facts.task.rank
        )
    ]
    recording, first = (np.array(column) for column in zip(*every, strict=True))
    x, y = batches.cut(recording, first)
    short = -len(x) % TILES
    widths = [(0, short), *[(0, 0)] * (x.ndim - 1)]
    return np.pad(x, widths), np.pad(y.astype(np.int32), widths[: y.ndim], constant_values=-1)


def _scores(y_true: Any, y_prob: Any, facts: Facts) -> dict[str, float]:
    if facts.multilabel:
        said, true = (y_prob >= 0.5).reshape(-1, facts.classes), (y_true == 1).reshape(-1, facts.classes)
    else:
        judged = y_true >= 0
        each = np.eye(facts.classes, dtype=bool)
        said, true = each[np.argmax(y_prob, axis=-1)[judged]], each[y_true[judged]]
    tp, fp, fn = (said & true).sum(0), (said & ~true).sum(0), (~said & true).sum(0)
    right = float((said == true).mean()) if facts.multilabel else float((said & true).any(axis=1).mean())
    return {"val_accuracy": right, "val_macro_f1": float(np.nanmean(f1(Counts(tp, fp, fn))))}
