"""How many steps of people never seen are counted: oxford_steps, leave one person out.

    python benchmarks/walking.py SHARED/datasets/oxford_steps [--budget 3m] [--objective OBJECTIVE]

For each of the three people a network is planned and trained on the other two (``segmend.train``, validation on whole
recordings of theirs), and its decoder is fitted on validation alone. Counted share of a recording: 1 - |predicted -
true| / true, the mean over the person's recordings; published for these recordings with a tuned peak detector: 0.95
(Salvi et al., EMBC 2018). The walks on carpet are marked with fewer steps than were walked (see the data's notes), so
means without them stand beside. Prints Markdown.
"""

from __future__ import annotations

import argparse
import dataclasses
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

import segmend
from segmend.loading import load_predictions
from segmend.pipeline.results.undecided import undecided

OBJECTIVE = "segment_f1@50 - 0.05*count_mae"
VALIDATION = 5
"""One in so many recordings of each person chooses the epoch and fits the decoder."""


def person_of(recording: Any) -> str:
    """The person who walked, from the recording's name."""
    return str(recording.name.split("_")[2])


def without(data: Any, person: str, seed: int) -> Any:
    """The data with a person as the part "test"; the others' recordings are dealt into train and val."""
    others = [each for each in data.recordings if person_of(each) != person]
    order = np.random.default_rng(seed).permutation(len(others))
    ranked = sorted(order.tolist(), key=lambda k: person_of(others[k]))
    val = {others[k].name for k in ranked[::VALIDATION]}
    split = {
        "train": tuple(each.name for each in others if each.name not in val),
        "val": tuple(each.name for each in others if each.name in val),
        "test": tuple(each.name for each in data.recordings if person_of(each) == person),
    }
    recordings = tuple(dataclasses.replace(each, group=each.name) for each in data.recordings)
    return dataclasses.replace(data, recordings=recordings, split=split)


def shares(prediction: Any, names: Sequence[str]) -> dict[str, float]:
    """Counted share of each recording."""
    place = {name: k for k, name in enumerate(prediction.names)}
    found = {}
    for name in names:
        k = place[name]
        true, said = (int((np.diff(rows[k], prepend=0) == 1).sum()) for rows in (prediction.y_true, prediction.y_pred))
        found[name] = 1 - abs(said - true) / true
    return found


def main() -> None:
    """Print a row for each person, and the means."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--budget", default="3m", help="of each training")
    parser.add_argument("--objective", default=OBJECTIVE)
    parser.add_argument("--decoders", nargs="+", help="candidates in the place of the planned ones")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--people", nargs="+")
    options = parser.parse_args()
    data = segmend.load(options.folder, annotations="annotations_step.csv")
    people = options.people or sorted({person_of(each) for each in data.recordings})
    print("| person | recordings | argmax | decoded | without carpet | F1@50 | seconds |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    every: dict[str, float] = {}
    for person in people:
        began = time.perf_counter()
        part = without(data, person, options.seed)
        with tempfile.TemporaryDirectory() as folder:
            overrides: dict[str, Any] = {"decoder.objective": options.objective}
            if options.decoders:
                overrides["decoder.candidates"] = options.decoders
            run = segmend.train(
                part, out=Path(folder) / "run", budget=options.budget, seed=options.seed, overrides=overrides
            )
            names = part.split["test"]
            said = load_predictions(Path(folder) / "run")
            decoded, plain = shares(said, names), shares(undecided(said), names)
            name = run.decoder.name
            f1 = run.scores["test"]["decoded"]["segment"]["f1@50"]
        every |= decoded
        counted = map(mean, (plain, decoded, hard(decoded)))
        cells = [len(names), *counted, f"{f1:.3f}", f"{time.perf_counter() - began:.0f}"]
        print(f"| {person} ({name}) | {' | '.join(map(str, cells))} |", flush=True)
    print(f"| all | {len(every)} | | {mean(every)} | {mean(hard(every))} | | |")


def hard(found: dict[str, float]) -> dict[str, float]:
    """Without the walks on carpet."""
    return {name: share for name, share in found.items() if "Carpet" not in name}


def mean(found: dict[str, float]) -> str:
    """The mean over recordings."""
    return f"{np.mean(list(found.values())):.3f}" if found else "-"


if __name__ == "__main__":
    main()
