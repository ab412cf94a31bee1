from __future__ import annotations

import numpy as np
import pytest

from segmend import metrics
from segmend.core.labels import Labels
from segmend.errors import InputError
from segmend.scoring import readings

Y = np.array([[0, 0, 1, 1, 2, -1]])
PROB = np.eye(3)[np.array([[0, 1, 1, 1, 0, 2]])]


def test_hand_computed_per_class_and_averaged():
    metric = metrics.of("f1", labels=Labels.of(["P", "QRS"]))
    metric.update_state(Y, PROB)
    found = {name: float(value) for name, value in metric.result().items()}
    assert found == pytest.approx({"f1_background": 0.5, "f1_P": 0.8, "f1_QRS": 0.0})
    for name, expected in (("macro_f1", 1.3 / 3), ("micro_f1", 0.6), ("weighted_f1", 0.52), ("step_accuracy", 0.6)):
        metric = metrics.of(name, labels=3)
        metric.update_state(Y, PROB)
        assert float(metric.result()) == pytest.approx(expected), name


def test_a_class_that_is_nowhere_is_left_out_of_the_macro_mean():
    metric = metrics.of("macro_recall", labels=3)
    metric.update_state(np.array([[0, 1, 1]]), np.eye(3)[np.array([[0, 1, 0]])])
    assert float(metric.result()) == pytest.approx(0.75)


def test_every_reading_of_steps_can_be_a_metric():
    """What is left are readings of counts of segments or of the reference, and what readings and losses are made of."""
    others = {
        "Average",
        "Counts",
        "accuracy",
        "averaged",
        "bias",
        "divide",
        "mean_known",
        "prevalence",
        "ratio",
        "tversky",
    }
    found = {*metrics.names(), *metrics.names(multilabel=True)}
    assert set(readings.__all__) - others <= found
    assert {"step_accuracy", "hamming_accuracy", "subset_accuracy"} <= found


def test_overlapping_labels_hand_computed():
    y_true = np.array([[[1, 0], [1, 1], [0, 0], [-1, 1]]])
    y_prob = np.array([[[0.9, 0.2], [0.5, 0.4], [0.6, 0.1], [0.9, 0.9]]])
    expected = {"subset_accuracy": 1 / 3, "hamming_accuracy": 4 / 6, "macro_recall": 0.5, "micro_precision": 2 / 3}
    for name, score in expected.items():
        metric = metrics.of(name, labels=2, multilabel=True)
        metric.update_state(y_true, y_prob)
        assert float(metric.result()) == pytest.approx(score), name
    metric = metrics.of("recall", labels=2, multilabel=True, threshold=[0.8, 0.3])
    metric.update_state(y_true, y_prob)
    assert [float(one) for one in metric.result().values()] == [0.5, 1.0]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: metrics.of("macro_f2", labels=2), 'did you mean "macro_f1"'),
        (lambda: metrics.StepMetric("auc", labels=2), "reading: .*'auc'"),
        (lambda: metrics.StepMetric("f1", labels=2, average="mean"), "average: .*'mean'"),
        (lambda: metrics.of("kappa", labels=2, multilabel=True), "metrics: .*'subset_accuracy'.*\"kappa\""),
        (lambda: metrics.StepMetric("subset_accuracy", labels=2), "reading: .*'subset_accuracy'"),
        (lambda: metrics.of("accuracy", labels=2), 'did you mean "step_accuracy"'),
        (lambda: metrics.of("f_beta", labels=2, beta=0), "beta: .*0"),
        (lambda: metrics.of("f1", labels=2, threshold=[0.5] * 3), "threshold: .* 2 of them"),
        (lambda: metrics.of("expected_cost", labels=2), r"cost: .*\(2, 2\). Received None"),
        (
            lambda: metrics.of("f1", labels=2).update_state(Y, PROB),
            r"f1: expected 2 classes. Received shape \(1, 6, 3\)",
        ),
    ],
)
def test_wrong_calls_are_refused(call, message):
    with pytest.raises(InputError, match=message):
        call()
