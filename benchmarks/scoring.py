"""How long scoring takes and how it grows; and the published 50Salads table, recomputed.

    python benchmarks/scoring.py [--segments 1000000] [--shared FOLDER]

One recording of random runs against another: every level, F1 at three thresholds, kinds of error, counts and the oracle
ladder; the edit score is off, being the one part that is not linear. Prints Markdown.
"""

from __future__ import annotations

import argparse
import os
import time
from pathlib import Path

import numpy as np

from segmend.artifacts.prediction import Prediction
from segmend.core.labels import Labels
from segmend.core.types import IntArray
from segmend.loading import load_predictions
from segmend.scoring import score
from segmend.scoring.oracle import ladder

CLASSES = 4
PUBLISHED = {
    "ed_tcn": (68.0, 63.9, 52.6, 59.8, 64.7, 1.20, 4.4),
    "dilated_tcn": (52.2, 47.6, 37.4, 43.1, 59.3, 1.98, 17.6),
    "tcnn": (55.9, 49.6, 37.1, 46.0, 59.5, 1.45, 8.5),
    "frame_svm": (28.7, 22.7, 15.4, 21.4, 54.9, 4.13, 56.1),
}
COLUMNS = ("F1@10", "F1@25", "F1@50", "edit", "accuracy", "count ratio", "count MAE")


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--segments", type=int, default=1_000_000)
    parser.add_argument("--repeats", type=int, default=3)
    default = os.environ.get("SEGMEND_SHARED", str(Path(__file__).parents[2] / "shared"))
    parser.add_argument("--shared", type=Path, default=Path(default))
    options = parser.parse_args()
    speed(options.segments, options.repeats)
    published(options.shared / "predictions" / "50salads_mid")


def speed(segments: int, repeats: int) -> None:
    """Seconds (the best of a few) at half and at full size, for predictions that resemble the truth and that do not."""
    print(
        "| prediction | reference segments | predicted segments | steps | score, s | oracle ladder, s | together, s |"
    )
    print("|---|---|---|---|---|---|---|")
    for name, make in (("random", unlike), ("perturbed", like)):
        seconds = []
        for size in (segments // 2, segments):
            true, pred = make(size, np.random.default_rng(0))
            scored, laddered, counts = timed(true, pred, repeats)
            seconds.append(scored + laddered)
            print(f"| {name} | {counts} | {true.size:,} | {scored:.2f} | {laddered:.2f} | {seconds[-1]:.2f} |")
        print(f"| {name}: growth from half the size | | | | | | {seconds[1] / seconds[0]:.2f} times |")


def timed(true: IntArray, pred: IntArray, repeats: int) -> tuple[float, float, str]:
    """Best seconds of scoring and of the ladder, and the two numbers of segments."""
    labels = Labels.numbered(CLASSES)
    prediction = Prediction(names=("one",), labels=labels, y_true=(true,), y_pred=(pred,))
    scored, laddered = [], []
    for _ in range(repeats):
        begin = time.perf_counter()
        count = score(prediction, edit=False)["count"]
        between = time.perf_counter()
        ladder([true], [pred], labels)
        scored.append(between - begin)
        laddered.append(time.perf_counter() - between)
    return min(scored), min(laddered), f"{count['reference']:,} | {count['predicted']:,}"


def runs(segments: int, rng: np.random.Generator) -> IntArray:
    """Exactly so many segments of 1 to 7 steps, with gaps of 1 to 7 steps between."""
    label = np.zeros(2 * segments, np.int64)
    label[1::2] = rng.integers(1, CLASSES, segments)
    return np.repeat(label, rng.integers(1, 8, 2 * segments))


def unlike(segments: int, rng: np.random.Generator) -> tuple[IntArray, IntArray]:
    """Two recordings that have nothing to do with each other; the shorter one ends in background."""
    sides = [runs(segments, rng) for _ in range(2)]
    steps = max(map(len, sides))
    true, pred = (np.pad(side, (0, steps - len(side))) for side in sides)
    return true, pred


def like(segments: int, rng: np.random.Generator) -> tuple[IntArray, IntArray]:
    """The truth, one step late, with 5 % of its steps replaced: more segments than there are."""
    true = runs(segments, rng)
    pred = np.roll(true, 1)
    wrong = rng.random(true.size) < 0.05
    pred[wrong] = rng.integers(0, CLASSES, int(wrong.sum()))
    return true, pred


def published(folder: Path) -> None:
    """Scores of the authors' own predictions under their conventions, beside what they printed."""
    if not folder.is_dir():
        print(f"\n{folder} is not here: no published table")
        return
    print(f"\n50Salads, preset lea: computed (printed)\n\n| model | {' | '.join(COLUMNS)} |")
    print("|---" * (len(COLUMNS) + 1) + "|")
    for model, printed in PUBLISHED.items():
        found = score(load_predictions(folder / model), preset="lea")
        segment, count = found["segment"], found["count"]
        values = [*(segment[key] for key in ("f1@10", "f1@25", "f1@50", "edit")), found["step"]["accuracy"]]
        digits = (1, 1, 1, 1, 1, 2, 1)
        cells = [
            f"{value:.{places}f} ({stated:.{places}f})"
            for value, stated, places in zip([*values, count["ratio"], count["mae"]], printed, digits, strict=True)
        ]
        print(f"| {model} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
