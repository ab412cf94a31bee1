"""One patient: trained (or taken from the cache), shown to the doctor, and what the doctor said."""

from __future__ import annotations

import hashlib
import json
import math
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
from benchmarks.compiled import compiled_once
from benchmarks.faults.because import tried
from benchmarks.faults.data import Subset
from benchmarks.faults.derived import named
from benchmarks.faults.kinds import KINDS
from benchmarks.faults.recipe import HEALTHY, WITHOUT, Recipe
from benchmarks.faults.training import compiled, fit, weighing

import segmend


@dataclass(frozen=True)
class Patient:
    """Which program on which data; ``kind`` is "healthy" for a twin."""

    kind: str
    data: str
    style: str
    seed: int

    @property
    def name(self) -> str:
        """For files."""
        return "-".join((self.kind.replace(":", "-"), self.data, self.style, str(self.seed)))


def patients(seeds: Sequence[int]) -> list[Patient]:
    """All patients, each fault's beside the twins of the programs that it was put into."""
    sick = [(kind.name, *each) for kind in KINDS.values() for each in kind.sets.items()]
    twins = dict.fromkeys((WITHOUT, *each[1:]) for each in sick)
    return [Patient(*each, seed) for seed in seeds for each in (*twins, *sick)]


def run(patient: Patient, cache: Path, *, because: bool = True) -> dict[str, Any]:
    """Train, diagnose, try the remedies if ``because``, and tell."""
    kind = KINDS.get(patient.kind)
    rng = np.random.default_rng(patient.seed)
    data, recipe = named(patient.data), HEALTHY[patient.data][patient.style]
    if kind is not None:
        data, recipe = kind.data(data, rng), kind.recipe(recipe)
    model = compiled(recipe, data, patient.seed)
    history, seconds = None, 0.0
    if kind is None or kind.fits:
        history, seconds = trained(model, recipe, data, cache / "trained" / digest(recipe, data, patient.seed))
    if kind is not None:
        kind.after(model, data, rng)
    more = weighing(recipe, data) | (kind.arguments(data) if kind else {})
    known = asdict(patient) | {"fit_s": seconds, "history": curves(history)}
    diagnosis, seconds = seen(model, data, history, more)
    return known | told(diagnosis) | {"diagnose_s": seconds, "tried": tried(diagnosis, patient.seed) if because else []}


def curves(history: Any) -> dict[str, list[float]]:
    """The losses of each epoch; none where nothing was trained."""
    columns = history.history if history is not None else {}
    return {name: [float(value) for value in columns[name]] for name in ("loss", "val_loss") if name in columns}


def digest(recipe: Recipe, data: Subset, seed: int) -> str:
    """What a training depends on, but for the code."""
    known = hashlib.sha256(f"{recipe} {seed} {data.task}".encode())
    for part in (data.train, data.val):
        for values in (part.x, part.y):
            known.update(np.ascontiguousarray(values).tobytes())
    return known.hexdigest()[:20]


def trained(model: Any, recipe: Recipe, data: Subset, kept: Path) -> tuple[Any, float]:
    """Weights and Keras' History from the cache where they are there; programs that are alike are compiled once."""
    record, weights = kept / "history.json", kept / "model.weights.h5"
    if not record.is_file():
        with compiled_once(kept.parent.parent / "compiled"):
            history, seconds = fit(model, recipe, data)
        kept.mkdir(parents=True, exist_ok=True)
        model.save_weights(weights)
        record.write_text(json.dumps({"history": history.history, "seconds": seconds}, default=float))
        return history, seconds
    model.optimizer.build(model.trainable_variables)
    model.load_weights(weights)
    known = json.loads(record.read_text())
    history = keras.callbacks.History()
    history.history, history.epoch = known["history"], list(range(len(known["history"]["loss"])))
    steps = math.ceil(len(data.train.y) / recipe.batch)
    history.set_params({"epochs": recipe.epochs, "steps": steps, "verbose": 0})
    return history, known["seconds"]


def seen(model: Any, data: Subset, history: Any, more: dict[str, Any]) -> tuple[Any, float]:
    """What the doctor says, and how long it took beyond the model's own predictions."""
    model.predict(data.val.x[:1], verbose=0)
    began = time.perf_counter()
    model.predict(data.val.x, batch_size=32, verbose=0)
    predicting = time.perf_counter() - began
    began = time.perf_counter()
    diagnosis = segmend.diagnose(
        model,
        data.train.x,
        data.train.y,
        validation_data=(data.val.x, data.val.y),
        history=history,
        groups=data.train.groups,
        labels=[name for k, name in enumerate(data.labels) if k != data.background],
        background=data.background,
        task=data.task if data.train.y.dtype.kind in "iu" else None,
        preview=True,
        **more,
    )
    return diagnosis, time.perf_counter() - began - predicting


def told(diagnosis: Any) -> dict[str, Any]:
    """A diagnosis as the tables need it."""
    scores = diagnosis.chart.scores
    record = diagnosis.to_dict()
    return {
        "step_f1": scores and scores.step["macro_f1"],
        "segment_f1": scores and scores.segment and scores.segment["f1@50"],
        "count_ratio": scores and scores.count and scores.count["ratio"],
        "findings": record["findings"],
        "oracle": record["oracle"],
        "failed": [each for each in record["skipped"] if "report it" in each["because"]],
    }
