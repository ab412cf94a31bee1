"""A prediction before anything was decoded."""

from __future__ import annotations

import dataclasses

from segmend.artifacts.prediction import Prediction
from segmend.core.undecoded import undecoded
from segmend.errors import InputError


def undecided(prediction: Prediction) -> Prediction:
    """The same with what its probabilities say by themselves, nothing decoded.

    Raises:
        InputError: probabilities are not known.
    """
    if prediction.y_prob is None:
        raise InputError("prediction: expected one with y_prob. Received one without")
    plain = tuple(undecoded(rows, multilabel=prediction.multilabel) for rows in prediction.y_prob)
    return dataclasses.replace(prediction, y_pred=plain, predicted=None, predicted_instances=None)
