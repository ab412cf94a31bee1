"""How long a PSDS takes, and how it compares with the packages that define it.

    python benchmarks/psds.py [--hours 1] [--classes 10] [--peer PYTHON]

Clips of 10 s at 50 Hz with smooth random scores around random events; then the same at twice and four times the
length. PYTHON is an interpreter with psds_eval 0.5.3 and sed_scores_eval 0.0.4 (they need NumPy < 2 and pandas < 3);
it gets the same arrays in the same run. psds_eval scores 50 thresholds, sed_scores_eval all of them, as segmend does.
Prints Markdown.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

RATE, STEPS, THRESHOLDS = 50.0, 500, 50
SCENARIOS = ("dcase-1", "dcase-2")


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hours", type=float, default=1.0)
    parser.add_argument("--classes", type=int, default=10)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--peer", type=Path)
    parser.add_argument("--as-peer", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.as_peer:
        json.dump(peers(np.load(options.as_peer)), sys.stdout)
        return
    clips = round(options.hours * 3600 * RATE / STEPS)
    sizes = [recordings(size, options.classes) for size in (10, clips, 2 * clips, 4 * clips)]
    growth(sizes, options.repeats)
    if options.peer:
        compare(sizes[1], options.peer, options.repeats)


def recordings(clips: int, classes: int) -> dict[str, Any]:
    """Scores of shape (clips, steps, classes) and events as (clip, start, stop, class) rows, apart within a class."""
    rng = np.random.default_rng(0)
    active = np.zeros((clips, STEPS, classes), bool)
    for clip, label in zip(*np.nonzero(rng.random((clips, classes)) < 0.3), strict=True):
        for start in rng.integers(0, STEPS - 1, rng.integers(1, 4)):
            active[clip, start : start + int(rng.integers(5, 250)), label] = True
    edges = np.diff(active.astype(np.int8), axis=1, prepend=0, append=0)
    begun, ended = (np.argwhere(edges.transpose(0, 2, 1) == sign) for sign in (1, -1))
    events = np.column_stack((begun[:, 0], begun[:, 2], ended[:, 2], begun[:, 1]))
    noise = np.cumsum(rng.normal(0, 0.25, active.shape), axis=1)
    noise -= noise.mean(axis=1, keepdims=True)
    return {"y_prob": 1 / (1 + np.exp(-(3.0 * active - 2.5 + noise))), "events": events}


def best(work: Callable[[], Any], repeats: int) -> tuple[float, Any]:
    """Least seconds, and the result."""
    seconds, result = np.inf, None
    for _ in range(repeats):
        begun = time.perf_counter()
        result = work()
        seconds = min(seconds, time.perf_counter() - begun)
    return seconds, result


def ours(data: dict[str, Any], scenario: str) -> float:
    """The score of segmend."""
    from segmend.core.labels import Labels
    from segmend.core.segments import Segments
    from segmend.scoring.psds import psds

    clips, _, classes = data["y_prob"].shape
    events = data["events"]
    bounds = np.searchsorted(events[:, 0], np.arange(clips + 1))
    tables = [Segments.from_rows(events[a:b, 1:]) for a, b in pairwise(bounds)]
    labels = Labels(tuple(f"c{k}" for k in range(classes)), None)
    return psds(data["y_prob"], tables, labels, RATE, criteria=scenario).value


def growth(sizes: list[dict[str, Any]], repeats: int) -> None:
    """Seconds of both scenarios by size."""
    print("| clips of 10 s | classes | events | dcase-1, s | dcase-2, s |\n|---|---|---|---|---|")
    ours(sizes[0], SCENARIOS[0])
    for data in sizes:
        clips, _, classes = data["y_prob"].shape
        seconds = [f"{best(lambda d=data, s=name: ours(d, s), repeats)[0]:.3f}" for name in SCENARIOS]
        print(f"| {clips:,} | {classes} | {len(data['events']):,} | {' | '.join(seconds)} |")


def compare(data: dict[str, Any], python: Path, repeats: int) -> None:
    """Seconds and values beside those of the peers."""
    from segmend.scoring.psds import CRITERIA

    rows = {name: best(lambda s=name: ours(data, s), repeats) for name in SCENARIOS}
    with tempfile.TemporaryDirectory() as folder:
        arrays = Path(folder) / "arrays.npz"
        criteria = json.dumps({name: asdict(CRITERIA[name]) for name in SCENARIOS})
        np.savez(arrays, **data, criteria=np.array(criteria))
        told = subprocess.run([python, __file__, "--as-peer", arrays], check=True, capture_output=True, text=True)
    print("\n| scenario | package | thresholds | PSDS | seconds | ratio |\n|---|---|---|---|---|---|")
    for name, (seconds, value) in rows.items():
        print(f"| {name} | segmend | all | {value:.6f} | {seconds:.3f} | 1 |")
        for package, thresholds, theirs, took in json.loads(told.stdout)[name]:
            print(f"| {name} | {package} | {thresholds} | {theirs:.6f} | {took:.1f} | {took / seconds:.0f} |")


def peers(data: Any) -> dict[str, list[tuple[str, str, float, float]]]:
    """What the two packages say of the arrays: package, thresholds, score, seconds (one run each)."""
    import warnings

    warnings.simplefilter("ignore")
    told = {}
    for name, criteria in json.loads(str(data["criteria"])).items():
        few, all_of_them = (
            best(lambda c=criteria, w=work: w(data, c), 1) for work in (by_psds_eval, by_sed_scores_eval)
        )
        told[name] = [
            ("psds_eval", str(THRESHOLDS), few[1], few[0]),
            ("sed_scores_eval", "all", all_of_them[1], all_of_them[0]),
        ]
    return told


def by_psds_eval(data: Any, criteria: dict[str, float]) -> float:
    """The score over thresholds at equal distances."""
    import pandas as pd
    from psds_eval import PSDSEval

    names = ["filename", "onset", "offset", "event_label"]
    clip, start, stop, label = data["events"].T
    truth = pd.DataFrame(
        dict(zip(names, (clip.astype(str), start / RATE, stop / RATE, label.astype(str)), strict=True))
    )
    clips = len(data["y_prob"])
    length = pd.DataFrame({"filename": np.arange(clips).astype(str), "duration": STEPS / RATE})
    shares = {key: criteria[key] for key in ("dtc_threshold", "gtc_threshold", "cttc_threshold")}
    judge = PSDSEval(ground_truth=truth, metadata=length, **shares)
    for threshold in np.arange(1, 2 * THRESHOLDS, 2) / (2 * THRESHOLDS):
        edges = np.diff((data["y_prob"] >= threshold).astype(np.int8), axis=1, prepend=0, append=0)
        begun, ended = (np.argwhere(edges.transpose(0, 2, 1) == sign) for sign in (1, -1))
        columns = (begun[:, 0].astype(str), begun[:, 2] / RATE, ended[:, 2] / RATE, begun[:, 1].astype(str))
        judge.add_operating_point(pd.DataFrame(dict(zip(names, columns, strict=True))))
    return float(judge.psds(criteria["alpha_ct"], criteria["alpha_st"], criteria["max_efpr"]).value)


def by_sed_scores_eval(data: Any, criteria: dict[str, float]) -> float:
    """The score over all thresholds."""
    from sed_scores_eval.base_modules.scores import create_score_dataframe
    from sed_scores_eval.intersection_based import psds

    clips, steps, classes = data["y_prob"].shape
    names = [f"c{k}" for k in range(classes)]
    moments = np.arange(steps + 1) / RATE
    scores = {str(k): create_score_dataframe(row, moments, names) for k, row in enumerate(data["y_prob"])}
    truth: dict[str, list[tuple[float, float, str]]] = {str(k): [] for k in range(clips)}
    for clip, start, stop, label in data["events"].tolist():
        truth[str(clip)].append((start / RATE, stop / RATE, names[label]))
    settings = dict(criteria, cttc_threshold=criteria["cttc_threshold"] if criteria["alpha_ct"] else None)
    lengths = dict.fromkeys(truth, steps / RATE)
    return float(psds(scores, truth, lengths, unit_of_time="hour", **settings)[0])


if __name__ == "__main__":
    main()
