"""Does a loss earn its place? The planned network trained with the plan's loss and with each candidate, seed by seed.

    python benchmarks/ablation_losses.py SHARED/datasets/ludb ... [--budget 60s] [--steps N] [--losses NAME ...]
        [--seeds 0 1 2] [--annotations FILE]

A candidate is added to the plan's loss (``+ 0.1 transition_count``) or takes the place of its cross-entropy (``ldam in
the place of cross_entropy``) or of its Dice. Everything else is what ``segmend.train`` does: split, plan, initial
weights, windows, decoder, all by the seed. The budget is of the clock, so that a loss that costs more has fewer steps;
``--steps`` bounds them too, which a busy machine does not change if the budget is ample. Test scores, argmax-decoded
and decoded: segment F1@50 and the mean absolute error of the count. Differences are against the plan's loss on the same
seed, the mean over seeds, with the standard error where there are three or more. Candidates that do not serve a task
are left out. Prints Markdown.
"""

from __future__ import annotations

import argparse
import contextlib
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np

import segmend
from segmend import catalogue, losses
from segmend.core.truth import truths
from segmend.pipeline.runs import translate
from segmend.pipeline.runs.splits import with_split

ADDED: dict[str, tuple[float, Callable[[Mapping[str, Any]], Any]]] = {
    "transition_count": (0.1, lambda of: losses.TransitionCount(**of)),
    "topological": (0.1, lambda of: losses.Topological(**of)),
    "boundary": (1.0, lambda of: losses.Boundary(multilabel=of["multilabel"])),
    "smoothness": (0.15, lambda of: losses.Smoothness()),
}
"""Factor, and the loss for a task: {"background": number or None, "multilabel": bool}."""

ENTROPY: dict[str, Callable[[Any, Sequence[float]], Any]] = {
    "generalised_cross_entropy": lambda was, counts: losses.GeneralisedCrossEntropy(class_weight=was.class_weight),
    "boundary_tolerant": lambda was, counts: losses.BoundaryTolerant(class_weight=was.class_weight),
    "focal": lambda was, counts: losses.Focal(class_weight=was.class_weight, multilabel=was.multilabel),
    "ldam": lambda was, counts: losses.LDAM(counts),
    "asymmetric": lambda was, counts: losses.Asymmetric(class_weight=was.class_weight),
}
"""What takes the place of the cross-entropy, from it and the training steps of each class."""

MULTILABEL = {"smoothness": False, "generalised_cross_entropy": False, "boundary_tolerant": False, "ldam": False}
MULTILABEL |= {"asymmetric": True}
"""Losses that serve one kind of labels only, and which."""

CANDIDATES = (*ADDED, *ENTROPY, "lovasz")
SCORES = ("argmax F1@50", "decoded F1@50", "argmax count MAE", "decoded count MAE")


def with_candidate(name: str, planned: Any, counts: Sequence[float], background: int | None, multilabel: bool) -> Any:
    """The plan's loss, changed by a candidate."""
    if name in ADDED:
        factor, make = ADDED[name]
        return planned + factor * make({"background": background, "multilabel": multilabel})
    if name in ENTROPY:
        was = (losses.BinaryCrossEntropy, losses.CrossEntropy)
        return losses.Sum([(f, ENTROPY[name](p, counts) if isinstance(p, was) else p) for f, p in planned.parts])
    lovasz = losses.Lovasz(multilabel=multilabel)
    return losses.Sum([(f, lovasz if isinstance(p, losses.Dice) else p) for f, p in planned.parts])


def serves(name: str, task: Any) -> bool:
    """Whether a candidate is defined for a task."""
    if MULTILABEL.get(name, task.labels == "multilabel") != (task.labels == "multilabel"):
        return False
    ranks = catalogue.resolve("losses", name).ranks
    return task.kind == "segmentation" and (ranks is None or task.rank in ranks)


