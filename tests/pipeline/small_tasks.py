"""DATA folders of each task, so small and so easy that a tiny network learns them in seconds."""

from __future__ import annotations

import csv
import json

import numpy as np

from tests.loading.picture_folders import make_images

SETTINGS = {"filters": 4, "members": 1, "steps": 40, "epochs": 2, "batch_size": 4, "learning_rate": 0.02, "augment": []}
STAGES = {"stages": [{"kernel": 3}, {"kernel": 3, "dilation": 2}, {"kernel": 3, "dilation": 4}]}
SIDE = 32
STEPS = 200


def images(folder):
    """Grey images of bright squares, some of which touch; masks number the squares."""
    rng = np.random.default_rng(0)
    pictures, masks = {}, {}
    for k in range(12):
        numbers = np.zeros((SIDE, SIDE), np.uint8)
        for number, (row, column) in enumerate([(3, 3), (3, 18), (18, 10 + k % 6)], start=1):
            numbers[row : row + 8, column : column + 7] = number
        pictures[f"i{k:02}"] = np.where(numbers > 0, 180, 40) + rng.integers(0, 30, numbers.shape)
        masks[f"i{k:02}"] = numbers
    pictures = {name: values.astype(np.uint8) for name, values in pictures.items()}
    about = {"task": "segmentation", "labels": ["square"], "mask": "instance", "split": split_of(sorted(pictures))}
    return make_images(folder, images=pictures, masks=masks, description=about)


def overlapping(folder):
    """Signals of two channels with a label each, which overlap."""
    rng, rows = np.random.default_rng(0), []
    names = [f"r{k:02}" for k in range(9)]
    for name in names:
        signal = rng.normal(0, 0.2, (STEPS, 2)).astype(np.float32)
        for channel, (label, first) in enumerate((("left", 20), ("right", 40))):
            for start in range(first, STEPS - 40, 60):
                stop = start + 25 + int(rng.integers(10))
                signal[start:stop, channel] += 1.5
                rows.append((name, start, stop, label))
        _signal(folder, name, signal)
    return _described(folder, rows, names, task="multilabel-segmentation", labels=["left", "right"])


def gestures(folder):
    """Signals of one class each, told by their mean."""
    rng, rows = np.random.default_rng(0), []
    names = [f"r{k:02}" for k in range(18)]
    for k, name in enumerate(names):
        signal = rng.normal(0, 0.3, (100 + 10 * (k % 3), 1)).astype(np.float32) + (k % 3) - 1
        _signal(folder, name, signal)
        rows.append((name, 0, len(signal), "abc"[k % 3]))
    return _described(folder, rows, names, task="classification", labels=list("abc"))


def cells(folder):
    """Class folders of small images, told by their brightness."""
    rng = np.random.default_rng(0)
    parts = {"train": 8, "val": 4, "test": 4}
    places = {
        f"{part}/{label}": {
            f"{part}_{label}_{k}": (60 + 100 * number + rng.integers(0, 60, (16, 16))).astype(np.uint8)
            for k in range(count)
        }
        for part, count in parts.items()
        for number, label in enumerate(("dark", "light"))
    }
    return make_images(folder, **places)


def split_of(names):
    """Two thirds to learn from, the rest to judge by."""
    third = max(1, len(names) // 6)
    return {"train": names[: -2 * third], "val": names[-2 * third : -third], "test": names[-third:]}


def _signal(folder, name, signal):
    (folder / "signals").mkdir(parents=True, exist_ok=True)
    np.save(folder / "signals" / f"{name}.npy", signal)


def _described(folder, rows, names, **about):
    with (folder / "annotations.csv").open("w", newline="") as file:
        csv.writer(file).writerows([("recording", "start", "end", "label"), *rows])
    about |= {"split": split_of(names), "sampling_rate_hz": 50.0}
    (folder / "dataset.json").write_text(json.dumps(about))
    return folder
