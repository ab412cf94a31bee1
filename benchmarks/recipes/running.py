"""One run: a recipe, or the plan, trained on a set and judged on its test part."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.recipes.data import split_of
from benchmarks.recipes.judging import judged, prediction_of
from benchmarks.recipes.names import ARGMAX, PLAN
from benchmarks.recipes.variants import NAMED

import segmend
from segmend.pipeline.runs.decoded import decode
from segmend.pipeline.runs.predicting import prediction_of as predicted_by
from segmend.pipeline.runs.standardized import data_as_planned
from segmend.planning import Values


def run(name: str, recipe: str, seed: int, budget: float, folder: Path) -> list[dict[str, Any]]:
    """Train on one set and judge; the clock starts after imports and reading of files.

    Args:
        name: of the set.
        recipe: name of a peer, "plan", or a variant of it.
        seed: of everything random in training; the split is always the same.
        budget: seconds.
        folder: of the shared data sets.

    Returns:
        A record for each row of the tables: the plan has two, decoded and by argmax.
    """
    split = split_of(name, folder)
    about = {"set": name, "seed": seed, "budget_s": budget}
    if recipe == PLAN or recipe in NAMED:
        told = _planned(recipe, split, seed, budget)
    else:
        told = _peer(recipe, split, seed, budget)
    return [{**about, **each} for each in told]


def _peer(name: str, split: Any, seed: int, budget: float) -> list[dict[str, Any]]:
    from benchmarks.recipes.peers import RECIPES

    recipe, facts = RECIPES[name], split.facts
    began = time.monotonic()
    trained = recipe.train(recipe, split, budget, seed)
    trained_s = time.monotonic() - began
    size = recipe.window(facts) if recipe.resampled else None
    val = split.part("val", recipe.scaled, size)
    seen = trained.probabilities(val.signals) if recipe.reads_validation else []
    read = recipe.reader(facts, seen, val.y_true if recipe.reads_validation else [])
    y_prob = trained.probabilities(split.part("test", recipe.scaled, size).signals)
    y_pred = [read(rows) for rows in y_prob]
    seconds = time.monotonic() - began
    about = {"recipe": name, "seconds": seconds, "trained_s": trained_s, "notes": trained.notes}
    return [{**about, **judged(prediction_of(split.data, y_prob, y_pred))}]


def _planned(name: str, split: Any, seed: int, budget: float) -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as scratch:
        began = time.monotonic()
        out, overrides = Path(scratch) / "run", NAMED.get(name)
        found = segmend.train(split.data, out=out, budget=budget, seed=seed, overrides=overrides)
        seconds = time.monotonic() - began
        values = Values.of(found.plan)
        raw = predicted_by(found.model, values, data_as_planned(values, split.data), "test", None)
        notes = {
            "architecture": values.model.architecture,
            "decoder": found.decoder.name,
            "networks": found.about["networks"],
            "epochs": found.about["epochs"],
            "parameters": int(found.model.count_params()),
        }
        about = {"seconds": seconds, "notes": notes}
        decoded = {"recipe": name, **about, **judged(decode(raw, found.decoder))}
    return [decoded, {"recipe": ARGMAX, **about, **judged(raw)}] if name == PLAN else [decoded]
