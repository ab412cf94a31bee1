"""What probabilities say by themselves."""

from __future__ import annotations

import numpy as np
import pytest

from segmend.artifacts.prediction import Prediction
from segmend.core.labels import Labels
from segmend.errors import InputError
from segmend.pipeline.results.undecided import undecided


def prediction(prob, pred, **more):
    labels = Labels.of(["a", "b"], None)
    return Prediction(names=("x",), labels=labels, y_true=None, y_pred=(pred,), y_prob=prob, **more)


def test_decoded_labels_give_way_to_the_most_probable_ones():
    prob = np.array([[[0.9, 0.1], [0.2, 0.8]]])
    numbers = (np.array([[1, 1]]),)
    plain = undecided(prediction((prob,), np.array([[1, 1]]), rank=2, predicted_instances=numbers))
    assert plain.y_pred[0].tolist() == [[0, 1]]
    assert plain.predicted_instances is None


def test_labels_that_overlap_are_cut_at_a_half():
    plain = undecided(prediction((np.array([0.6, 0.7]),), np.array([0, 0]), rank=0, multilabel=True))
    assert plain.y_pred[0].tolist() == [1, 1]


def test_labels_alone_say_nothing_by_themselves():
    with pytest.raises(InputError, match="y_prob"):
        undecided(prediction(None, np.array([0]), rank=0))