@contextlib.contextmanager
def training_with(name: str | None, data: Any) -> Iterator[None]:
    """Trainings inside use the plan's loss with a candidate, or as it is where that is None."""
    multilabel = data.task.labels == "multilabel"
    y_true = truths(data.part("train"), data.task, data.labels)
    counts = np.zeros(len(data.labels))
    if not multilabel:
        for labels in y_true:
            counts += np.bincount(labels[labels >= 0], minlength=counts.size)
    usual = translate.loss_of

    def loss_of(values: Any, task: Any, **options: Any) -> Any:
        planned = usual(values, task, **options)
        if name is None:
            return planned
        return with_candidate(name, planned, np.maximum(counts, 1).tolist(), data.labels.background, multilabel)

    with mock.patch.object(translate, "loss_of", loss_of):
        yield


def scores_of(name: str | None, data: Any, seed: int, budget: str, steps: int | None) -> tuple[list[float], int]:
    """Test scores in the order of ``SCORES``, and the epochs of one training."""
    overrides = {} if steps is None else {"training.steps": steps}
    with tempfile.TemporaryDirectory() as folder, training_with(name, data):
        run = segmend.train(data, out=Path(folder) / "run", budget=budget, seed=seed, overrides=overrides)
        said = run.scores["test"]
        epochs = len(next(iter(run.history.columns.values())))
    ways = ("argmax", "decoded")
    f1, mae = [said[way]["segment"]["f1@50"] for way in ways], [said[way]["count"]["mae"] for way in ways]
    return [*map(float, f1 + mae)], epochs


def row(name: str, found: np.ndarray, planned: np.ndarray, epochs: list[int], seconds: float) -> str:
    """A row of the table: means over seeds, of differences where it is a candidate."""
    values = found if name == "the plan's loss" else found - planned
    cells = []
    for k in range(len(SCORES)):
        cell = f"{values[:, k].mean():{'.3f' if values is found else '+.3f'}}"
        if values is not found and len(values) >= 3:
            cell += f" ± {values[:, k].std(ddof=1) / np.sqrt(len(values)):.3f}"
        cells.append(cell)
    return f"| {name} | {' | '.join(cells)} | {np.mean(epochs):.0f} | {seconds:.0f} |"


def title_of(name: str | None) -> str:
    """What the table calls a candidate."""
    if name is None:
        return "the plan's loss"
    if name in ADDED:
        return f"+ {ADDED[name][0]:g} {name}"
    return f"{name} in the place of {'dice' if name == 'lovasz' else 'cross_entropy'}"


def main() -> None:
    """Print a table for each data set."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--budget", default="60s", help="of each training")
    parser.add_argument("--steps", type=int, help="of each training, at most")
    parser.add_argument("--losses", nargs="+", choices=CANDIDATES, default=CANDIDATES)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--annotations", help="a file in the place of annotations.csv")
    options = parser.parse_args()
    for folder in options.folders:
        data = segmend.load(folder, annotations=options.annotations)
        parts = [with_split(data, share=0.2, seed=seed, say=lambda line: None) for seed in options.seeds]
        print(f"\n### {folder.name}: seeds {options.seeds}, {options.budget} for each training\n")
        print(f"| loss | {' | '.join(SCORES)} | epochs | seconds |\n|---|{'---:|' * (len(SCORES) + 2)}")
        planned = np.zeros((len(parts), len(SCORES)))
        for name in (None, *(name for name in options.losses if serves(name, data.task))):
            began = time.perf_counter()
            every = [
                scores_of(name, part, seed, options.budget, options.steps)
                for part, seed in zip(parts, options.seeds, strict=True)
            ]
            found = np.array([scores for scores, _ in every])
            planned = found if name is None else planned
            epochs = [epochs for _, epochs in every]
            print(row(title_of(name), found, planned, epochs, time.perf_counter() - began), flush=True)


if __name__ == "__main__":
    main()
