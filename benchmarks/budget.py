"""Whether training keeps its budget: seconds of the whole of ``segmend train`` beside those that were named.

    python benchmarks/budget.py DATA ... [--budget 60s] [--cores 1.4] [--out FOLDER]

Each DATA is trained by its plan, from reading the folder to the written page. With ``--cores`` the clock that training
sees, and that is reported, is the processor time of all threads divided by that number: how long it would have taken
alone on a machine that keeps so many cores busy. It tells the same when other work shares the machine, where the wall
clock says little. Prints Markdown.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path
from typing import Any

import segmend
from segmend.core.durations import seconds_of


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="+", type=Path)
    parser.add_argument("--budget", default="60s")
    parser.add_argument("--cores", type=float, help="cores that training keeps busy, for a clock of processor time")
    parser.add_argument("--out", type=Path, help="keep the runs there")
    options = parser.parse_args()
    if options.cores is not None:
        time.monotonic = lambda: time.process_time() / options.cores
    budget = seconds_of(options.budget)
    print("| set | budget, s | took, s | ratio (target 1.2) | decoder | scores of the test part |")
    print("|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for data in options.data:
            run, took = trained(data, (options.out or Path(folder)) / data.name, budget)
            told = told_of(run.scores["test"]["decoded"])
            print(
                f"| {data.name} | {budget:g} | {took:.1f} | {took / budget:.2f} | {run.decoder.name} | {told} |",
                flush=True,
            )


def trained(data: Path, out: Path, budget: float) -> tuple[segmend.Run, float]:
    """A run, and its seconds with everything."""
    began = time.monotonic()
    run = segmend.train(data, out=out, budget=budget, overwrite=True)
    return run, time.monotonic() - began


def told_of(scores: dict[str, Any]) -> str:
    """What counts in a set's task."""
    if scores["segment"] is None:
        return f"macro F1 {scores['step']['macro_f1']:.3f}"
    told = f"F1@50 {scores['segment']['f1@50']:.3f}, count MAE {scores['count']['mae']:.2f}"
    objects = scores["segment"].get("panoptic")
    return told if objects is None else f"{told}, panoptic quality {objects['pq']:.3f}"


if __name__ == "__main__":
    main()
