"""Models with a fault in them, mended: how near they come to one that was trained right from the start, and how soon.

    python -m benchmarks.broken SHARED/datasets [--only NAME ...] [--faults NAME ...] [--seeds 1] [--budget 60s]
        [--whole-control] [--json FILE]

On windows of five data sets a program is trained once as it should be, and once with each of five faults: a field of
one step, Keras' Dice pooled over classes, no weights and so few epochs that rare classes are not found, softmax twice,
and a rate so high that one class is all it answers. Each faulty one goes through ``mend`` with its training data and
its validation data (another part of the data set), whole recordings held out in turn; "right" is the argmax of the
healthy program on the same validation data, and its "mended" what decoders make of it in the same time. A budget leaves
the random remedies less time than the trials took; with --whole-control they have as much, beyond the budget, so that
trainings are drawn among them. Prints Markdown; with --json, what was measured is written too and read back by a later
run, which goes on where it stopped.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import json
import time
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any
from unittest import mock

import keras
from benchmarks.faults import data as faulty
from benchmarks.faults import training
from benchmarks.faults.data import Cut, Subset, subset
from benchmarks.faults.recipe import HEALTHY, Recipe

import segmend
from segmend.pipeline.trials import loop, mend_diagnosed
from segmend.scoring import score

OBJECTIVE = "segment_f1@50"
NEAR = 0.02
"""How far below the healthy program counts as mended."""

faulty.CUTS |= {
    "rfid_bedroom": Cut(length=256, most=8),
    "gesture_phase": Cut(length=256, most=6),
}

PROGRAMS: dict[str, Recipe] = {
    "ludb": HEALTHY["ludb"]["tcn"],
    "finch_gy6or6": HEALTHY["finch_gy6or6"]["tcn"],
    "rfid_bedroom": Recipe(epochs=20),
    "gesture_phase": Recipe(filters=32, epochs=40, batch=4),
    "dsb_nuclei": HEALTHY["dsb_nuclei"]["unet"],
}


FAULTS: dict[str, dict[str, Any]] = {
    "field too short": {"dilations": (), "kernel": 1, "net": "tcn"},
    "pooled Dice": {"loss": "dice", "metrics": ("accuracy",)},
    "no weights": {"epochs": 2, "learning_rate": 1e-3, "best": False},
    "softmax twice": {"loss": "cross_entropy_of_logits"},
    "collapsed": {"learning_rate": 1.0, "normalised": False, "best": False, "epochs": 6},
}

HEAD = """
### {name}, seed {seed}: {train} training windows, {val} judged ones of {groups} recordings

| | before | mended | kept | beside right, mended | count MAE | random ones beaten | within 2 points | seconds |
|---|---:|---:|---|---:|---:|---:|---|---:|"""


def recipes(name: str) -> dict[str, Recipe]:
    """The healthy program of a data set, "right", and the faulty ones."""
    right = PROGRAMS[name]
    return {"right": right, **{fault: dataclasses.replace(right, **changes) for fault, changes in FAULTS.items()}}


def measured(data: Subset, recipe: Recipe, seed: int, budget: str, *, decode: bool) -> dict[str, Any]:
    """Train a program, mend it, and say what came of both.

    Args:
        data: windows.
        recipe: the program.
        seed: of weights, order and folds.
        budget: of ``mend``.
        decode: only decoders are tried.
    """
    model = training.compiled(recipe, data, seed)
    _, trained = training.fit(model, recipe, data)
    common: dict[str, Any] = {"labels": names(data), "background": data.background, "task": data.task, "seed": seed}
    began = time.perf_counter()
    if decode:
        y_prob = model.predict(data.val.x, verbose=0)
        groups = list(data.val.groups)
        mended = segmend.mend(y_true=data.val.y, y_prob=y_prob, groups=groups, budget=budget, **common)
    else:
        mended = segmend.mend(
            model,
            data.train.x,
            data.train.y,
            validation_data=(data.val.x, data.val.y),
            groups=list(data.train.groups),
            validation_groups=list(data.val.groups),
            objective=OBJECTIVE,
            budget=budget,
            unsafe=True,
            **common,
        )
    seconds = time.perf_counter() - began
    certificate = mended.certificate
    outcome = certificate.outcome
    before = outcome.before if outcome else certificate.tried[0].before if certificate.tried else figures(mended)
    after = outcome.after if outcome and certificate.chosen else before
    return {
        "before": before["objective"],
        "after": after["objective"],
        "count_mae": [before["count_mae"], after["count_mae"]],
        "verdict": certificate.verdict,
        "chosen": certificate.chosen,
        "beaten": certificate.control.get("beaten_share"),
        "drawn": certificate.control.get("drawn"),
        "drawn_trained": certificate.control.get("trained"),
        "trained_s": trained,
        "seconds": seconds,
    }


def figures(mended: Any) -> Mapping[str, Any]:
    """Scores of what was not mended at all."""
    scores = score(mended.prediction).to_dict()
    return {"objective": scores["segment"]["f1@50"], "count_mae": scores["count"]["mae"]}


def names(data: Subset) -> list[str]:
    """Class names as ``mend`` takes them, without the background's."""
    return [name for k, name in enumerate(data.labels) if k != data.background]


