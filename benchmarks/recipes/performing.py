"""Many runs, one process after the other, each kept when it has ended."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from benchmarks.recipes.names import KNOWN_BY, PEERS, PLAN
from benchmarks.recipes.variants import variants_of

from segmend.core.cores import cores

MARK = "record: "
"""What a line of a run's process begins with where it holds a record."""

OVERTIME = (4.0, 600.0)
"""A process is ended after so many budgets and seconds."""


class Run(NamedTuple):
    """One recipe on one set with one seed and budget in seconds."""

    set: str
    recipe: str
    seed: int
    budget_s: float


def read(kept: Path) -> list[dict[str, Any]]:
    """The records of a file; none where there is no file. A line that was cut off is left out."""
    records = []
    for line in kept.read_text().splitlines() if kept.is_file() else []:
        try:
            records.append(json.loads(line))
        except json.JSONDecodeError:
            print(f"{kept}: a line that is no JSON is left out: {line[:60]}", file=sys.stderr)
    return records


def wanted(
    sets: Sequence[str],
    chosen: set[str],
    seeds: Sequence[int],
    budget_s: float,
    best: int | None,
    records: Sequence[dict[str, Any]],
    *,
    ablate: bool = False,
) -> list[Run]:
    """The runs that are missing, seed by seed, so that a benchmark that is stopped holds whole rounds.

    Args:
        sets: names of sets.
        chosen: recipes.
        seeds: of training.
        budget_s: seconds.
        best: run the plan and so many peers, those that were best with the shortest budget; None runs all.
        records: what is there.
        ablate: run the plan and its variants, and no peers.
    """
    done = {(each["set"], each["recipe"], each["seed"], each["budget_s"]) for each in records}
    runs = []
    for seed in seeds:
        for name in sets:
            peers = PEERS[name] if best is None else leading(name, records)[:best]
            others = variants_of(name) if ablate else [peer for peer in peers if peer in chosen]
            planned = (PLAN,) if ablate or PLAN in chosen else ()
            runs += [Run(name, recipe, seed, budget_s) for recipe in (*planned, *others)]
    return [each for each in runs if tuple(each) not in done]


def leading(name: str, records: Sequence[dict[str, Any]]) -> list[str]:
    """The peers of a set from the best to the worst, by their first score with the shortest budget."""
    mine = [each for each in records if each["set"] == name and each["recipe"] in PEERS[name]]
    shortest = min((each["budget_s"] for each in mine), default=0.0)
    scores: dict[str, list[float]] = {}
    for each in mine:
        if each["budget_s"] == shortest:
            scores.setdefault(each["recipe"], []).append(each["scores"][KNOWN_BY[name]])
    return sorted(scores, key=lambda recipe: -float(np.mean(scores[recipe])))


def perform(runs: Sequence[Run], folder: Path, kept: Path) -> int:
    """Do the runs; returns how many failed, whose errors are shown and which are run again the next time."""
    failed, began = 0, time.monotonic()
    kept.parent.mkdir(parents=True, exist_ok=True)
    for number, each in enumerate(runs, 1):
        records = _one(each, folder)
        failed += not records
        with kept.open("a") as file:
            file.writelines(json.dumps(record) + "\n" for record in records)
            file.flush()
            os.fsync(file.fileno())
        said = {key: round(value, 3) for key, value in records[0]["scores"].items()} if records else "failed"
        passed = time.monotonic() - began
        print(
            f"{number}/{len(runs)} {passed:.0f} s  {each.set} {each.recipe} seed {each.seed}: {said}", file=sys.stderr
        )
    return failed


def _one(each: Run, folder: Path) -> list[dict[str, Any]]:
    load = os.getloadavg()[0]
    command = [sys.executable, "-m", "benchmarks.recipes", str(folder), "--budget", str(each.budget_s)]
    command += ["--one", each.set, each.recipe, str(each.seed)]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=OVERTIME[0] * each.budget_s + OVERTIME[1], check=False
        )
    except subprocess.TimeoutExpired:
        print(f"{each}: not done in time", file=sys.stderr)
        return []
    if done.returncode:
        print(done.stderr[-3000:], file=sys.stderr)
        return []
    lines = [line.removeprefix(MARK) for line in done.stdout.splitlines() if line.startswith(MARK)]
    about = {"load_before": round(load, 2), "cores": cores(), "date": f"{date.today()}"}
    return [{**json.loads(line), **about} for line in lines]
