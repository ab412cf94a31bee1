"""How long intervals of every score take, and one interval beside scipy.stats.bootstrap.

    python benchmarks/uncertainty.py [--recordings 50] [--classes 20] [--steps 1000] [--draws 1000]

Random recordings; the same at twice, four and eight times as many. SciPy draws recordings and takes the mean of their
step accuracies, which all have the same number of steps, or reads the macro F1 of the counts of those drawn: one score
at a time. Prints Markdown.
"""

from __future__ import annotations

import argparse
import dataclasses
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from segmend.artifacts.prediction import Prediction
from segmend.core.labels import Labels
from segmend.scoring.readings import averaged, f1
from segmend.scoring.scored import Scored, scored
from segmend.scoring.uncertainty import compare, intervals
from segmend.scoring.uncertainty.leaves import paths

LENGTH = 20
"""Steps of a reference segment."""


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--recordings", type=int, default=50)
    parser.add_argument("--classes", type=int, default=20)
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--draws", type=int, default=1000)
    options = parser.parse_args()
    intervals(scored(predicted(6, 3, 100)), draws=2)  # compiles
    sizes = [options.recordings * times for times in (1, 2, 4, 8)]
    growth(sizes, options.classes, options.steps, options.draws)
    peer(scored(predicted(options.recordings, options.classes, options.steps)), options.draws)


def predicted(recordings: int, classes: int, steps: int) -> Prediction:
    """Random segments, and noisy probabilities of them."""
    rng = np.random.default_rng(0)
    true = [np.repeat(rng.integers(0, classes, steps // LENGTH), LENGTH) for _ in range(recordings)]
    prob = []
    for row in true:
        said = rng.random((row.size, classes))
        said[np.arange(row.size), row] += 1.5 * rng.random(row.size)
        prob.append(said / said.sum(axis=1, keepdims=True))
    return Prediction(
        names=tuple(str(k) for k in range(recordings)),
        labels=Labels.numbered(classes),
        y_true=tuple(true),
        y_pred=tuple(np.argmax(rows, axis=1) for rows in prob),
        y_prob=tuple(prob),
    )


def seconds_of(work: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds of one run, and its result."""
    begun = time.perf_counter()
    result = work()
    return time.perf_counter() - begun, result


def growth(sizes: list[int], classes: int, steps: int, draws: int) -> None:
    """Seconds by number of recordings."""
    print(
        "| recordings | steps | classes | scores | draws (ranking) | labels only, s | probabilities too, s | two, s |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for recordings in sizes:
        prediction = predicted(recordings, classes, steps)
        known, bare = scored(prediction), scored(dataclasses.replace(prediction, y_prob=None))
        alone, _ = seconds_of(lambda s=bare: intervals(s, draws=draws))
        whole, found = seconds_of(lambda s=known: intervals(s, draws=draws))
        both, _ = seconds_of(lambda s=known, t=bare: compare(s, t, draws=draws))
        print(
            f"| {recordings} | {recordings * steps:,} | {classes} | {len(paths(known.levels()))} | "
            f"{draws:,} ({found.ranking_draws:,}) | {alone:.1f} | {whole:.1f} | {both:.1f} |"
        )


def peer(known: Scored, draws: int) -> None:
    """Two intervals of SciPy's, and all of ours."""
    right, judged = known.step.right, known.step.judged
    everyone = np.arange(len(known))

    def macro_f1(index: Any) -> float:
        return float(averaged(f1, known.step.take(index).pooled()))

    rows = [
        ("accuracy", "the mean of a column", lambda: by_scipy(right / judged, np.mean, draws)),
        ("macro_f1", "a function of the recordings drawn", lambda: by_scipy(everyone, macro_f1, draws)),
    ]
    took, ours = seconds_of(lambda: intervals(known, draws=draws))
    print("\n| package | score | low | high | seconds | scores in that time |\n|---|---|---|---|---|---|")
    for name, what, theirs in rows:
        low, high = ours["step"][name]
        print(f"| segmend | {name} | {low:.4f} | {high:.4f} | {took:.3f} | {len(paths(known.levels()))} |")
        seconds, (low, high) = seconds_of(theirs)
        print(f"| scipy.stats.bootstrap, {what} | {name} | {low:.4f} | {high:.4f} | {seconds:.3f} | 1 |")


def by_scipy(column: Any, read: Callable[..., Any], draws: int) -> tuple[float, float]:
    """SciPy's percentile interval."""
    from scipy.stats import bootstrap

    rng = np.random.default_rng(0)
    return bootstrap((column,), read, n_resamples=draws, method="percentile", rng=rng).confidence_interval


if __name__ == "__main__":
    main()
