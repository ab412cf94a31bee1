"""Networks that answer one class, or never a rare label: how far mend brings them back, with and without training.

    python benchmarks/collapse.py SHARED/datasets [--only NAME ...] [--seeds 1] [--budget 90s]

Each network is one that people begin with (two convolutions, an average over the recording, plain cross-entropy),
trained for a few epochs on the part "train" in which all classes but the most frequent are thinned. It is judged on
"val" and "test" together, which it never saw: "decoded" is ``mend(y_true=, y_prob=)``, "trained" is ``mend`` of the
model with its training data; both are proven on groups that were neither fitted on nor trained on. Prints Markdown.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keras
import numpy as np

import segmend
from segmend.core.truth import truths
from segmend.scoring import score

LENGTH = 150
"""Steps of a window of watch_exercises: 3 s."""

THIN = {"bccd_cells": 0.02, "watch_exercises": 0.03, "ludb_dx": 1.0}
"""Which share of the training examples of every class but the most frequent one is kept; labels that overlap stay."""

EPOCHS = {"bccd_cells": 3, "watch_exercises": 3, "ludb_dx": 8}

FEW = 8
"""Classes up to which each recall is printed."""

Arrays = tuple[np.ndarray, np.ndarray, list[str]]

HEAD = """
### {name}: {train} training examples, {judged} judged

| | accuracy | balanced accuracy | macro F1 | its change, 95 % | random ones beaten | seconds | recall of each class |
|---|---:|---:|---:|---:|---:|---:|---|"""


def part(data: Any, *roles: str) -> Arrays:
    """Signals, labels and groups of some roles; long recordings as windows of one length."""
    recordings = [each for role in roles for each in data.part(role)]
    labels = truths(recordings, data.task, data.labels)
    if len({each.signal.shape for each in recordings}) == 1:
        x = np.stack([np.asarray(each.signal, np.float32) for each in recordings])
        return x, np.stack(labels), [str(each.group) for each in recordings]
    x, y, groups = [], [], []
    for each, label in zip(recordings, labels, strict=True):
        for start in range(0, len(each.signal) - LENGTH + 1, LENGTH):
            x.append(np.asarray(each.signal[start : start + LENGTH], np.float32))
            y.append(label)
            groups.append(str(each.group))
    return np.stack(x), np.stack(y), groups


def thinned(x: np.ndarray, y: np.ndarray, share: float, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """All of the most frequent class, a share of the others (at least two of each)."""
    if y.ndim > 1 or share >= 1:
        return x, y
    count = np.bincount(y)
    most = count.argmax()
    kept = [
        rng.permutation(np.flatnonzero(y == k))[: n if k == most else max(2, round(share * n))]
        for k, n in enumerate(count)
    ]
    index = np.sort(np.concatenate(kept))
    return x[index], y[index]


def network(x: np.ndarray, classes: int, several: bool) -> keras.Model:
    """Two convolutions, an average, a dense layer: what tutorials begin with."""
    kind = "Conv2D" if x.ndim == 4 else "Conv1D"
    average = keras.layers.GlobalAveragePooling2D() if x.ndim == 4 else keras.layers.GlobalAveragePooling1D()
    layers = [getattr(keras.layers, kind)(16, 5, strides=2, activation="relu") for _ in range(2)]
    head = keras.layers.Dense(classes, activation="sigmoid" if several else "softmax")
    scale = keras.layers.Normalization(axis=-1)
    scale.adapt(x)
    model = keras.Sequential([keras.Input(x.shape[1:]), scale, *layers, average, head])
    model.compile("adam", loss="binary_crossentropy" if several else "sparse_categorical_crossentropy")
    return model


def rows_of(folder: Path, seed: int, budget: str) -> Iterator[str]:
    """The table of one data set."""
    name, data = folder.name, segmend.load(folder)
    several = data.task.labels == "multilabel"
    rng = np.random.default_rng(seed)
    x, y, _ = part(data, "train")
    x, y = thinned(x, y, THIN[name], rng)
    xv, yv, groups = part(data, "val", "test")
    keras.utils.set_random_seed(seed)
    model = network(x, len(data.labels), several)
    model.fit(x, y, epochs=EPOCHS[name], batch_size=32, verbose=0)
    common: dict[str, Any] = {
        "labels": list(data.labels.names),
        "background": None,
        "seed": seed,
        "task": data.task.name,
    }
    yield HEAD.format(name=f"{name}, seed {seed}", train=len(x), judged=len(xv))
    began = time.perf_counter()
    y_prob = model.predict(xv, verbose=0)
    decoded = segmend.mend(y_true=yv, y_prob=y_prob, groups=groups, budget=budget, **common)
    between = time.perf_counter()
    trained = segmend.mend(model, x, y, validation_data=(xv, yv), budget=budget, **common)
    ended = time.perf_counter()
    before = decoded.diagnosis.chart.prediction
    yield row("as it is", before, None, None)
    yield row(f"decoded: {decoded.certificate.chosen}", decoded.prediction, decoded.certificate, between - began)
    yield row(f"trained: {trained.certificate.chosen}", trained.prediction, trained.certificate, ended - between)


def row(name: str, prediction: Any, certificate: Any, seconds: float | None) -> str:
    """Scores of a prediction, and what its certificate says."""
    step = score(prediction).to_dict()["step"]
    recall = {label: row["recall"] for label, row in step["per_class"].items()}
    known = [value for value in recall.values() if value is not None]
    change = certificate.outcome.change if certificate and certificate.outcome else None
    share = certificate.control.get("beaten_share") if certificate else None
    accuracy = step.get("hamming_accuracy" if prediction.multilabel else "accuracy")
    told = ", ".join("-" if value is None else f"{value:.2f}" for value in recall.values())
    if len(recall) > FEW:
        told = f"{sum(value == 0 for value in known)} of {len(known)} are 0, median {np.median(known):.2f}"
    cells = (
        "-" if accuracy is None else f"{accuracy:.3f}",
        f"{np.mean(known):.3f}",
        f"{step['macro_f1']:.3f}",
        "" if change is None or change.low is None else f"{change.low:+.3f} to {change.high:+.3f}",
        "" if share is None else f"{100 * share:.0f} % of {certificate.control['drawn']}",
        "" if seconds is None else f"{seconds:.0f}",
        told,
    )
    return f"| {name} | {' | '.join(cells)} |"


def main() -> None:
    """Print a table for each data set and seed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", nargs="+", default=list(THIN))
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--budget", default="90s", help="of each mend")
    options = parser.parse_args()
    for name in options.only:
        for seed in range(options.seeds):
            for line in rows_of(options.folder / name, seed, options.budget):
                print(line, flush=True)


if __name__ == "__main__":
    main()
