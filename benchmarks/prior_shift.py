"""Class frequencies of a new site, estimated without labels: what ``prior_shift`` makes of real shifts.

    python -m benchmarks.prior_shift SHARED [--only NAME ...] [--budget 60s] [--seed 0]

Decoders are fitted on recordings of one place (objective: macro F1) and decode a site whose classes have other shares:
another room (rfid_bedroom), or recordings of "test" that are picked so that the shares differ: of finch_gy6or6, ludb
and 50salads_mid (published predictions, four splits fitted, the fifth decoded) the half that has most of the class
whose share varies most, of bccd_cells every image of the rarest class and one in ten of the others. "each" is
``prior_shift`` of each recording by itself, "site" of all recordings of the site together; ``logit_adjustment`` has
the same calibration and no frequencies of the site. The unchanged test part stands beside each. Shares are off by half
the sum of absolute differences from the true ones of the site: those of the fitted recordings, and those that were
estimated. Prints Markdown.
"""

from __future__ import annotations

import argparse
import dataclasses
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from segmend import decoding, train
from segmend.artifacts.prediction import Prediction
from segmend.core.labels import IGNORE
from segmend.loading import load_predictions
from segmend.pipeline.inputs.probabilities import with_probabilities
from segmend.pipeline.inputs.selection import part_of
from segmend.scoring import score
from segmend.scoring.objective import parse

SETS = ("rfid_bedroom", "finch_gy6or6", "ludb", "bccd_cells")
PUBLISHED = ("ed_tcn", "frame_svm")
THIN = 10
OBJECTIVE = parse("macro_f1")

HEAD = """
| set | site | recordings | shares off: fitted | estimated | macro F1: argmax | logit_adjustment | each | site \
| F1@50: argmax | logit_adjustment | each | site |
|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|"""


def shares(prediction: Prediction) -> np.ndarray:
    """Share of each class in what is judged, shape (classes,)."""
    true = np.concatenate([np.ravel(rows) for rows in prediction.y_true or ()])
    count = np.bincount(true[true != IGNORE], minlength=len(prediction.labels))
    return count / count.sum()


def off(first: np.ndarray, second: np.ndarray) -> float:
    """Half the sum of absolute differences."""
    return float(np.abs(first - second).sum() / 2)


def skewed(prediction: Prediction) -> list[str]:
    """Names of recordings whose classes together have other shares than all have."""
    if prediction.rank == 0:
        true = np.array([int(rows) for rows in prediction.y_true or ()])
        rarest = int(np.argmin(np.bincount(true)))
        kept = [k for k in range(len(true)) if true[k] == rarest or k % THIN == 0]
        return [prediction.names[k] for k in kept]
    each = np.stack([shares(part_of(prediction, [name])) for name in prediction.names])
    order = np.argsort(-each[:, each.std(axis=0).argmax()], kind="stable")
    return [prediction.names[k] for k in order[: (len(order) + 1) // 2]]


def answers(known: Prediction, site: Prediction) -> tuple[dict[str, list[np.ndarray]], np.ndarray]:
    """Labels of the site by each decoder, and the frequencies that were estimated there."""
    common = {"labels": known.labels, "groups": known.groups or known.names, "objective": OBJECTIVE, "task": known.task}
    decoders = {
        name: decoding.restore(decoding.fit(name, known.y_prob, known.y_true, **common))
        for name in ("argmax", "logit_adjustment", "prior_shift")
    }
    judged = [
        rows[np.asarray(true) != IGNORE] if site.rank else rows
        for rows, true in zip(site.y_prob, site.y_true, strict=True)
    ]
    adapted = decoders["prior_shift"].adapted(judged)
    decoders = {**decoders, "site": adapted}
    pairs = list(zip(site.y_prob, site.y_true, strict=True))
    found = {
        name: [each.decode_judged(rows, true) if site.rank else each.decode(rows) for rows, true in pairs]
        for name, each in decoders.items()
    }
    return found, adapted.site


def figures(site: Prediction, found: dict[str, list[np.ndarray]]) -> list[str]:
    """Macro F1 and segment F1@50 of each decoder."""
    scored = [score(dataclasses.replace(site, y_pred=tuple(labels)), edit=False) for labels in found.values()]
    steps = [f"{one['step']['macro_f1']:.3f}" for one in scored]
    return [*steps, *("-" if site.rank == 0 else f"{one['segment']['f1@50']:.3f}" for one in scored)]


def row(name: str, told: str, cases: Sequence[tuple[Prediction, Prediction]]) -> str:
    """One line: sites of one kind, each decoded by what was fitted on its own known recordings, and judged together."""
    decoded: dict[str, list[np.ndarray]] = {}
    before, after, names = [], [], []
    for known, site in cases:
        found, estimated = answers(known, site)
        for key, labels in found.items():
            decoded.setdefault(key, []).extend(labels)
        names += site.names
        before.append(off(shares(known), shares(site)))
        after.append(off(estimated, shares(site)))
    every = joined([site for _, site in cases])
    cells = [name, told, str(len(names)), f"{np.mean(before):.3f}", f"{np.mean(after):.3f}", *figures(every, decoded)]
    return f"| {' | '.join(cells)} |"


def joined(parts: Sequence[Prediction]) -> Prediction:
    """Sites one after the other."""
    first = parts[0]
    columns = {
        key: tuple(each for part in parts for each in getattr(part, key))
        for key in ("names", "y_true", "y_pred", "y_prob")
    }
    return dataclasses.replace(first, **columns, groups=(), splits={}, reference=None)


def of_set(folder: Path, budget: str, seed: int) -> Iterator[str]:
    """The lines of one data set, of which a network is trained first."""
    with tempfile.TemporaryDirectory() as place, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        run = train(folder, out=Path(place) / "run", budget=budget, seed=seed)
        prediction = load_predictions(run.path)
        parts = {role: part_of(prediction, names) for role, names in prediction.splits.items()}
        known = parts["val"]
        yield row(folder.name, "test", [(known, parts["test"])])
        if "test_room2" in parts:
            yield row(folder.name, "another room", [(known, parts["test_room2"])])
        yield row(folder.name, "test, picked", [(known, part_of(parts["test"], skewed(parts["test"])))])


def of_published(folder: Path) -> Iterator[str]:
    """The lines of one model's published predictions: each split a site."""
    prediction, _ = with_probabilities(load_predictions(folder))
    every, picked = [], []
    for names in prediction.splits.values():
        known = part_of(prediction, [name for name in prediction.names if name not in names])
        site = part_of(prediction, names)
        every.append((known, site))
        picked.append((known, part_of(site, skewed(site))))
    yield row(f"50salads_mid, {folder.name}", "each split", every)
    yield row(f"50salads_mid, {folder.name}", "each split, picked", picked)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shared", type=Path)
    parser.add_argument("--only", nargs="+", default=(*SETS, "50salads_mid"))
    parser.add_argument("--budget", default="60s")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    print(HEAD)
    for name in SETS:
        if name in options.only:
            for line in of_set(options.shared / "datasets" / name, options.budget, options.seed):
                print(line, flush=True)
    for model in PUBLISHED if "50salads_mid" in options.only else ():
        for line in of_published(options.shared / "predictions" / "50salads_mid" / model):
            print(line, flush=True)


if __name__ == "__main__":
    main()
