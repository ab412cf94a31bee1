"""What windows cost: windows per second of training's batches beside slices of ``np.load``.

    python benchmarks/loading.py [--repeats 200]

Signals: 40 recordings of 100,000 steps and 8 channels, float32, windows of 1,024 steps; images: 60 of 512 x 512 x 3,
uint8, windows of 128 x 128. All are .npy files read as memory maps, and warm. A batch is 64 windows as float32 and the
labels of their steps, without augmentation. The other arm takes slices of the same size at places drawn evenly from
``np.load(..., mmap_mode="r")``, opened once, stacked as float32: signals alone, and signals and labels. The arms
take turns batch by batch; medians of the seconds of a batch, and of the ratios turn by turn. Prints Markdown.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from segmend.core.backend import choose_backend

BATCH = 64
RECORDINGS = {"signals": (40, (100_000,), 8, "float32", 1024), "images": (60, (512, 512), 3, "uint8", 128)}
SHARES = {
    "drawn anywhere": {},
    "half balanced": {"balanced": 0.5},
    "half balanced, little background": {"balanced": 0.5, "most_background": 0.5},
    "half hard": {"hard": 0.5},
}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=200)
    options = parser.parse_args()
    choose_backend()
    print("| data | windows | np.load slices/s | with labels/s | windows/s | times slower (target 1.2) | with labels |")
    print("|---|---|---|---|---|---|---|")
    for kind in RECORDINGS:
        with tempfile.TemporaryDirectory() as folder:
            signals, y_true = written(Path(folder), *RECORDINGS[kind][:4])
            for name, shares in SHARES.items():
                row = compared(signals, y_true, RECORDINGS[kind][4], shares, options.repeats)
                print(f"| {kind} | {name} | {row} |")


def written(folder: Path, count: int, size: tuple[int, ...], channels: int, dtype: str) -> tuple[list[Any], list[Any]]:
    """Memory maps of noise, and labels in which one twentieth is foreground."""
    rng = np.random.default_rng(0)
    for number in range(count):
        np.save(folder / f"{number}.npy", (rng.random((*size, channels)) * 255).astype(dtype))
    y_true = [np.zeros(size, np.int32) for _ in range(count)]
    for labels in y_true:
        for _ in range(10):
            first = [int(rng.integers(length - length // 50)) for length in size]
            labels[tuple(slice(low, low + length // 50) for low, length in zip(first, size, strict=True))] = 1
    signals = [np.load(folder / f"{number}.npy", mmap_mode="r") for number in range(count)]
    for signal in signals:
        np.asarray(signal).sum()
    return signals, y_true


def compared(signals: list[Any], y_true: list[Any], length: int, shares: dict[str, float], repeats: int) -> str:
    """The figures of one row."""
    from segmend.training import WindowBatches
    from segmend.training.windows import WindowIndex

    index = WindowIndex(y_true, length=length, rank=y_true[0].ndim, background=0, **shares)
    batches = WindowBatches(signals, y_true, index, batch_size=BATCH, steps=repeats + 1)
    rng = np.random.default_rng(0)
    arms: list[Callable[[int], Any]] = [
        lambda number: sliced(rng, signals, None, length),
        lambda number: sliced(rng, signals, y_true, length),
        batches.__getitem__,
    ]
    taken = np.array([[seconds(arm, number) for arm in arms] for number in range(repeats + 1)])[1:]
    bare, labelled, ours = BATCH / np.median(taken, axis=0)
    slower = np.median(taken[:, 2:] / taken[:, :2], axis=0)
    return f"{bare:,.0f} | {labelled:,.0f} | {ours:,.0f} | {slower[0]:.2f} | {slower[1]:.2f}"


def sliced(rng: np.random.Generator, signals: list[Any], y_true: list[Any] | None, length: int) -> Any:
    """A batch of slices at places drawn evenly."""
    which = rng.integers(len(signals), size=BATCH)
    size = signals[0].shape[:-1]
    first = rng.integers(np.array(size) - length + 1, size=(BATCH, len(size)))
    boxes = [tuple(slice(low, low + length) for low in row) for row in first.tolist()]
    x = np.stack([signals[k][box] for k, box in zip(which, boxes, strict=True)], dtype=np.float32)
    if y_true is None:
        return x
    return x, np.stack([y_true[k][box] for k, box in zip(which, boxes, strict=True)])


def seconds(call: Callable[[int], Any], number: int) -> float:
    """Seconds of one batch."""
    start = time.perf_counter()
    call(number)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
