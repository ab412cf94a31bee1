"""Simulated trainings of each kind, and charts around them."""

from __future__ import annotations

import numpy as np

from segmend.artifacts.anatomy import Anatomy, LayerFacts, LossFacts, OutputFacts
from segmend.artifacts.chart import Chart
from segmend.artifacts.fingerprint import ClassFacts, Fingerprint, Quantiles, RecordingFacts
from segmend.artifacts.history import History
from segmend.core.labels import Labels
from segmend.core.task import NAMES, Task
from segmend.diagnosis.doctor import missing

TASKS = [Task.named(name, 3, rank) for name in NAMES for rank in (1, 2)]
SIGNALS = TASKS[0]
EVEN = (0.34, 0.33, 0.33)
SEEDS = 300


def history(columns, **facts):
    """The history of columns, NaN as None."""
    numbers = {name: [None if not np.isfinite(v) else float(v) for v in values] for name, values in columns.items()}
    return History(columns={name: tuple(values) for name, values in numbers.items()}, **facts)


def epochs_of(rng, least=3, most=300):
    """A number of epochs, small and large ones alike."""
    return int(np.exp(rng.uniform(np.log(least), np.log(most + 1))))


def falling(epochs, *, first=1.1, floor=0.2, halts=5.0):
    """An exponential fall; ``halts`` is how many of its time constants the training lasts."""
    return floor + (first - floor) * np.exp(-np.arange(epochs) * halts / epochs)


def noisy(rng, values, share):
    """With noise of a share of the level."""
    return values * np.maximum(0.05, 1 + share * rng.normal(size=len(values)))


def accuracy(loss, majority, entropy):
    """The accuracy that belongs to a cross-entropy: that of the majority at the prior's entropy, 1 at none."""
    return np.clip(1 - (1 - majority) * np.clip(loss / entropy, 0, 1), 0, 1)


def entropy(shares):
    return float(-sum(share * np.log(share) for share in shares if share > 0))


def fingerprint(task=SIGNALS, shares=EVEN, recordings=20, roles=(None,), seen=None):
    """Facts about data of three classes with these shares; ``seen`` are steps of each class by role."""
    whole = task.kind == "classification"
    steps = 1 if whole else 1000
    background = None if whole or task.labels == "multilabel" else 0
    classes = [
        ClassFacts(
            name=name,
            steps=int(share * recordings * steps),
            step_share=share,
            segments=10,
            segment_share=0.5,
            recordings=recordings,
            duration=Quantiles(),
            gap=Quantiles(),
        )
        for number, (name, share) in enumerate(zip("abc", shares, strict=True))
        if number != background
    ]
    rows = [
        RecordingFacts(
            name=f"r{k}",
            group=f"g{k}",
            role=(role := roles[k % len(roles)]),
            steps=steps,
            segments=1,
            judged=steps,
            class_steps=tuple(int(10_000 * share) for share in (seen or {}).get(role, shares)),
            digest=f"d{k}",
        )
        for k in range(recordings * len(roles))
    ]
    return Fingerprint(
        task=task.to_dict(),
        labels=("a", "b", "c"),
        background=background,
        background_share=0.0 if background is None else shares[0],
        measured_on="all",
        sampling_rate_hz=None,
        recordings=tuple(rows),
        channels=(),
        classes=tuple(classes),
        duration=Quantiles(),
        gap=Quantiles(),
        steps=recordings * steps,
        segments=recordings,
    )


def layer(kind, parameters=0, **config):
    return LayerFacts(name=kind.lower(), kind=kind, parameters=parameters, config=config)


def anatomy(
    task=SIGNALS, *, optimizer="Adam", rate=1e-3, layers=None, loss=None, parameters=20_000, schedule=None, **facts
):
    """A compiled network of a few layers."""
    many = task.labels == "multilabel"
    loss = loss or ("BinaryCrossentropy" if many else "SparseCategoricalCrossentropy")
    compiled = {"name": optimizer, "learning_rate": None if schedule else rate, **facts}
    if schedule:
        compiled["schedule"] = schedule
    return Anatomy(
        framework="keras",
        name="model",
        input_shape=(None, 2) if task.rank == 1 else (None, None, 2),
        outputs=(OutputFacts(name="labels", shape=(None, 3), activation="sigmoid" if many else "softmax"),),
        layers=tuple(layers if layers is not None else usual_layers(task)),
        losses=(LossFacts(name=loss, from_logits=False),),
        optimizer=compiled,
        parameters=parameters,
        trainable_parameters=parameters,
    )


