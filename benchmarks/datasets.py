"""Plan, train and score every data set, untouched by hand: what was chosen, and whether its floor is reached.

Each set is trained with ``segmend train SET --budget 3m`` and judged by ``segmend score RUN --split test``, each call
in a process of its own, one after the other.

Run: python benchmarks/datasets.py SHARED/datasets [--only NAME ...] [--keep FOLDER] [--budget 3m]
"""

from __future__ import annotations

import argparse
import functools
import json
import operator
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from segmend import load_run
from segmend.planning import Values

Figure = Callable[[Mapping[str, Any], Path], float]


@dataclass(frozen=True)
class Floor:
    """A figure, and between what it has to lie."""

    name: str
    figure: Figure
    low: float
    high: float = float("inf")


def at(*keys: str) -> Figure:
    """A figure of the scores."""
    return lambda scores, _: float(functools.reduce(operator.getitem, keys, scores))


def above_prevalence(scores: Mapping[str, Any], run: Path) -> float:
    """Macro average precision less what a ranking by chance has: the mean share of recordings with each label."""
    true = [np.load(file) for file in sorted((run / "predictions" / "labels").glob("*.npy")) if in_test(file.stem, run)]
    share = np.stack(true).mean(axis=0)
    return float(scores["step"]["macro"]["average_precision"] - share[share > 0].mean())


def in_test(name: str, run: Path) -> bool:
    """Whether a recording belongs to the test part."""
    return name in json.loads((run / "predictions" / "splits.json").read_text())["test"]


STEPS = ("--annotations", "annotations_step.csv")
SETS: dict[str, tuple[tuple[str, ...], tuple[Floor, ...]]] = {
    "finch_gy6or6": ((), (Floor("F1@50", at("segment", "f1@50"), 0.95),)),
    "rfid_bedroom": ((), (Floor("F1@50", at("segment", "f1@50"), 0.60),)),
    "gesture_phase": ((), (Floor("macro F1", at("step", "macro_f1"), 0.45),)),
    "oxford_steps": (STEPS, (Floor("count ratio", at("count", "ratio"), 0.9, 1.1),)),
    "watch_exercises": ((), (Floor("macro F1", at("step", "macro_f1"), 0.85),)),
    "ludb_dx": ((), (Floor("macro AP above prevalence", above_prevalence, 0.05),)),
    "bccd_cells": ((), (Floor("macro F1", at("step", "macro_f1"), 0.95),)),
    "dsb_nuclei": (
        (),
        (
            Floor("count ratio", at("count", "ratio"), 0.85, 1.15),
            Floor("panoptic quality", at("segment", "panoptic", "pq"), 0.55),
        ),
    ),
    "ludb": (
        (),
        (Floor("F1@50", at("segment", "f1@50"), 0.94), Floor("count ratio", at("count", "ratio"), 0.95, 1.05)),
    ),
}


def segmend(*arguments: str) -> str:
    """What the command prints; its messages go through."""
    return subprocess.run(
        [sys.executable, "-m", "segmend", *arguments], check=True, stdout=subprocess.PIPE
    ).stdout.decode()


def row(data: Path, budget: str, run: Path) -> str:
    """Train and score one set: a row of the table."""
    options, floors = SETS[data.name]
    if not (run / "run.json").exists():
        segmend("train", str(data), *options, "--budget", budget, "--out", str(run))
    scores = json.loads(segmend("score", str(run), "--split", "test", "--json"))
    found = load_run(run)
    values = Values.of(found.plan)
    about = found.about
    model = f"{values.model.architecture}, {values.model.filters} filters"
    told = []
    for floor in floors:
        value = floor.figure(scores, run)
        limit = f">= {floor.low:g}" if floor.high == float("inf") else f"{floor.low:g} to {floor.high:g}"
        held = "" if floor.low <= value <= floor.high else " **missed**"
        told.append(f"{floor.name} {value:.3f} ({limit}){held}")
    shares = values.sampling
    cells = [
        data.name,
        f"{about['task']['labels']} {about['task']['kind']}, rank {about['task']['rank']}",
        f"{model}, {found.model.count_params():,} weights x {about['networks']}",
        f"{values.window.length}, {values.window.fit}",
        f"balanced {shares.balanced:g}, background {shares.background:g}",
        ", ".join(each["name"] for each in shares.augment) or "none",
        found.decoder.name,
        f"{about['epochs']} epochs, {about['seconds']:.0f} s",
        "; ".join(told),
    ]
    return "| " + " | ".join(cells) + " |"


def main() -> None:
    """Print a Markdown table with a row for each set."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("datasets", type=Path)
    parser.add_argument("--only", nargs="+", choices=SETS, default=list(SETS))
    parser.add_argument("--keep", type=Path, help="folder for the runs; those that are there are scored again")
    parser.add_argument("--budget", default="3m")
    options = parser.parse_args()
    print(
        "| set | task | network | window | windows drawn | augmentation | decoder | trained | test |\n"
        + "|---" * 9
        + "|"
    )
    with tempfile.TemporaryDirectory() as scratch:
        for name in options.only:
            print(row(options.datasets / name, options.budget, (options.keep or Path(scratch)) / name), flush=True)


if __name__ == "__main__":
    main()
