"""A DATA folder of noisy bursts that a tiny network learns in seconds."""

from __future__ import annotations

import csv
import json

import numpy as np

SETTINGS = {
    "filters": 8,
    "members": 1,
    "steps": 60,
    "epochs": 3,
    "batch_size": 4,
    "learning_rate": 0.02,
    "candidates": ["argmax", "min_duration"],
}
RATE = 50.0


def recording(seed, steps=600):
    """Signal (steps, 2) and rows (start, end, label): high bursts are "a", low ones "b"."""
    rng = np.random.default_rng(seed)
    signal = rng.normal(0, 0.2, (steps, 2)).astype(np.float32)
    rows = []
    for number, start in enumerate(range(15, steps - 60, 60)):
        label, stop = "ab"[number % 2], start + 30 + int(rng.integers(10))
        signal[start:stop, 0] += 1.5 if label == "a" else -1.5
        rows.append((start, stop, label))
    return signal, rows


def write(folder, recordings=6, split=True, unannotated=()):
    """The folder, with groups g0, g1, ... and a split by group."""
    (folder / "signals").mkdir(parents=True)
    names = [f"r{k}" for k in range(recordings)]
    with (folder / "annotations.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["recording", "start", "end", "label"])
        for k, name in enumerate(names):
            signal, rows = recording(k)
            np.save(folder / "signals" / f"{name}.npy", signal)
            if name not in unannotated:
                table.writerows([name, *row] for row in rows)
    about = {
        "task": "segmentation",
        "sampling_rate_hz": RATE,
        "channels": ["x", "y"],
        "labels": ["a", "b"],
        "groups": {name: f"g{k}" for k, name in enumerate(names)},
    }
    if split:
        about["split"] = {"train": names[:-2], "val": names[-2:-1], "test": names[-1:]}
    (folder / "dataset.json").write_text(json.dumps(about))
    return folder