def usual_layers(task=SIGNALS):
    """Convolutions with the regularisation that a healthy network has."""
    conv = f"Conv{task.rank}D"
    kinds = [(conv, 10_000), ("BatchNormalization", 64), ("SpatialDropout1D", 0), (conv, 10_000), ("Dense", 96)]
    return [layer(kind, n, **({"rate": 0.2} if "Dropout" in kind else {})) for kind, n in kinds]


def chart(columns, *, task=SIGNALS, planned=None, steps=None, best=None, **parts):
    """A chart of a history and whatever else is known."""
    told = columns if isinstance(columns, History) else history(columns)
    told = told.model_copy(update={"planned_epochs": planned, "steps_per_epoch": steps, "best_epoch": best})
    labels = Labels(("a", "b", "c"), 0 if task.kind == "segmentation" and task.labels != "multilabel" else None)
    return Chart(task=task, labels=labels, judged_on="validation_data", history=told, **parts)


def healthy_chart(seed):
    """A training that ended well: long or short, smooth or noisy, with or without validation data and scores."""
    rng = np.random.default_rng(seed)
    task = TASKS[rng.integers(len(TASKS))]
    shares = [EVEN, (0.8, 0.15, 0.05), (0.95, 0.03, 0.02), (0.5, 0.3, 0.2)][rng.integers(4)]
    columns = healthy_columns(rng, *chance(task, shares))
    n = len(columns["loss"])
    return chart(
        columns,
        task=task,
        planned=n if rng.random() < 0.5 else None,
        steps=int(rng.integers(2, 500)) if rng.random() < 0.7 else None,
        fingerprint=fingerprint(task, shares, recordings=int(rng.integers(6, 60))),
        anatomy=_healthy_anatomy(rng, task) if rng.random() < 0.7 else None,
    )


def healthy_columns(rng, majority, nats):
    """Curves that fall to a floor and stay there, the validation loss a little above, and the scores with them."""
    n = epochs_of(rng)
    hard = rng.uniform(0.02, 0.8)  # what of the labels' entropy nobody can learn
    halts = rng.uniform(4.5, 15)
    shape = falling(n, first=nats * rng.uniform(0.7, 1.2), floor=nats * hard, halts=halts)
    if rng.random() < 0.2:  # a power law: still falling, but there is little to come
        shape = nats * (hard + (0.9 - hard) / (1 + np.arange(n)))
    loss = noisy(rng, shape, rng.uniform(0, 0.04))
    columns = {"loss": loss}
    val = None
    if rng.random() < 0.85:
        val = shape * rng.uniform(0.85, 1.3) * (1 + rng.uniform(0, 0.06) * np.arange(n) / n)
        val = noisy(rng, val, rng.uniform(0, 0.08))
    if rng.random() < 0.6:
        columns["accuracy"] = accuracy(loss, majority, nats)
    if val is not None:
        columns["val_loss"] = val
        if "accuracy" in columns:
            columns["val_accuracy"] = accuracy(val, majority, nats)
        if rng.random() < 0.1 and n > 4:
            val[rng.integers(0, n - 1)] = np.nan
    if rng.random() < 0.3:
        columns["learning_rate"] = rng.choice([1e-3, 3e-4]) * np.where(np.arange(n) > 0.7 * n, 0.1, 1.0)
    return columns


def chance(task, shares):
    """Accuracy and cross-entropy of one who knows the classes' shares only."""
    if task.labels == "multilabel":
        return float(np.mean([max(p, 1 - p) for p in shares])), float(np.mean([entropy((p, 1 - p)) for p in shares]))
    return max(shares), entropy(shares)


def _healthy_anatomy(rng, task):
    name, rate = [("Adam", 1e-3), ("AdamW", 3e-4), ("SGD", 0.01), ("SGD", 0.1), ("RMSprop", 1e-3), ("Adam", 3e-3)][
        rng.integers(6)
    ]
    layers = usual_layers(task)
    return anatomy(task, optimizer=name, rate=rate, layers=layers if rng.random() < 0.7 else layers[3:])


def fires(rule, charts):
    """Share of the charts on which a rule gives a finding."""
    return float(np.mean([missing(each, rule.needs) is None and bool(list(rule.examine(each))) for each in charts]))


def silent_on_healthy(rule, most=0.01):
    """Whether a rule fires on at most so many of the healthy charts."""
    return fires(rule, [healthy_chart(seed) for seed in range(SEEDS)]) <= most
