"""My image classifier has an accuracy of 95 %, but it never finds a cracked part. Why?

I have photos of parts in three folders: good (360), scratched (60) and cracked (24). Two dense layers on the pixels,
accuracy on the screen. It looked fine until I tried it on parts that are cracked.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import keras
import numpy as np
from PIL import Image

import segmend

CLASSES = {"good": 360, "scratched": 60, "cracked": 24}
SIZE = 24

Pair = tuple[np.ndarray, np.ndarray]


def draw(kind: str, rng: np.random.Generator) -> np.ndarray:
    """A part from above, (24, 24) grey values of 0 to 255: a scratch is a straight bright line, a crack a dark one."""
    image = rng.normal(130, 12, (SIZE, SIZE)) + rng.normal(0, 10)
    rows, column = np.arange(4, 20), rng.integers(11, 13)
    if kind == "scratched":
        image[rows, column] += 60
    if kind == "cracked":
        image[rows, column + rng.integers(0, 2, len(rows))] -= 60
    return np.clip(image, 0, 255).astype("uint8")


def write(folder: Path, rng: np.random.Generator, share: float) -> None:
    """One folder for each class, with a share of its images as PNG files."""
    for kind, count in CLASSES.items():
        (folder / kind).mkdir(parents=True)
        for number in range(round(count * share)):
            Image.fromarray(draw(kind, rng)).save(folder / kind / f"{number}.png")


def read(folder: Path) -> Pair:
    """Images (images, 24, 24, 1) of 0 to 1, and class numbers in the order of CLASSES."""
    paths = [(path, number) for number, kind in enumerate(CLASSES) for path in sorted((folder / kind).iterdir())]
    x = np.stack([np.asarray(Image.open(path), "float32") / 255 for path, _ in paths])
    return x[..., None], np.array([number for _, number in paths])


def data(seed: int) -> tuple[Pair, Pair]:
    """Training and validation images, by way of folders."""
    rng = np.random.default_rng(seed)
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder) / "train", rng, 1.0)
        write(Path(folder) / "val", rng, 0.5)
        return read(Path(folder) / "train"), read(Path(folder) / "val")


def network(*metrics: Any) -> keras.Model:
    """Dense layers on all pixels."""
    model = keras.Sequential(
        [
            keras.Input((SIZE, SIZE, 1)),
            keras.layers.Flatten(),
            keras.layers.Dense(128, activation="relu"),
            keras.layers.Dense(32, activation="relu"),
            keras.layers.Dense(len(CLASSES), activation="softmax"),
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy", *metrics])
    return model


def patient(seed: int = 0) -> dict[str, Any]:
    """What the person would hand to ``segmend.diagnose``."""
    keras.utils.set_random_seed(seed)
    (x, y), held_out = data(seed)
    model = network()
    history = model.fit(x, y, validation_data=held_out, epochs=30, verbose=0)
    return {"model": model, "x": x, "y": y, "validation_data": held_out, "history": history, "labels": list(CLASSES)}


def mended(seed: int = 0) -> dict[str, Any]:
    """The doctor's mends: weights of classes, and a metric that counts every class alike."""
    keras.utils.set_random_seed(seed)
    (x, y), held_out = data(seed)
    model = network(segmend.metrics.of("macro_f1", labels=len(CLASSES)))
    weight = dict(enumerate(segmend.class_weights(y)))
    history = model.fit(x, y, validation_data=held_out, class_weight=weight, epochs=30, verbose=0)
    facts = {"history": history, "class_weight": weight, "labels": list(CLASSES)}
    return {"model": model, "x": x, "y": y, "validation_data": held_out, **facts}


if __name__ == "__main__":
    print(segmend.diagnose(**patient()))
