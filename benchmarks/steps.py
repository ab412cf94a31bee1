"""Counting steps: seconds beside scikit-learn's confusion matrix, and memory at ten times the size.

    python benchmarks/steps.py [--millions 10] [--classes 5]

One recording of random class numbers, stored as int8. Seconds are the best of 3; memory is what counting adds at its
peak to the arrays themselves (tracemalloc). Prints Markdown.
"""

from __future__ import annotations

import argparse
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
from sklearn.metrics import confusion_matrix

from segmend.core.labels import Labels
from segmend.scoring.levels.step import step_level
from segmend.scoring.presets import SEGMEND
from segmend.scoring.steps import count_steps


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--millions", type=int, default=10)
    parser.add_argument("--classes", type=int, default=5)
    options = parser.parse_args()
    print("| steps | step scores, s | scikit-learn's confusion matrix, s | times faster | memory added, MB |")
    print("|---|---|---|---|---|")
    for millions in (options.millions, 10 * options.millions):
        rng = np.random.default_rng(0)
        true, pred = (rng.integers(0, options.classes, millions * 10**6, dtype=np.int8) for _ in range(2))
        ours, found = best(lambda t=true, p=pred: scores(t, p, options.classes))
        if millions == options.millions:
            theirs, expected = best(lambda t=true, p=pred: confusion_matrix(t, p))
            assert found["confusion"] == expected.tolist()
            peer = f"{theirs:.2f} | {theirs / ours:.0f}"
        else:
            peer = "- | -"
        memory = added(lambda t=true, p=pred: scores(t, p, options.classes))
        print(f"| {millions} M | {ours:.3f} | {peer} | {memory:.1f} |")


def scores(true: Any, pred: Any, classes: int) -> dict[str, Any]:
    """All step scores of one recording."""
    return step_level(count_steps([true], [pred], Labels.numbered(classes)), SEGMEND, None)


def best(call: Callable[[], Any], repeats: int = 3) -> tuple[float, Any]:
    """Fewest seconds of some calls, and what the last one gave."""
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        result = call()
        seconds.append(time.perf_counter() - start)
    return min(seconds), result


def added(call: Callable[[], Any]) -> float:
    """Peak of the memory that a call takes, in MB."""
    tracemalloc.start()
    call()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6


if __name__ == "__main__":
    main()
