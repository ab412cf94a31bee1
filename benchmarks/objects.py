"""How long it takes to find, match and judge the objects of images, and how that compares with other ways.

    python benchmarks/objects.py [--side 4096] [--objects 10000] [--peer PYTHON]

Discs of three classes against discs that are moved and resized, on half the area and on all of it; and noise, where
runs are two pixels long: nearly the worst case. SciPy labels one class at a time, and its pairs are counted by sorting
pixels. PYTHON is an interpreter with scikit-image 0.26, which labels all classes in one pass and has a contingency
table; it gets the same masks in the same run. Prints Markdown; for one core, run under ``taskset -c 0``.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

CLASSES = 4
THRESHOLDS = (10, 25, 50)


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--side", type=int, default=4096)
    parser.add_argument("--objects", type=int, default=10_000)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--peer", type=Path)
    parser.add_argument("--as-peer", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.as_peer:
        masks = np.load(options.as_peer)
        json.dump(best(lambda: by_scikit_image(masks["true"], masks["pred"]), options.repeats), sys.stdout)
        return
    true, pred = discs(options.side, options.objects)
    half = options.side // 2
    rng = np.random.default_rng(0)
    noise = rng.integers(0, 2, (2, options.side, options.side)).astype(np.uint8)
    growth({"discs, half": (true[:half], pred[:half]), "discs": (true, pred), "noise": (noise[0], noise[1])}, options)
    compare(true, pred, options)


def discs(side: int, objects: int) -> tuple[Any, Any]:
    """Two masks with a disc in each cell of a grid, of one class in both, elsewhere and of another size in each."""
    grid = round(objects**0.5)
    cell = side // grid
    rng = np.random.default_rng(0)
    label = rng.integers(1, CLASSES, (grid, grid)).astype(np.uint8)
    y, x = np.mgrid[:cell, :cell][:, None, :, None, :]
    masks = []
    for move in (0.1, 0.2):
        radius = cell * rng.uniform(0.25, 0.42, (grid, 1, grid, 1))
        down, right = cell / 2 + cell * rng.uniform(-move, move, (2, grid, 1, grid, 1))
        inside = (y - down) ** 2 + (x - right) ** 2 < radius**2
        mask = np.where(inside, label[:, None, :, None], np.uint8(0)).reshape(grid * cell, grid * cell)
        masks.append(np.pad(mask, (0, side - grid * cell)))
    return masks[0], masks[1]


def best(work: Callable[[], Any], repeats: int) -> tuple[float, Any]:
    """Least seconds, and the result."""
    seconds, result = np.inf, None
    for _ in range(repeats):
        begun = time.perf_counter()
        result = work()
        seconds = min(seconds, time.perf_counter() - begun)
    return seconds, result


def growth(masks: dict[str, tuple[Any, Any]], options: argparse.Namespace) -> None:
    """Seconds of the parts by kind and size of the images."""
    from segmend.core.labels import Labels
    from segmend.scoring.matching import maximum
    from segmend.scoring.objects import scene
    from segmend.scoring.panoptic import panoptic

    print(
        "| masks | pixels | reference | predicted | edges | objects and edges, s | matching, s | PQ, s | together, s |"
    )
    print("|---" * 9 + "|")
    for name, (true, pred) in masks.items():
        found, met = best(lambda t=true, p=pred: scene([t], [p], Labels.numbered(CLASSES)), options.repeats)
        alike = met.reference.label[met.edges.reference] == met.prediction.label[met.edges.prediction]
        same = met.edges.take(alike)
        matched, _ = best(lambda s=same: [maximum(s.take(s.reaching(k))) for k in THRESHOLDS], options.repeats)
        judged, _ = best(lambda m=met: panoptic(m), options.repeats)
        counts = " | ".join(f"{n:,}" for n in (true.size, len(met.reference), len(met.prediction), len(met.edges)))
        seconds = " | ".join(f"{value:.3f}" for value in (found, matched, judged, found + matched + judged))
        print(f"| {name} | {counts} | {seconds} |")


def compare(true: Any, pred: Any, options: argparse.Namespace) -> None:
    """Seconds beside those of other ways to objects, edges and panoptic counts, which must be the same."""
    rows = {
        name: best(lambda w=work: w(true, pred), options.repeats)
        for name, work in {"segmend": ours, "SciPy, class by class": by_scipy}.items()
    }
    if options.peer:
        with tempfile.TemporaryDirectory() as folder:
            masks = Path(folder) / "masks.npz"
            np.savez(masks, true=true, pred=pred)
            call = [options.peer, __file__, "--repeats", str(options.repeats), "--as-peer", masks]
            rows["scikit-image"] = tuple(json.loads(subprocess.run(call, check=True, capture_output=True).stdout))
    print("\n| objects, edges and PQ of the discs by | PQ pooled over classes | seconds | ratio |\n|---|---|---|---|")
    for name, (seconds, value) in rows.items():
        print(f"| {name} | {value:.9f} | {seconds:.3f} | {seconds / rows['segmend'][0]:.1f} |")


def ours(true: Any, pred: Any) -> float:
    """Panoptic quality by segmend."""
    from segmend.core.labels import Labels
    from segmend.scoring.objects import scene
    from segmend.scoring.panoptic import panoptic

    found = panoptic(scene([true], [pred], Labels.numbered(CLASSES)))
    return float(found.iou.sum() / (found.tp + (found.fp + found.fn) / 2).sum())


def by_scipy(true: Any, pred: Any) -> float:
    """Panoptic quality by a labelling for each class."""
    from scipy import ndimage

    total, halves = 0.0, 0.0
    for k in range(1, CLASSES):
        (left, references), (right, predictions) = (ndimage.label(side == k) for side in (true, pred))
        for side in (left, right):
            ndimage.find_objects(side)
        both = (left > 0) & (right > 0)
        code, shared = np.unique(left[both].astype(np.int64) * (predictions + 1) + right[both], return_counts=True)
        row, column = np.divmod(code, predictions + 1)
        union = np.bincount(left.ravel())[row] + np.bincount(right.ravel())[column] - shared
        total += float((shared / union)[2 * shared > union].sum())
        halves += (references + predictions) / 2
    return total / halves


def by_scikit_image(true: Any, pred: Any) -> float:
    """Panoptic quality by scikit-image's labelling of all classes and its contingency table."""
    from skimage.measure import label
    from skimage.metrics import contingency_table

    left, right = (label(side, background=0, connectivity=1) for side in (true, pred))
    table = contingency_table(left, right, sparse_type="array").tocoo()
    row, column = table.coords
    shared = np.asarray(table.data, np.int64)
    inside = (row > 0) & (column > 0)
    row, column, shared = row[inside], column[inside], shared[inside]
    union = np.bincount(left.ravel())[row] + np.bincount(right.ravel())[column] - shared
    names = [np.zeros(int(side.max()) + 1, mask.dtype) for side, mask in ((left, true), (right, pred))]
    names[0][left.ravel()], names[1][right.ravel()] = true.ravel(), pred.ravel()
    pairs = (2 * shared > union) & (names[0][row] == names[1][column])
    return float((shared / union)[pairs].sum() / ((left.max() + right.max()) / 2))


if __name__ == "__main__":
    main()
