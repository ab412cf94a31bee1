"""What each means against learning by heart is worth to a plan, after so many batches whatever the machine does beside.

    python -m benchmarks.regularisation SHARED/datasets [--only SET ...] [--steps 400] [--seeds 0 1] [--keep FILE.jsonl]

One network of the plan for one minute is trained for ``--steps`` batches, without and with one value replaced, on the
split of ``benchmarks.recipes``. Told is the best value over ten epochs of what the plan judges epochs by on the
validation part (``validation.metric``), by which a plan's values may be chosen, and the score that the set is known by
on the test part, argmax decoded, with the same weights. What FILE holds is not run again.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks.recipes.names import KNOWN_BY

SETS = ("gesture_phase", "watch_exercises", "ludb_dx")
PLANNED_FOR_S = 60.0
EPOCHS = 10
ENDLESS_S = 1e6
VARIANTS: dict[str, Mapping[str, Any]] = {
    "plan": {},
    "no dropout": {"model.dropout": 0.0},
    "drop path of 0.1": {"model.drop_path": 0.1},
    "drop path of 0.2": {"model.drop_path": 0.2},
    "no weight decay": {"training.weight_decay": 0.0},
    "ten times the weight decay": {"training.weight_decay": 0.1},
    "L1 of 1e-5": {"training.l1": 1e-5},
}


def main() -> None:
    """Run what is missing, and print what each value brings beside the planned one."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("datasets", type=Path)
    parser.add_argument("--only", nargs="+", choices=KNOWN_BY, default=list(SETS), metavar="SET")
    parser.add_argument("--steps", type=int, default=400)
    parser.add_argument("--seeds", nargs="+", type=int, default=[0, 1])
    parser.add_argument("--keep", type=Path, default=Path("regularisation.jsonl"))
    options = parser.parse_args()
    os.environ.setdefault("KERAS_BACKEND", "jax")
    kept = [json.loads(line) for line in options.keep.read_text().splitlines()] if options.keep.is_file() else []
    with options.keep.open("a") as file:
        for record in missing(options, {(each["set"], each["variant"], each["seed"]) for each in kept}):
            kept.append(record)
            print(record, flush=True)
            file.write(json.dumps(record) + "\n")
            file.flush()
    print(table(kept))


def missing(options: argparse.Namespace, done: set[tuple[str, str, int]]) -> Iterator[dict[str, Any]]:
    """The runs that are missing, one after the other, seed by seed."""
    from benchmarks.recipes.data import split_of

    splits = {name: split_of(name, options.datasets) for name in options.only}
    for seed in options.seeds:
        for name, split in splits.items():
            for variant in VARIANTS:
                if (name, variant, seed) not in done:
                    yield {"set": name, "variant": variant, "seed": seed, **one(name, split, variant, seed, options)}


def one(name: str, split: Any, variant: str, seed: int, options: argparse.Namespace) -> dict[str, Any]:
    """One network, trained and judged."""
    from benchmarks.recipes.judging import judged

    from segmend import fingerprinting
    from segmend.pipeline.runs.predicting import prediction_of
    from segmend.pipeline.runs.standardized import data_as_planned
    from segmend.pipeline.runs.training import Listener, Training
    from segmend.planning import Values, make

    facts = fingerprinting.fingerprint(split.data, separability=False)
    length = {"training.steps": options.steps, "training.epochs": EPOCHS, "training.patience": EPOCHS}
    plan = make(facts, budget_s=PLANNED_FOR_S, seed=seed, overrides={**VARIANTS[variant], **length})
    values = Values.of(plan)
    training = Training(split.data, facts, plan, Path(), time.monotonic(), ENDLESS_S, Listener())
    trained = training.network()
    raw = prediction_of(trained.model, values, data_as_planned(values, split.data), "test", None)
    return {
        "val": float(np.nanmax(trained.history.columns["val_objective"])),
        "test": judged(raw)["scores"][KNOWN_BY[name]],
        "loss": trained.history.columns["loss"][-1],
        "parameters": int(trained.model.count_params()),
    }


def table(records: list[dict[str, Any]]) -> str:
    """A row for each variant: what it reaches of validation / test, and the difference from the plan, seed by seed."""
    sets = list(dict.fromkeys(each["set"] for each in records))
    lines = [f"| instead | {' | '.join(sets)} |", "|---" * (len(sets) + 1) + "|"]
    for variant in VARIANTS:
        lines.append(f"| {variant} | {' | '.join(_cell(records, name, variant) for name in sets)} |")
    return "\n".join(lines)


def _cell(records: list[dict[str, Any]], name: str, variant: str) -> str:
    found = {(each["variant"], each["seed"]): each for each in records if each["set"] == name}
    seeds = [seed for kind, seed in found if kind == variant and ("plan", seed) in found]
    if not seeds:
        return ""
    told = []
    for part in ("val", "test"):
        mine, plan = (np.array([found[kind, seed][part] for seed in seeds]) for kind in (variant, "plan"))
        told.append(f"{mine.mean():.3f}" if variant == "plan" else f"{(mine - plan).mean():+.3f}")
    return " / ".join(told)


if __name__ == "__main__":
    main()
