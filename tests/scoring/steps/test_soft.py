"""What is shared by the readings of the same probabilities."""

import numpy as np
import pytest

from segmend.artifacts.prediction import Prediction
from segmend.core.labels import Labels
from segmend.errors import InputError
from segmend.pipeline.runs.decoded import scores_of
from segmend.scoring import score, soft_scores
from segmend.scoring.steps import soft


def reading(y_pred, y_true=(0, 1, 1, 0), y_prob=((0.7, 0.3), (0.4, 0.6), (0.55, 0.45), (0.8, 0.2))):
    truth = None if y_true is None else (np.array(y_true),)
    prob = None if y_prob is None else (np.array(y_prob),)
    said = (np.array(y_pred),)
    return Prediction(names=("a",), labels=Labels.numbered(2), y_true=truth, y_pred=said, y_prob=prob)


def test_two_readings_are_scored_as_they_are_alone_and_their_probabilities_are_ranked_once(monkeypatch):
    raw, decoded = reading([0, 1, 0, 0]), reading([0, 1, 1, 0])
    alone = {"decoded": score(decoded).to_dict(), "argmax": score(raw).to_dict()}
    times = []

    def ranked(steps):
        times.append(len(steps.y_true))
        return once(steps)

    once = soft.ranked
    monkeypatch.setattr(soft, "ranked", ranked)
    assert scores_of({"val": raw}, {"val": decoded}) == {"val": alone}
    assert times == [4]
    assert alone["decoded"]["step"]["accuracy"] == 1.0 and alone["argmax"]["step"]["accuracy"] == 0.75


def test_without_probabilities_there_is_nothing_to_share_and_without_truth_nothing_to_score():
    assert soft_scores(reading([0, 1, 0, 0], y_prob=None)) is None
    with pytest.raises(InputError, match="y_true: expected labels"):
        soft_scores(reading([0, 1, 0, 0], y_true=None))
