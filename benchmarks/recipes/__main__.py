"""Train peers' recipes and the plan on the same data, split and wall clock, and print who comes first.

    python -m benchmarks.recipes SHARED/datasets [--only SET ...] [--recipes NAME ...] [--budget 3m]
                                 [--seeds 0 1 2] [--best N] [--ablate] [--keep FILE.jsonl] [--table] [--list]

Each run is a process of its own, one at a time; it is kept in FILE when it has ended, and not run again, so that a
long benchmark can be stopped and started. ``--best 2 --budget 10m`` runs the plan and, of each set, the two peers that
were best with the shortest budget in FILE. ``--ablate`` runs the plan with one decision after the other replaced by a
fixed default, in the place of the peers. ``--table`` runs nothing and prints what FILE holds, ``--list`` the recipes.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

from benchmarks.recipes.names import PEERS, PLAN
from benchmarks.recipes.performing import MARK, perform, read, wanted

from segmend.core.durations import seconds_of


def main() -> int:
    """Run what is missing and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("datasets", type=Path)
    parser.add_argument("--only", nargs="+", choices=PEERS, default=list(PEERS), metavar="SET")
    parser.add_argument("--recipes", nargs="+", metavar="NAME", help="peers, or plan; all by default")
    parser.add_argument("--budget", default="3m")
    parser.add_argument("--seeds", nargs="+", type=int, default=[0, 1, 2])
    parser.add_argument("--best", type=int, metavar="N")
    parser.add_argument("--ablate", action="store_true")
    parser.add_argument("--keep", type=Path, default=Path("recipes.jsonl"))
    parser.add_argument("--table", action="store_true")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--one", nargs=3, metavar=("SET", "RECIPE", "SEED"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    os.environ.setdefault("KERAS_BACKEND", "jax")
    if options.one:
        return one(*options.one, seconds_of(options.budget), options.datasets)
    if options.list:
        return told()
    failed = 0
    if not options.table:
        chosen = set(options.recipes or {PLAN, *(peer for peers in PEERS.values() for peer in peers)})
        unknown = chosen - {PLAN, *(peer for peers in PEERS.values() for peer in peers)}
        if unknown:
            parser.error(f"--recipes: expected names that --list prints. Received {sorted(unknown)}")
        asked = (options.only, chosen, options.seeds, seconds_of(options.budget), options.best, read(options.keep))
        runs = wanted(*asked, ablate=options.ablate)
        failed = perform(runs, options.datasets, options.keep)
    from benchmarks.recipes.tables import tables

    print(tables([each for each in read(options.keep) if each["set"] in options.only]))
    return 1 if failed else 0


def one(name: str, recipe: str, seed: str, budget: float, folder: Path) -> int:
    """A single run, in this process: its records as lines of JSON."""
    from benchmarks.recipes.running import run

    for record in run(name, recipe, int(seed), budget, folder):
        print(MARK + json.dumps(record), flush=True)
    return 0


def told() -> int:
    """Every recipe with its paper, what was taken from it and what departs."""
    from benchmarks.recipes.peers import RECIPES

    for recipe in RECIPES.values():
        print(f"**{recipe.name}**: {recipe.paper}. Taken: {recipe.taken}. Otherwise: {recipe.departs}.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
