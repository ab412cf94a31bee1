"""Networks of one plan trained on folds of people, beside as many seeds on one split.

    python -m benchmarks.folds SHARED/datasets [--only SET ...] [--networks 4] [--budget 45s] [--seeds 0]

"Seeds" is what plans do: all networks learn from the same recordings, and the same "val" chooses their epochs and the
decoder. On folds each network leaves out other groups of "train" and "val" together, which choose its epoch, and the
decoder is fitted to what each network says of the groups that it left out. Both average the networks' probabilities on
the test part, which nothing else sees. Prints Markdown: segment F1@50 and count MAE of the test part, decoded, and the
F1@50 that the validation promised.
"""

from __future__ import annotations

import argparse
import dataclasses
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

ROLES = ("val", "test")


def trained(data: Any, seed: int, budget: str) -> dict[str, Any]:
    """What one planned network says of each part, undecoded, with the plan's decoders and their objective."""
    import segmend
    from segmend.loading import load_predictions
    from segmend.pipeline.inputs.selection import part_of
    from segmend.pipeline.results.undecided import undecided

    with tempfile.TemporaryDirectory() as scratch:
        run = segmend.train(data, out=Path(scratch) / "run", budget=budget, seed=seed, overrides={"model.members": 1})
        said = undecided(load_predictions(Path(scratch) / "run"))
        parts = {role: in_memory(part_of(said, data.split[role])) for role in ROLES}
        return {**parts, "decoder": run.values.decoder}


def in_memory(prediction: Any) -> Any:
    """The same with its arrays read from their files."""
    columns = {key: getattr(prediction, key) for key in ("y_prob", "y_true", "y_pred")}
    return dataclasses.replace(prediction, **{key: tuple(map(np.array, rows)) for key, rows in columns.items()})


def folds(data: Any, number: int, seed: int) -> list[Any]:
    """The data with other groups of "train" and "val" as "val" each time."""
    known = [each for role in ("train", "val") for each in data.part(role)]
    groups = np.random.default_rng(seed).permutation(sorted({each.group for each in known}))
    split = []
    for held in np.array_split(groups, min(number, len(groups))):
        val = tuple(each.name for each in known if each.group in set(held))
        train = tuple(each.name for each in known if each.name not in val)
        split.append(dataclasses.replace(data, split={**data.split, "train": train, "val": val}))
    return split


def averaged(parts: Sequence[Any]) -> Any:
    """One prediction with the mean of the probabilities."""
    y_prob = tuple(np.mean([part.y_prob[k] for part in parts], axis=0) for k in range(len(parts[0].names)))
    return dataclasses.replace(parts[0], y_prob=y_prob)


def judged(val: Any, test: Any, decoder: Any) -> list[float]:
    """F1@50 and count MAE of the decoded test part, and the F1@50 of the validation."""
    from segmend.pipeline.runs.choose_decoder import choose_decoder
    from segmend.pipeline.runs.decoded import decode
    from segmend.scoring import score

    record = choose_decoder(val, decoder.candidates, decoder.objective)
    told, promised = (score(decode(part, record), edit=False) for part in (test, val))
    return [told["segment"]["f1@50"], told["count"]["mae"], promised["segment"]["f1@50"]]


def rows(data: Any, number: int, seed: int, budget: str) -> dict[str, list[float]]:
    """Both ways on one data set."""
    from segmend.pipeline.runs.decoded import joined

    plain = [trained(data, number * seed + k, budget) for k in range(number)]
    apart = [trained(each, number * seed + k, budget) for k, each in enumerate(folds(data, number, seed))]
    tests = [averaged([each["test"] for each in said]) for said in (plain, apart)]
    decoder = plain[0]["decoder"]
    return {
        f"{number} seeds on one split": judged(averaged([each["val"] for each in plain]), tests[0], decoder),
        f"{len(apart)} folds": judged(joined([each["val"] for each in apart]), tests[1], decoder),
    }


def main() -> None:
    """Print a row for each way, set and seed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("datasets", type=Path)
    parser.add_argument("--only", nargs="+", default=["gesture_phase", "watch_joined"])
    parser.add_argument("--networks", type=int, default=4)
    parser.add_argument("--budget", default="45s", help="of each network")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    options = parser.parse_args()
    os.environ.setdefault("KERAS_BACKEND", "jax")
    from benchmarks.recipes.data import split_of

    print("| set | seed | | test F1@50 | count MAE | validation F1@50 |\n|---|---|---|---:|---:|---:|")
    for name in options.only:
        data = split_of(name, options.datasets).data
        for seed in options.seeds:
            for way, figures in rows(data, options.networks, seed, options.budget).items():
                f1, mae, promised = figures
                print(f"| {name} | {seed} | {way} | {f1:.3f} | {mae:.2f} | {promised:.3f} |", flush=True)


if __name__ == "__main__":
    main()
