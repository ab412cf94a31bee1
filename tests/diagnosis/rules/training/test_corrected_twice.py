import dataclasses

import numpy as np
import pytest

from segmend.artifacts.finding import Severity
from segmend.artifacts.prediction import Prediction
from segmend.core.labels import Labels
from segmend.core.task import Task
from segmend.diagnosis.rules.training.corrected_twice import CorrectedTwice
from segmend.pipeline.charting.chart import chart_of
from tests.diagnosis.rules.training import simulated

RULE = CorrectedTwice()
TRUE, EVEN = (0.9, 0.06, 0.04), (0.34, 0.33, 0.33)
CLASSES = Task.named("classification", 3, 1)
BOTH = [CLASSES, Task.named("classification", 3, 2), simulated.TASKS[0], simulated.TASKS[1]]


def _chart(train, weights, *, true=TRUE, task=CLASSES, validation=True, said=None, **parts):
    """What is known of data of these shares in training and validation, and of a model that says classes so often."""
    roles, seen = (("train", "val"), {"train": train, "val": true}) if validation else (("train",), {"train": train})
    facts = simulated.fingerprint(task, train, recordings=4, roles=roles, seen=seen)
    told = {"fingerprint": facts, "fit_arguments": {"class_weight": weights}, **parts}
    if said is None:
        return simulated.chart({"loss": [1.0]}, task=task, **told)
    chart = chart_of(_prediction(true, said, task), judged_on="validation_data")
    return dataclasses.replace(chart, **told)


def _prediction(true, said, task):
    """Classes with these shares, of which each is said so many times as often, at the cost of the first."""
    labels = Labels(("a", "b", "c"), 0 if task.kind == "segmentation" else None)
    y = np.repeat([0, 1, 2], [int(1000 * share) for share in true])
    guess = y.copy()
    for label, times in enumerate(said, 1):
        guess[100 * label : 100 * label + int((times - 1) * (y == label).sum())] = label
    if task.kind == "segmentation":
        shape = (len(y),) if task.rank == 1 else (len(y) // 10, 10)
        size = int(np.prod(shape))
        y, guess = y[None, :size].reshape(1, *shape), guess[None, :size].reshape(1, *shape)
    rank = task.rank if task.kind == "segmentation" else 0
    rows = {"y_true": tuple(y), "y_pred": tuple(guess)}
    names = tuple(f"r{k}" for k in range(len(y)))
    return Prediction(names=names, labels=labels, rank=rank, data_rank=task.rank, **rows)


def sick():
    return _chart(EVEN, {0: 1.0, 1: 15.0, 2: 22.0}, said=(2.0, 3.0))


def healthy():
    return _chart(TRUE, {0: 1.0, 1: 15.0, 2: 22.0}, said=(1.1, 1.1))


def test_how_much_a_class_outweighs_by_hand():
    (finding,) = RULE.examine(sick())
    assert finding.where == {"label": "c"}
    assert finding.evidence["outweighs"] == pytest.approx(22 * 0.33 / 0.34)
    assert finding.evidence["sampled_up"] == pytest.approx((0.33 / 0.34) / (0.04 / 0.9))
    assert finding.evidence["predicted_over_true"] == pytest.approx(3.0)
    assert finding.severity is Severity.ERROR


def test_each_correction_alone_is_right():
    heavy = {0: 1.0, 1: 15.0, 2: 22.0}
    assert list(RULE.examine(_chart(TRUE, heavy, said=(2.0, 3.0)))) == []
    assert list(RULE.examine(_chart(EVEN, {0: 1.0, 1: 1.0, 2: 1.0}, said=(2.0, 3.0)))) == []
    assert list(RULE.examine(_chart(EVEN, {0: 0.98, 1: 1.01, 2: 1.01}))) == []


def test_it_must_show_where_there_are_predictions():
    assert list(RULE.examine(_chart(EVEN, {0: 1.0, 1: 15.0, 2: 22.0}, said=(1.0, 1.1)))) == []
    (finding,) = RULE.examine(_chart(EVEN, {0: 1.0, 1: 15.0, 2: 22.0}))
    assert finding.severity is Severity.INFO


def test_without_validation_data_a_balanced_sample_is_enough():
    (finding,) = RULE.examine(_chart((0.4, 0.3, 0.3), {0: 1.0, 1: 5.0, 2: 5.0}, validation=False))
    assert finding.evidence["sampled_up"] is None
    assert list(RULE.examine(_chart((0.5, 0.3, 0.2), {0: 1.0, 1: 5.0, 2: 5.0}, validation=False))) == []


def test_weights_of_steps_count_likewise():
    probe = {"weight_by_class": {0: 0.2, 1: 3.0, 2: 4.4}}
    chart = _chart(EVEN, None, task=simulated.SIGNALS, probe=probe)
    (finding,) = RULE.examine(dataclasses.replace(chart, fit_arguments={"sample_weight": "given"}))
    assert finding.evidence["weight_ratio"] == pytest.approx(22)


def test_mean_weights_of_classes_are_read_off_the_samples():
    from segmend.pipeline.charting.weights import probe_weights
    from segmend.pipeline.inputs.batches import read_examples

    y = np.array([[0, 0, 1, 1], [0, 1, 1, -1]])
    weight = np.where(y == 1, 3.0, 1.0) + (np.arange(4) == 3)
    probe = probe_weights(None, read_examples(np.zeros((2, 4, 1)), y, weight), None, {})
    assert probe == {"weight_by_class": {0: 1.0, 1: pytest.approx(13 / 4)}}
    assert probe_weights(None, read_examples(np.zeros((2, 4, 1)), y, np.ones(2)), None, {}) is None


def _weights(shares, rng):
    """Weights that balance these shares, more or less."""
    balanced = (1 / 3) / np.array(shares)
    return {label: float(w) for label, w in enumerate(balanced ** rng.uniform(0.7, 1.0))}


def _seeded(seed):
    rng = np.random.default_rng(seed)
    true = [TRUE, (0.8, 0.15, 0.05), (0.7, 0.1, 0.2)][seed % 3]
    train = np.array(true) ** rng.uniform(0.0, 0.3)
    said = tuple(rng.uniform(1.5, 3.0, 2)) if seed % 4 else None
    return _chart(train / train.sum(), _weights(true, rng), true=true, task=BOTH[seed // 4 % 4], said=said)


def _healthy(seed):
    """One correction, or none, by a model that is about right; or weights that were worked out on the sample."""
    rng = np.random.default_rng(seed)
    true = [TRUE, (0.8, 0.15, 0.05), (0.5, 0.3, 0.2)][seed % 3]
    train = np.array(true) ** (rng.uniform(0.9, 1.1) if seed % 2 else rng.uniform(0.0, 1.0))
    train = train / train.sum()
    weights = _weights(train, rng) if seed % 5 else {}
    said = tuple(rng.uniform(1.0, 1.6, 2)) if seed % 3 else None
    return _chart(train, weights or {0: 1.0}, true=true, task=BOTH[seed // 4 % 4], said=said)


def test_fires_on_seeded_trainings_and_is_silent_on_healthy_ones():
    assert simulated.fires(RULE, map(_seeded, range(48))) >= 0.9
    assert simulated.fires(RULE, map(_healthy, range(96))) <= 0.01
    assert simulated.silent_on_healthy(RULE)
