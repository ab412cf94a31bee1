"""Scores taken for probabilities, and saying so."""

from __future__ import annotations

import dataclasses

from segmend.artifacts.prediction import Prediction
from segmend.decoding.temperature import as_probabilities


def with_probabilities(prediction: Prediction) -> tuple[Prediction, tuple[str, ...]]:
    """The prediction with rows of ``y_prob`` that sum to 1, and a sentence where scores were turned into them."""
    if prediction.y_prob is None or prediction.temperature is not None:
        return prediction, ()
    y_prob, temperature = as_probabilities(prediction.y_prob, prediction.y_true, prediction.groups)
    if temperature is None:
        return prediction, ()
    note = f"y_prob holds scores, not probabilities: softmax with temperature {temperature:.3g}, fitted to the labels"
    return dataclasses.replace(prediction, y_prob=y_prob, temperature=temperature), (note,)
