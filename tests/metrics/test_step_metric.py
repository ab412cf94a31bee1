from __future__ import annotations

import numpy as np
import pytest

from segmend import metrics
from segmend.core.labels import Labels
from segmend.errors import InputError

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


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: metrics.of("macro_f2", labels=2), 'did you mean "macro_f1"'),
        (lambda: metrics.StepMetric("auc", labels=2), "reading: .*'auc'"),
        (lambda: metrics.StepMetric("f1", labels=2, average="mean"), "average: .*'mean'"),
        (
            lambda: metrics.of("f1", labels=2).update_state(Y, PROB),
            r"f1: expected 2 classes. Received shape \(1, 6, 3\)",
        ),
    ],
)
def test_wrong_calls_are_refused(call, message):
    with pytest.raises(InputError, match=message):
        call()
