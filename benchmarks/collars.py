"""How long collar scores take, and how they compare with the packages that define them.

    python benchmarks/collars.py [--events 3000] [--peer PYTHON]

One recording of as many predicted as reference events of 10 classes, one after the other, at 16 Hz, where times in
seconds are exact. Each package is timed on one F1; "all scores" is what segmend reads at once (onset, offset and both,
error rate, signed errors, each class). mir_eval gets the class as pitch. PYTHON is an interpreter with sed_eval
0.2.1 and pyannote.metrics 4.2 (which matches the boundaries of segments, nearest first, whatever their class); it gets
the same events in the same run. Then up to 1,000,000 events. Prints Markdown.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

RATE, SECONDS, SHARE, CLASSES = 16.0, 0.2, 0.5, 10


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=3000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--peer", type=Path)
    parser.add_argument("--as-peer", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.as_peer:
        json.dump(peers(np.load(options.as_peer)), sys.stdout)
        return
    ours(events(10))
    compare(events(options.events), options.peer, options.repeats)
    growth(options.repeats)


def events(number: int, *, nested: bool = False) -> dict[str, Any]:
    """Both sides as (start, stop, class) rows: nine predictions in ten near a reference and of its class.

    Nested: lengths are drawn anew, up to several times the distance to the next event.
    """
    rng = np.random.default_rng(0)
    edges = np.cumsum(rng.integers(9, 60, 2 * number))
    sides = [edges.reshape(-1, 2), np.sort(edges + rng.integers(-4, 5, edges.size)).reshape(-1, 2)]
    label = rng.integers(1, CLASSES + 1, number)
    said = np.where(rng.random(number) < 0.9, label, rng.integers(1, CLASSES + 1, number))
    if nested:
        length = rng.integers(6, 400, number)
        sides[0][:, 1] = sides[0][:, 0] + length
        sides[1][:, 1] = sides[1][:, 0] + np.maximum(1, length + rng.integers(-80, 81, number))
    tables = (np.column_stack((*ends.T, classes)) for ends, classes in zip(sides, (label, said), strict=True))
    return dict(zip(("reference", "prediction"), tables, strict=True))


def best(work: Callable[[], Any], repeats: int) -> tuple[float, Any]:
    """Least seconds, and the result."""
    seconds, result = np.inf, None
    for _ in range(repeats):
        begun = time.perf_counter()
        result = work()
        seconds = min(seconds, time.perf_counter() - begun)
    return seconds, result


def items(data: dict[str, Any], *, blind: bool = False) -> list[Any]:
    """Both sides as segmend has them; blind: all events are of one class."""
    from segmend.scoring.items import Items

    columns = [(len(data[side]), *data[side].T) for side in ("reference", "prediction")]
    return [Items(np.zeros(n, np.int64), a, b, np.ones_like(c) if blind else c) for n, a, b, c in columns]


def ours(data: dict[str, Any], *, tolerance: float = SECONDS, blind: bool = False) -> dict[str, Any]:
    """All collar scores of segmend."""
    from segmend.core.labels import Labels
    from segmend.scoring.collars import Collar, collar_level, collar_tally

    sides = items(data, blind=blind)
    return collar_level(collar_tally(*sides, Collar(tolerance * RATE, SHARE), Labels.numbered(CLASSES + 1), 1))


def one_f1(data: dict[str, Any], *, onset_only: bool) -> float:
    """F1 of segmend: of onsets whatever the class, or of onset, offset and class."""
    from segmend.scoring.collars import Collar
    from segmend.scoring.collars.pairs import largest
    from segmend.scoring.collars.windows import field

    left, right = items(data, blind=onset_only)
    laid = field(left, right, Collar(SECONDS * RATE, SHARE), (left.label, right.label))
    pairs = largest(laid, "onset" if onset_only else "both")
    return 2 * len(pairs.reference) / (len(left) + len(right))


def by_mir_eval(data: dict[str, Any], *, onset_only: bool) -> float:
    """F1 of mir_eval: of onsets whatever the class, or of onset, offset and pitch."""
    from mir_eval import transcription

    sides = [data[side][:, :2] / RATE for side in ("reference", "prediction")]
    pitches = [100.0 * 2.0 ** data[side][:, 2] for side in ("reference", "prediction")]
    if onset_only:
        pairs = transcription.match_note_onsets(*sides, onset_tolerance=SECONDS)
    else:
        tolerances = {"onset_tolerance": SECONDS, "offset_ratio": SHARE, "offset_min_tolerance": SECONDS}
        pairs = transcription.match_notes(sides[0], pitches[0], sides[1], pitches[1], **tolerances)
    return 2 * len(pairs) / (len(sides[0]) + len(sides[1]))


def compare(data: dict[str, Any], python: Path | None, repeats: int) -> None:
    """Seconds and values beside those of the peers."""
    scores = {"both, by class": ("both", False), "onset, any class": ("onset", True)}
    told: dict[str, list[Any]] = {}
    for name, (condition, only) in scores.items():
        every = best(lambda c=condition, only=only: ours(data, blind=only)[c]["f1"], 10 * repeats)
        one = best(lambda only=only: one_f1(data, onset_only=only), 10 * repeats)
        peer = best(lambda only=only: by_mir_eval(data, onset_only=only), repeats)
        told[name] = [("segmend", *one), ("segmend, all scores", *every), ("mir_eval", *peer)]
    if python:
        with tempfile.TemporaryDirectory() as folder:
            arrays = Path(folder) / "arrays.npz"
            np.savez(arrays, **data)
            run = subprocess.run([python, __file__, "--as-peer", arrays], check=True, capture_output=True, text=True)
        for name, (package, seconds, value) in zip(told, json.loads(run.stdout), strict=True):
            told[name].append((package, seconds, value))
    print(f"{len(data['reference']):,} events\n\n| score | package | F1 | seconds | ratio |\n|---|---|---|---|---|")
    for name, rows in told.items():
        for package, seconds, value in rows:
            print(f"| {name} | {package} | {value:.6f} | {seconds:.5f} | {seconds / rows[0][1]:,.1f} |")


def peers(data: Any) -> list[tuple[str, float, float]]:
    """What the packages of the other interpreter say: package, seconds (one run each) and F1."""
    import warnings

    warnings.simplefilter("ignore")
    found = {"sed_eval": best(lambda: by_sed_eval(data), 1), "pyannote.metrics": best(lambda: by_pyannote(data), 1)}
    return [(package, *result) for package, result in found.items()]


def by_sed_eval(data: Any) -> float:
    """F1 of sed_eval, of onset and offset."""
    import dcase_util
    import sed_eval

    sides = [
        dcase_util.containers.MetaDataContainer(
            [
                {"event_onset": start / RATE, "event_offset": stop / RATE, "event_label": f"c{label}", "file": "a"}
                for start, stop, label in data[side].tolist()
            ]
        )
        for side in ("reference", "prediction")
    ]
    names = [f"c{label}" for label in range(1, CLASSES + 1)]
    judge = sed_eval.sound_event.EventBasedMetrics(names, t_collar=SECONDS, percentage_of_length=SHARE)
    return judge.evaluate(*sides).results_overall_metrics()["f_measure"]["f_measure"]


def by_pyannote(data: Any) -> float:
    """F1 of the boundaries of segments that end where an event begins; the last segment's end is no boundary."""
    from pyannote.core import Segment, Timeline
    from pyannote.metrics.segmentation import SegmentationPrecision, SegmentationRecall

    sides = []
    for side in ("reference", "prediction"):
        moments = [-1.0, *(data[side][:, 0] / RATE).tolist(), float(data[side][-1, 1])]
        sides.append(Timeline([Segment(a, b) for a, b in pairwise(moments)]))
    precision, recall = (kind(tolerance=SECONDS)(*sides) for kind in (SegmentationPrecision, SegmentationRecall))
    return 2 * precision * recall / (precision + recall)


def growth(repeats: int) -> None:
    """Seconds by size: runs, events that lie within others, and all of a class within one collar."""
    print("\n| events | runs, s | nested, s | one collar, s | most memory so far, MiB |\n|---|---|---|---|---|")
    for number in (250_000, 500_000, 1_000_000):
        data, nested = events(number), events(number, nested=True)
        seconds = [
            best(lambda d=d, t=t: ours(d, tolerance=t), repeats)[0]
            for d, t in ((data, SECONDS), (nested, SECONDS), (nested, 1e8))
        ]
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(f"| {number:,} | {' | '.join(f'{each:.2f}' for each in seconds)} | {memory:,} |", flush=True)


if __name__ == "__main__":
    main()
