"""What a loss costs: a compiled training step of the planned network beside the same step with cross-entropy.

    python benchmarks/losses.py [--data SHARED/datasets/ludb] [--steps 200] [--batch 0] [--only NAME ...]

The network and the batch are those of the plan for the data. All losses take turns, step by step, so that whatever else
the machine does hits them alike; each is compared with the cross-entropy step of the same turn. Prints Markdown.
"""

from __future__ import annotations

import argparse
import os
import time
from pathlib import Path
from typing import Any

import numpy as np

import segmend
from segmend import catalogue
from segmend.core.backend import choose_backend
from segmend.planning import Values

LIMIT = 1.10
MULTILABEL = ("binary_cross_entropy",)


def main() -> None:
    """Print the table."""
    choose_backend()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    shared = Path(os.environ.get("SEGMEND_SHARED", Path(__file__).parents[2] / "shared"))
    parser.add_argument("--data", type=Path, default=shared / "datasets" / "ludb")
    parser.add_argument("--steps", type=int, default=200)
    parser.add_argument("--only", nargs="*", default=[])
    options = parser.parse_args()
    models, batch = prepared(options.data, options.only)
    seconds = {name: np.zeros(options.steps) for name in models}
    for turn in range(-3, options.steps):  # the first three turns compile and warm up
        for name, model in models.items():
            start = time.perf_counter()
            model.train_on_batch(*batch[name])
            if turn >= 0:
                seconds[name][turn] = time.perf_counter() - start
    base = seconds["cross_entropy"]
    shape = tuple(batch["cross_entropy"][0].shape)
    print(f"{os.environ['KERAS_BACKEND']}, batch of shape {shape}, {options.steps} steps\n")
    print(f"| loss | median step, ms | beside cross-entropy (at most {LIMIT:.2f}) |\n|---|---|---|")
    for name, each in seconds.items():
        print(f"| {name} | {1000 * np.median(each):.1f} | {np.median(each / base):.3f} |")


def prepared(data: Path, only: list[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The planned network compiled with each loss, and the batch that each takes."""
    from segmend.pipeline.runs.translate import batches_of, model_of

    dataset = segmend.load(data)
    facts = segmend.fingerprint(dataset)
    values = Values.of(segmend.plan(facts))
    x, y = batches_of(values, facts, dataset.part("train")[:40], dataset.labels)[0][:2]
    classes = len(dataset.labels)
    models, batch = {}, {}
    for name in only or catalogue.LOSSES:
        options = {"cost": (1 - np.eye(classes)).tolist()} if name == "expected_cost" else {}
        models[name] = model_of(values, facts)
        models[name].compile("adam", loss=catalogue.resolve("losses", name)(**options))
        batch[name] = (x, np.eye(classes, dtype="float32")[np.maximum(y, 0)] if name in MULTILABEL else y)
    return models, batch


if __name__ == "__main__":
    main()
