"""Scores taken for probabilities, and saying so."""

from __future__ import annotations

import dataclasses

from segmend.artifacts.prediction import Prediction
from segmend.decoding.temperature import as_probabilities


def with_probabilities(prediction: Prediction) -> tuple[Prediction, tuple[str, ...]]:
    """The prediction with probabilities in ``y_prob``, and a sentence where scores were turned into them."""
    if prediction.y_prob is None or prediction.temperature is not None:
        return prediction, ()
    multilabel = prediction.multilabel
    y_prob, temperature = as_probabilities(
        prediction.y_prob, prediction.y_true, prediction.groups, multilabel=multilabel
    )
    if temperature is None:
        return prediction, ()
    made = "sigmoid" if multilabel else "softmax"
    note = f"y_prob holds scores, not probabilities: {made} with temperature {temperature:.3g}, fitted to the labels"
    return dataclasses.replace(prediction, y_prob=y_prob, temperature=temperature), (note,)
