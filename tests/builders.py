"""Small folders of recordings and predictions, written for a test."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

Row = tuple[str, float, float, str]

HEARTBEATS: tuple[Row, ...] = (
    ("a", 2, 5, "P"),
    ("a", 6, 9, "QRS"),
    ("b", 0, 4, "QRS"),
    ("b", 10, 12, "P"),
    ("c", 3, 7, "P"),
    ("d", 1, 2, "QRS"),
)


def make_dataset(
    folder: Path,
    *,
    signals: Mapping[str, Any] | None = None,
    rows: Sequence[Row] | str = HEARTBEATS,
    description: Mapping[str, Any] | str | None = None,
    steps: int = 20,
    channels: int = 2,
) -> Path:
    """A DATA folder.

    Args:
        folder: where; made if need be.
        signals: arrays by recording name; by default noise for recordings a, b, c and d.
        rows: annotation rows in steps, or the whole text of annotations.csv.
        description: what dataset.json holds, or its text; None leaves it out.
        steps, channels: of the default signals.
    """
    (folder / "signals").mkdir(parents=True, exist_ok=True)
    noise = np.random.default_rng(0)
    if signals is None:
        signals = {name: noise.normal(size=(steps, channels)) for name in "abcd"}
    for name, values in signals.items():
        np.save(folder / "signals" / f"{name}.npy", np.asarray(values))
    text = rows if isinstance(rows, str) else annotation_text(rows)
    (folder / "annotations.csv").write_text(text, encoding="utf-8")
    if description is not None:
        text = description if isinstance(description, str) else json.dumps(description)
        (folder / "dataset.json").write_text(text, encoding="utf-8")
    return folder


def annotation_text(rows: Sequence[Row]) -> str:
    """Rows in steps as the text of annotations.csv."""
    return "recording,start,end,label\n" + "".join(f"{','.join(map(str, row))}\n" for row in rows)


def make_predictions(
    folder: Path,
    *,
    scores: Mapping[str, Any] | None = None,
    labels: Mapping[str, Any] | None = None,
    splits: Mapping[str, Sequence[str]] | None = None,
    description: Mapping[str, Any] | None = None,
) -> Path:
    """A PREDICTIONS folder; by default three recordings, right in nine steps of ten, two classes and a background."""
    generator = np.random.default_rng(0)
    if labels is None:
        labels = {name: np.repeat(generator.integers(0, 3, 6), 5) for name in "abc"}
    if scores is None:
        scores = {name: _mostly(np.asarray(row), 3, generator) for name, row in labels.items()}
    for part, arrays in (("scores", scores), ("labels", labels)):
        (folder / part).mkdir(parents=True, exist_ok=True)
        for name, values in arrays.items():
            np.save(folder / part / f"{name}.npy", np.asarray(values))
    for name, content in (("splits.json", splits), ("dataset.json", description)):
        if content is not None:
            (folder / name).write_text(json.dumps(content), encoding="utf-8")
    return folder


def _mostly(labels: np.ndarray, classes: int, generator: np.random.Generator) -> np.ndarray:
    """Probabilities whose argmax is the label in about nine steps of ten."""
    said = np.where(generator.random(labels.size) < 0.1, generator.integers(0, classes, labels.size), labels)
    return (np.eye(classes)[said] * 0.7 + 0.1).astype(np.float32)
