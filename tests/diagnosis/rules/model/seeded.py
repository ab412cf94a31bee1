"""Many random charts around many random anatomies, to count how often a rule fires."""

from __future__ import annotations

import dataclasses
from functools import cache

import numpy as np

from segmend.artifacts.anatomy import Anatomy, LayerFacts, LossFacts, OutputFacts, ReceptiveField
from segmend.artifacts.flow import Edge, Flow, Unmasked
from segmend.artifacts.prediction import Prediction
from segmend.core.labels import Labels
from segmend.core.task import NAMES, Task
from segmend.diagnosis import doctor
from segmend.pipeline.charting.chart import chart_of

TASKS = [Task.named(name, 3, rank) for name in NAMES for rank in (1, 2)]


def rate(rule, charts):
    """Share of charts on which a rule fires, of those that it serves."""
    served = [chart for chart in charts if rule.serves(chart.task)]
    assert len(served) >= 50
    known = [chart for chart in served if doctor.missing(chart, rule.needs) is None]
    return sum(bool(list(rule.examine(chart))) for chart in known) / len(served)


def charts(number=300, *, wrong=0.0, tasks=TASKS, seed=0):
    """Charts of random tasks with anatomies that fit them; ``wrong``: how much the predictions err."""
    rng = np.random.default_rng(seed)
    for _ in range(number):
        task = tasks[rng.integers(len(tasks))]
        chart = drawn(task, wrong, int(rng.integers(6)))
        yield dataclasses.replace(chart, anatomy=fitting(task, rng), targets=facts(chart))


@cache
def drawn(task, wrong, seed):
    """The chart of a random prediction: imbalanced, few, noisy, in turn."""
    rng = np.random.default_rng(seed)
    count, several = (3, 6, 12)[seed % 3], task.labels == "multilabel"
    shares = np.array([[0.6, 0.25, 0.15], [1, 1, 1], [0.9, 0.07, 0.03]][seed // 2])
    truth = [_truth(task, shares / shares.sum(), rng) for _ in range(count if task.kind == "segmentation" else 40)]
    background = 0 if task.kind == "segmentation" and not several else None
    said = [_said(rows, wrong, several, rng) for rows in truth]
    prob = [_prob(rows, several, rng) for rows in said]
    prediction = Prediction(
        names=tuple(f"r{k}" for k in range(len(truth))),
        labels=Labels(("a", "b", "c"), background),
        y_true=tuple(truth),
        y_pred=tuple(said),
        y_prob=tuple(prob),
        rank=task.rank if task.kind == "segmentation" else 0,
        data_rank=task.rank,
        multilabel=several,
    )
    return chart_of(prediction, judged_on="test", edit=False)


def _truth(task, shares, rng):
    several = task.labels == "multilabel"
    size = () if task.kind == "classification" else (400,) if task.rank == 1 else (48, 48)
    coarse = [length // 8 for length in size]
    if several:
        blocks = (rng.random((*coarse, 3)) < shares).astype(np.int8)
    else:
        blocks = rng.choice(3, size=coarse or None, p=shares) if coarse else np.asarray(rng.choice(3, p=shares))
    for axis in range(len(size)):
        blocks = blocks.repeat(8, axis=axis)
    return blocks


def _said(true, wrong, several, rng):
    other = rng.integers(0, 2 if several else 3, np.shape(true))
    return np.where(rng.random(np.shape(true)) < wrong, other, true).astype(np.asarray(true).dtype)


def _prob(said, several, rng):
    if several:
        return said * 0.6 + 0.2 + rng.random(said.shape) * 0.15
    prob = np.eye(3)[said] + 0.1 + rng.random((*np.shape(said), 3)) * 0.1
    return prob / prob.sum(axis=-1, keepdims=True)


def facts(chart):
    """Facts of labels as they are given, without padding."""
    truth = chart.prediction.y_true
    several, whole = chart.task.labels == "multilabel", chart.task.kind == "classification"
    sizes = [[] if whole else list(np.shape(rows)[: chart.task.rank]) for rows in truth]
    return {
        "shape": [len(truth), *np.shape(truth[0])],
        "output_shape": [len(truth), *sizes[0], 3],
        "dtype": "int64",
        "form": "multi-hot" if several else "dense",
        "classes": 3,
        "lowest": 0.0,
        "highest": 1.0 if several else 2.0,
        "sizes": sizes,
        "output_sizes": sizes,
        "channels": 3,
    }


def fitting(task, rng):
    """A random anatomy without a fault."""
    several, whole = task.labels == "multilabel", task.kind == "classification"
    size = None if whole or rng.random() < 0.3 else int(rng.integers(10, 120))
    reach = {"left": None if size is None else -(size // 2), "right": None if size is None else size // 2}
    field = ReceptiveField(**reach, smallest=size, size=size, stride=0.0 if whole else 1.0)
    loss = "BinaryCrossentropy" if several else "SparseCategoricalCrossentropy"
    kind, filters = f"Conv{task.rank}D", int(rng.choice([16, 32, 64]))
    layers = [
        LayerFacts(
            name=f"conv{k}",
            kind=kind,
            parameters=3 * filters * filters,
            config={"filters": filters, "kernel_size": [3] * task.rank, "padding": "same", "strides": [1] * task.rank},
            non_finite=0,
            units=filters,
            silent=int(rng.integers(0, filters // 3)),
        )
        for k in range(int(rng.integers(1, 8)))
    ]
    parameters = sum(layer.parameters for layer in layers)
    edge = Edge(
        layer="lstm", kind="forward", place="last", by="lstm", whole_state=True, masked=bool(rng.random() < 0.5)
    )
    return Anatomy(
        framework="keras",
        name="model",
        input_shape=(*[None] * task.rank, 2),
        outputs=(
            OutputFacts(
                name="labels",
                shape=(3,) if whole else (*[None] * task.rank, 3),
                activation="sigmoid" if several else "softmax",
                activations=("sigmoid" if several else "softmax",),
                fields=(field,) * task.rank,
                grain=1.0 if rng.random() < 0.5 else None,
                bias=tuple(rng.normal(0, 1.5, 3).tolist()),
            ),
        ),
        layers=tuple(layers),
        losses=(LossFacts(name=loss, from_logits=False),),
        metrics=(("accuracy", "macro_f1"), ("f1",), ("loss", "auc"), ())[rng.integers(4)],
        parameters=parameters,
        trainable_parameters=parameters,
        activity_on=12,
        flow=Flow(edges=(edge,) if whole and task.rank == 1 else (), unmasked=(Unmasked(name="conv0", kind=kind),)),
    )


def with_anatomy(chart, **changes):
    """The chart with other facts of its model."""
    return dataclasses.replace(chart, anatomy=chart.anatomy.model_copy(update=changes))


def with_output(chart, **changes):
    """The chart with other facts of its first output."""
    first, *others = chart.anatomy.outputs
    return with_anatomy(chart, outputs=(first.model_copy(update=changes), *others))


def with_loss(chart, **changes):
    """The chart with other facts of its loss."""
    (loss,) = chart.anatomy.losses
    return with_anatomy(chart, losses=(loss.model_copy(update=changes),))


def compiled(loss, *, units=3, metrics=None, shape=(None, 2), activation="softmax", layers=()):
    """A small real model of Keras."""
    import keras

    body = layers or [keras.layers.Conv1D(4, 3, padding="same", activation="relu")]
    model = keras.Sequential([keras.Input(shape), *body, keras.layers.Dense(units, activation=activation)])
    model.compile("sgd", loss, metrics=metrics)
    return model
