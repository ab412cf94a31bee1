"""What Keras' metrics take."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from tests.backends import number
from tests.keras_facts.batch import DENSE, ONE_HOT, probabilities


@pytest.mark.parametrize("metric", [keras.metrics.F1Score, keras.metrics.FBetaScore])
def test_f_scores_take_rank_two_only(metric):
    metric().update_state(ONE_HOT[:, 0], probabilities(4, 2))
    with pytest.raises(ValueError, match="expects 2D inputs"):
        metric().update_state(ONE_HOT, probabilities(4, 6, 2))


def test_multilabel_auc_takes_rank_two_only():
    keras.metrics.AUC(multi_label=True).update_state(ONE_HOT[:, 0], probabilities(4, 2))
    with pytest.raises(ValueError, match="must have rank 2"):
        keras.metrics.AUC(multi_label=True).update_state(ONE_HOT, probabilities(4, 6, 2))


@pytest.mark.filterwarnings("ignore:Explicitly requested dtype int64:UserWarning")
@pytest.mark.parametrize(
    ("metric", "y"),
    [
        (keras.metrics.MeanIoU(num_classes=2), DENSE),
        (keras.metrics.IoU(num_classes=2, target_class_ids=[0, 1]), DENSE),
        (keras.metrics.BinaryIoU(), DENSE),
        (keras.metrics.OneHotMeanIoU(num_classes=2), ONE_HOT),
    ],
    ids=["MeanIoU", "IoU", "BinaryIoU", "OneHotMeanIoU"],
)
def test_iou_casts_weights_to_integers(metric, y):
    with pytest.warns(UserWarning, match="incorrect weight due to type casting"):
        metric.update_state(y, y, sample_weight=np.full(DENSE.shape, 0.5, "float32"))
    assert number(metric.result()) == 0.0
    metric.update_state(y, y, sample_weight=np.ones(DENSE.shape, "int32"))
    assert number(metric.result()) == 1.0
