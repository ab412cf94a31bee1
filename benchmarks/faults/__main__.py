"""Train faulty programs and their healthy twins, show them to the doctor, and print who was right.

    python -m benchmarks.faults CACHE [--seeds 0 1 2] [--jobs 2] [--only NAME ...] [--named-only] [--table]

Trainings and diagnoses are kept in CACHE: a run that was stopped goes on where it was, and a diagnosis is made anew
where the code of segmend is not the one it was made with. Needs the shared data sets (SEGMEND_SHARED).
"""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path


def main() -> None:
    """Run what is missing and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cache", type=Path)
    parser.add_argument("--seeds", nargs="+", type=int, default=[0, 1, 2])
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", nargs="+", help="kinds; healthy for the twins")
    parser.add_argument("--named-only", action="store_true", help="try no remedies, which takes most of the time")
    parser.add_argument("--table", action="store_true", help="run nothing, print what is there")
    options = parser.parse_args()
    os.environ.setdefault("KERAS_BACKEND", "jax")
    os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false")
    from benchmarks.faults.performing import perform, record_of
    from benchmarks.faults.running import patients

    chosen = [each for each in patients(options.seeds) if not options.only or each.kind in options.only]
    if not options.table:
        perform(chosen, options.cache, options.jobs, because=not options.named_only)
    from benchmarks.faults.tables import tables

    kept = (record_of(each, options.cache) for each in chosen)
    print(tables([json.loads(file.read_text()) for file in kept if file.is_file()]))


if __name__ == "__main__":
    main()
