"""Start-up of ``segmend --help`` next to ``python -c pass``, alternated in one run.

Run: python benchmarks/startup.py
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time

CALLS = {
    "python -c pass": [sys.executable, "-c", "pass"],
    "segmend --help": [sys.executable, "-m", "segmend", "--help"],
    "segmend rules": [sys.executable, "-m", "segmend", "rules"],
}


def seconds(call: list[str]) -> float:
    """Wall clock of one call."""
    start = time.perf_counter()
    subprocess.run(call, check=True, capture_output=True)
    return time.perf_counter() - start


def main() -> None:
    """Print a Markdown table of medians and of ratios to ``python -c pass``."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--repeats", type=int, default=21)
    repeats = parser.parse_args().repeats
    taken: dict[str, list[float]] = {name: [] for name in CALLS}
    for _ in range(repeats):
        for name, call in CALLS.items():
            taken[name].append(seconds(call))
    base = statistics.median(taken["python -c pass"])
    print("| call | median, ms | ratio |\n|---|---|---|")
    for name, times in taken.items():
        print(f"| `{name}` | {1000 * statistics.median(times):.0f} | {statistics.median(times) / base:.1f} |")


if __name__ == "__main__":
    main()