def lines(
    name: str, seed: int, budget: str, known: dict[str, Any], keep: Any, faults: Collection[str]
) -> Iterator[str]:
    """The table of one data set."""
    data = subset(name)
    for fault, recipe in recipes(name).items():
        if fault not in ("right", *faults):
            continue
        key = f"{name}/{seed}/{fault}"
        if key not in known:
            known[key] = measured(data, recipe, seed, budget, decode=fault == "right")
            keras.utils.clear_session()
            keep()
        one, right = known[key], known[f"{name}/{seed}/right"]
        if fault == "right":
            parts = {"train": len(data.train.x), "val": len(data.val.x), "groups": len(set(data.val.groups))}
            yield HEAD.format(name=name, seed=seed, **parts)
        yield row(fault, one, right)


def row(fault: str, one: Mapping[str, Any], right: Mapping[str, Any]) -> str:
    """One line of the table."""
    share = one["beaten"]
    missing = right["before"] - one["after"]
    cells = (
        f"{one['before']:.3f}",
        f"{one['after']:.3f}",
        f"{one['chosen'] or '-'} ({one['verdict']})",
        f"{one['after'] - right['after']:+.3f}",
        f"{one['count_mae'][0]:.1f} to {one['count_mae'][1]:.1f}",
        "-" if share is None else f"{100 * share:.0f} % of {one['drawn']}, {one.get('drawn_trained', 0)} trained",
        "" if fault == "right" else "yes" if missing <= NEAR else f"{100 * missing:.1f} short",
        f"{one['trained_s']:.0f} + {one['seconds']:.0f}",
    )
    return f"| {fault} | {' | '.join(cells)} |"


def main() -> None:
    """Print a table for each data set and seed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", nargs="+", default=list(PROGRAMS))
    parser.add_argument("--faults", nargs="+", choices=FAULTS, default=list(FAULTS), metavar="NAME")
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--budget", default="60s", help="of each mend")
    parser.add_argument("--whole-control", action="store_true", help="random remedies take as long as the trials did")
    parser.add_argument("--json", type=Path, help="what was measured so far")
    options = parser.parse_args()
    faulty.shared = lambda: options.folder
    known = json.loads(options.json.read_text()) if options.json and options.json.exists() else {}

    def keep() -> None:
        if options.json:
            options.json.write_text(json.dumps(known, indent=1))

    with beyond_the_budget() if options.whole_control else contextlib.nullcontext():
        for name in options.only:
            for seed in range(options.seeds):
                for line in lines(name, seed, options.budget, known, keep, options.faults):
                    print(line, flush=True)


@contextlib.contextmanager
def beyond_the_budget() -> Iterator[None]:
    """Let random remedies, and the last fit after them, go on past the budget."""
    with (
        mock.patch.object(loop, "CONTROL_SHARE", 2.0),
        mock.patch.object(mend_diagnosed, "FIT_SHARE", 2.1),
    ):
        yield


if __name__ == "__main__":
    main()
