"""What transforms cost: samples per second on a batch of signals, eager and compiled, beside tsaug.

    python benchmarks/augmentation.py [--repeats 20] [--peer PYTHON]

The batch is (64, 1024, 8), a sample is one step of one recording, all channels at once; labels are one number per step.
Images are (64, 64, 64, 3). PYTHON is an interpreter with tsaug 0.2.1, whose transforms of the same kind get the same
batch in the same run. Medians. Prints Markdown.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

SHAPE, IMAGES = (64, 1024, 8), (64, 64, 64, 3)
OPTIONS: dict[str, dict[str, Any]] = {
    "crop": {"size": 512},
    "brightness": {"value_range": (0, 1)},
    "contrast": {"value_range": (0, 1)},
}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=20)
    parser.add_argument("--peer", type=Path)
    parser.add_argument("--as-peer", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.as_peer:
        json.dump(peers(options.repeats), sys.stdout)
        return
    theirs = {}
    if options.peer:
        command = [str(options.peer), __file__, "--as-peer", "--repeats", str(options.repeats)]
        theirs = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    print("| transform | eager, million samples/s | compiled | tsaug |\n|---|---|---|---|")
    for name, (eager, compiled) in ours(options.repeats).items():
        peer = f"{theirs[name] / 1e6:.2f}" if name in theirs else ""
        print(f"| {name} | {eager / 1e6:.2f} | {compiled / 1e6:.2f} | {peer} |")


def signals(shape: tuple[int, ...]) -> tuple[Any, Any]:
    """A batch of noise with segments of 32 steps."""
    rng = np.random.default_rng(0)
    y = np.repeat(rng.integers(0, 4, (shape[0], shape[1] // 32)), 32, axis=1)
    y = y if len(shape) == 3 else np.repeat(y[:, :, None], shape[2], axis=2)
    return rng.random(shape).astype("float32"), y.astype("int32")


def ours(repeats: int) -> dict[str, tuple[float, float]]:
    """Samples per second of each transform, eager and in jax.jit."""
    from segmend.core.backend import choose_backend

    if choose_backend() != "jax":
        raise SystemExit("the compiled column is that of JAX: set KERAS_BACKEND=jax")
    import jax

    from segmend import catalogue

    rates = {}
    for name in catalogue.TRANSFORMS:
        transform = catalogue.resolve("transforms", name)(seed=0, **OPTIONS.get(name, {}))
        x, y = signals(SHAPE if 1 in transform.ranks else IMAGES)
        y = np.eye(4, dtype="int32")[y] if name == "overlay" else y
        state = [variable.value for variable in transform.non_trainable_variables]
        step = jax.jit(lambda state, x, y, call=transform.stateless_call: call([], state, (x, y), training=True)[0])
        x, y = jax.numpy.asarray(x), jax.numpy.asarray(y)
        eager = seconds(lambda x=x, y=y, t=transform: jax.block_until_ready(t((x, y))), repeats)
        compiled = seconds(lambda x=x, y=y, s=state, f=step: jax.block_until_ready(f(s, x, y)), repeats)
        size = np.prod(x.shape[:-1])
        rates[name] = (size / eager, size / compiled)
    return rates


def peers(repeats: int) -> dict[str, float]:
    """Samples per second of tsaug's transforms of the same kind."""
    import tsaug

    x, y = signals(SHAPE)
    kinds = {
        "time_warp": tsaug.TimeWarp(n_speed_change=5, max_speed_ratio=1.5),
        "noise": tsaug.AddNoise(scale=0.1),
        "drift": tsaug.Drift(max_drift=0.3, n_drift_points=4),
        "smoothing": tsaug.Convolve(window="hann", size=7),
        "time_mask": tsaug.Dropout(p=16 / 1024, size=16, fill="mean"),
        "crop": tsaug.Crop(size=512),
    }
    size = np.prod(SHAPE[:-1])
    return {name: size / seconds(lambda t=t: t.augment(x, y), repeats) for name, t in kinds.items()}


def seconds(call: Callable[[], Any], repeats: int) -> float:
    """Median seconds of a call, after two that warm up."""
    taken = []
    for turn in range(-2, repeats):
        start = time.perf_counter()
        call()
        if turn >= 0:
            taken.append(time.perf_counter() - start)
    return float(np.median(taken))


if __name__ == "__main__":
    main()
