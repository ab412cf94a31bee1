"""What sharpening does to the soft number of segments of ``TransitionCount``, on predictions that others published.

    python benchmarks/soft_counts.py SHARED/predictions/50salads_mid

For each network and sharpness: how far the soft number of a class in a recording is from the number that the argmax
shows, on average, and the slopes of the soft numbers, summed over the logits of a recording (sizes). Prints Markdown.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

MODELS = ("ed_tcn", "dilated_tcn", "tcnn")
"""Those whose scores are probabilities."""

SHARPNESS = (0.5, 1.0, 2.0, 4.0, 8.0)


def sharpened(prob: np.ndarray, power: float) -> np.ndarray:
    """Probabilities to a power that add up to 1 again, shape (steps, classes)."""
    raised = np.clip(prob, 1e-7, 1) ** power
    return raised / raised.sum(axis=1, keepdims=True)


def rises(share: np.ndarray) -> np.ndarray:
    """What each class rises by in all, shape (classes,)."""
    return np.maximum(np.diff(share, axis=0, prepend=0), 0).sum(axis=0)


def slopes(share: np.ndarray, power: float) -> float:
    """Slopes of the number of all classes together, by the logits, summed in size."""
    up = (np.diff(share, axis=0, prepend=0) > 0).astype(float)
    by_share = up - np.append(up[1:], np.zeros((1, up.shape[1])), axis=0)
    by_logit = power * share * (by_share - (by_share * share).sum(axis=1, keepdims=True))
    return float(np.abs(by_logit).sum())


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    print("| network | sharpness | soft number to argmax's, off by | slopes |\n|---|---:|---:|---:|")
    for model in MODELS:
        every = [np.load(file).astype(float) for file in sorted((folder / model / "scores").glob("*.npy"))]
        for power in SHARPNESS:
            soft = [sharpened(prob, power) for prob in every]
            hard = [np.eye(prob.shape[1])[prob.argmax(axis=1)] for prob in every]
            off = np.mean([np.abs(rises(one) - rises(other)).mean() for one, other in zip(soft, hard, strict=True)])
            print(f"| {model} | {power:g} | {off:.2f} | {np.mean([slopes(share, power) for share in soft]):.1f} |")


if __name__ == "__main__":
    main()
