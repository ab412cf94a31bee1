"""How long the dynamic programmes take, beside hmmlearn's Viterbi, and how the semi-Markov path grows.

    python benchmarks/decoding_speed.py [--steps 10000000] [--classes 10] [--repeats 3]

One core. Log probabilities at random around runs of classes, the same for all; times are the best of the repeats, after
a call that compiles. The peer is hmmlearn 0.3.3 (``pip install hmmlearn==0.3.3``), whose Viterbi takes a full table of
transitions. The semi-Markov path is decoded at full resolution with durations up to the stated number of steps. Prints
Markdown.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from segmend.core.labels import Labels
from segmend.decoding.bounded_markov import BoundedMarkov
from segmend.decoding.kernels import best_chain, best_path
from segmend.decoding.semi_markov import SemiMarkov

PRICE = 4.0
LONGEST = (50, 500, 5000)
SEMI_STEPS = 1_000_000


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=10_000_000)
    parser.add_argument("--classes", type=int, default=10)
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    semi_markov(options.classes)
    viterbi(options.steps, options.classes, options.repeats)


def scores(steps: int, classes: int, length: int = 50) -> tuple[np.ndarray, np.ndarray]:
    """Log probabilities (steps, classes), and the classes they are noisy versions of."""
    rng = np.random.default_rng(0)
    truth = np.repeat(rng.integers(0, classes, steps // length + 1), length)[:steps]
    score = rng.normal(size=(steps, classes))
    score[np.arange(steps), truth] += 1.5
    score -= np.log(np.exp(score).sum(axis=1, keepdims=True))
    return score, truth


def viterbi(steps: int, classes: int, repeats: int) -> None:
    """Paths of one long recording."""
    score, _ = scores(steps, classes)
    follow = np.full((classes, classes), -PRICE)
    np.fill_diagonal(follow, np.log1p(-(classes - 1) * np.exp(-PRICE)))
    begin = np.full(classes, -np.log(classes))
    rows: dict[str, tuple[float, Any]] = {
        "one price for every change (`viterbi`)": best_of(repeats, lambda: best_path(score, PRICE)),
        "full table of transitions (`hidden_markov`)": best_of(repeats, lambda: best_chain(score, follow, begin)),
    }
    try:
        from hmmlearn import _hmmc
    except ImportError:
        print("hmmlearn is not installed: pip install hmmlearn==0.3.3")
        peer = None
    else:
        start, table = np.exp(begin), np.exp(follow)
        peer, (_, path) = best_of(repeats, lambda: _hmmc.viterbi(start, table, score))
        rows["hmmlearn 0.3.3, full table"] = (peer, path)
        _, ours = rows["full table of transitions (`hidden_markov`)"]
        print(f"\nhmmlearn and the full table give the same class at {np.mean(ours == path):.4%} of the steps.")
    print(f"\n| Viterbi, {steps:,} steps x {classes} classes | seconds | hmmlearn's time / this |\n|---|---:|---:|")
    for name, (seconds, _) in rows.items():
        print(f"| {name} | {seconds:.2f} | {'-' if peer is None else f'{peer / seconds:.1f}'} |")


def semi_markov(classes: int) -> None:
    """The semi-Markov paths, as durations grow."""
    head = f"{SEMI_STEPS:,} steps x {classes} classes, durations up to"
    print(f"\n| {head} | `semi_markov` | `bounded_markov` | peak memory |")
    print("|---|---:|---:|---:|")
    *both, prob = decoders(50, classes)
    for fitted in both:
        fitted.decode(prob[:1000])
    for longest in LONGEST:
        *both, prob = decoders(longest, classes)
        table, bounded = (best_of(1, lambda fitted=fitted, prob=prob: fitted.decode(prob))[0] for fitted in both)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
        print(f"| {longest:,} steps | {table:.1f} s | {bounded:.2f} s | {memory:.2f} GB |", flush=True)


def decoders(longest: int, classes: int) -> tuple[SemiMarkov, BoundedMarkov, np.ndarray]:
    """Decoders whose durations reach so many steps, and the probabilities they decode."""
    score, truth = scores(SEMI_STEPS, classes, max(4, longest // 5))
    fitted = SemiMarkov.learn([], [truth], Labels.numbered(classes, None), emission=0.3, price=0.0)
    spread = np.full(classes, 0.5)
    mean = np.full(classes, np.log(longest) - 2.5 * 0.5)
    bounded = BoundedMarkov.learn([], [truth], fitted.labels, emission=0.3, price=0.0, share=1.0)
    table = SemiMarkov(
        fitted.labels,
        mean=mean,
        spread=spread,
        follow=fitted.follow,
        begin=fitted.begin,
        end=fitted.end,
        emission=0.3,
        price=0.0,
        stride=1,
    )
    return table, bounded, np.exp(score)


def best_of(repeats: int, call: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds of the fastest call, and what it returned."""
    best, found = float("inf"), None
    for _ in range(repeats):
        began = time.perf_counter()
        found = call()
        best = min(best, time.perf_counter() - began)
    return best, found


if __name__ == "__main__":
    main()
