import dataclasses

import keras
import numpy as np
import pytest

from segmend.anatomy import of_keras
from segmend.artifacts.finding import Severity
from segmend.core.task import Task
from segmend.diagnosis.rules.model.accuracy_only import AccuracyOnly
from tests.diagnosis.rules.model import seeded

STEPS = Task.named("segmentation", 3, 1)
IMAGES = Task.named("classification", 3, 2)


def _watched(*metrics, task=STEPS, wrong=0.0, imbalance=4):
    drawn = seeded.drawn(task, wrong, imbalance)
    rng = np.random.default_rng(0)
    return seeded.with_anatomy(dataclasses.replace(drawn, anatomy=seeded.fitting(task, rng)), metrics=metrics)


def sick():
    return _watched("accuracy")


def healthy():
    return _watched("accuracy", "macro_f1")


def _findings(chart):
    return list(AccuracyOnly().examine(chart))


def test_what_one_answer_reaches_is_told():
    (finding,) = _findings(sick())
    share = sick().fingerprint.background_share
    assert finding.evidence["always_right"] == share > 0.8
    assert finding.evidence["threshold"] == pytest.approx(1 / 3 + 0.2)
    assert finding.severity is Severity.INFO, "macro F1 is as good as accuracy"
    assert "macro_f1" in finding.remedies[0].advice


def test_severity_where_accuracy_hides_something():
    drawn = _watched("accuracy", task=IMAGES)
    said = tuple(np.zeros_like(rows) for rows in drawn.prediction.y_pred)
    from segmend.pipeline.charting.chart import chart_of

    blind = chart_of(dataclasses.replace(drawn.prediction, y_pred=said, y_prob=None), judged_on="test")
    (finding,) = _findings(dataclasses.replace(blind, anatomy=drawn.anatomy))
    assert finding.severity is Severity.WARNING and finding.gain == 0, "it hides the fault, and does not make it"
    assert finding.evidence["accuracy"] - finding.evidence["macro_f1"] > 0.3


@pytest.mark.parametrize(
    ("metrics", "imbalance", "fires"),
    [
        (("accuracy",), 4, True),
        (("acc",), 4, True),
        (("sparse_categorical_accuracy", "accuracy"), 4, True),
        (("binary_accuracy",), 0, True),
        (("accuracy",), 2, False),
        (("accuracy", "f1"), 4, False),
        (("balanced_accuracy",), 4, False),
        (("iou",), 4, False),
    ],
)
def test_only_accuracy_on_uneven_classes(metrics, imbalance, fires):
    assert bool(_findings(_watched(*metrics, imbalance=imbalance))) is fires


@pytest.mark.parametrize(
    ("metrics", "fires"),
    [
        (["accuracy"], True),
        (["acc"], True),
        ([keras.metrics.SparseCategoricalAccuracy()], True),
        (["accuracy", keras.metrics.MeanIoU(3, sparse_y_pred=False)], False),
        ([keras.metrics.F1Score()], False),
    ],
)
def test_real_models(metrics, fires):
    model = seeded.compiled("sparse_categorical_crossentropy", metrics=metrics)
    assert bool(_findings(dataclasses.replace(sick(), anatomy=of_keras(model)))) is fires


def test_a_segmend_metric_is_no_accuracy():
    from segmend import metrics

    model = seeded.compiled("sparse_categorical_crossentropy", metrics=["accuracy", metrics.of("macro_f1", labels=3)])
    assert _findings(dataclasses.replace(sick(), anatomy=of_keras(model))) == []


def test_how_often_it_fires():
    def sick_one(each):
        return seeded.with_anatomy(each, metrics=("accuracy",))

    uneven = [each for each in map(sick_one, seeded.charts(400)) if _uneven(each) >= 0.75]
    even = [each for each in map(sick_one, seeded.charts(400)) if _uneven(each) <= 0.5]
    assert seeded.rate(AccuracyOnly(), uneven) >= 0.9
    assert seeded.rate(AccuracyOnly(), even) <= 0.01
    assert seeded.rate(AccuracyOnly(), seeded.charts(400)) == 0


def _uneven(chart):
    """What the most frequent answer is right for, counted by hand."""
    rows = [np.asarray(each) for each in chart.prediction.y_true]
    if chart.task.labels == "multilabel":
        ones = np.concatenate([each.reshape(-1, 3) for each in rows]).mean(axis=0)
        return np.maximum(ones, 1 - ones).mean() - 0.15
    return np.bincount(np.concatenate([each.ravel() for each in rows])).max() / sum(each.size for each in rows)
