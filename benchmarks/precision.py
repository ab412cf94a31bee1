"""A training step in mixed precision beside one in single precision, on the device at hand.

    python -m benchmarks.precision [--rounds 20] [--filters 32]

The network of a plan of signals, batch (12, 1304, 4), trained for three steps of each in turns; seconds are medians.
"""

from __future__ import annotations

import argparse
import os
import time
from typing import Any

import numpy as np

STAGES = [{"kernel": 9, "stride": 4}, *({"kernel": 3, "dilation": 2**k} for k in range(6)), {"kernel": 3, "up": 4}]
STEPS = 3


def main() -> None:
    """Print the two medians and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--filters", type=int, default=32)
    options = parser.parse_args()
    os.environ.setdefault("KERAS_BACKEND", "jax")
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(12, 1304, 4)).astype(np.float32), rng.integers(0, 4, (12, 1304))
    models = {policy: network(policy, options.filters) for policy in ("float32", "mixed_bfloat16")}
    took: dict[str, list[float]] = {policy: [] for policy in models}
    for round_number in range(options.rounds + 1):
        for policy, model in models.items():
            began = time.perf_counter()
            for _ in range(STEPS):
                model.train_on_batch(x, y)
            if round_number:  # the first one compiles
                took[policy].append((time.perf_counter() - began) / STEPS)
    single, mixed = (float(np.median(took[policy])) for policy in models)
    print(f"float32 {1000 * single:.1f} ms, mixed_bfloat16 {1000 * mixed:.1f} ms: {mixed / single:.2f} times as long")


def network(policy: str, filters: int) -> Any:
    """The compiled network."""
    import keras

    from segmend import losses, models

    keras.config.set_dtype_policy(policy)
    model = models.tcn(STAGES, channels=4, classes=4, filters=filters, norm="batch")
    model.compile(keras.optimizers.AdamW(0.001), losses.CrossEntropy() + losses.Dice())
    return model


if __name__ == "__main__":
    main()
