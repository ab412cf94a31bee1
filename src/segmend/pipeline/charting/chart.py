"""What is known, put on one chart for the doctor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from segmend.artifacts.anatomy import Anatomy
from segmend.artifacts.chart import Chart
from segmend.artifacts.fingerprint import Fingerprint
from segmend.artifacts.history import History
from segmend.artifacts.prediction import Prediction
from segmend.core.labels import IGNORE
from segmend.errors import InputError


def chart_of(
    prediction: Prediction,
    *,
    judged_on: str,
    fingerprint: Fingerprint | None = None,
    anatomy: Anatomy | None = None,
    history: History | None = None,
    targets: Mapping[str, Any] | None = None,
    probe: Mapping[str, Any] | None = None,
    fit_arguments: Mapping[str, Any] | None = None,
    edit: bool = True,
) -> Chart:
    """Score a prediction, climb its oracle ladder, and lay both beside what else is known.

    Args:
        prediction: with ``y_true``.
        judged_on: which data the prediction is of.
        fingerprint: facts about the data; from the labels alone where None.
        anatomy: facts about the model.
        history: facts about the training.
        targets: facts about ``y``, as ``Chart`` lists them.
        probe: what trying a few recordings showed, as ``Chart`` lists it.
        fit_arguments: class_weight and the like, as given.
        edit: compute the edit score too; no rule needs it.

    Raises:
        InputError: there is nothing to judge the prediction by.
    """
    from segmend.fingerprinting import of_labels, opinion_of
    from segmend.scoring import score
    from segmend.scoring.oracle import ladder_of_prediction

    if prediction.y_true is None:
        raise InputError("y_true: expected reference labels to judge the predictions by. Received none")
    if not any(np.any(np.asarray(steps) != IGNORE) for steps in prediction.y_true):
        raise InputError("y_true: expected at least one labelled step. Received none")
    return Chart(
        task=prediction.task,
        labels=prediction.labels,
        judged_on=judged_on,
        fingerprint=fingerprint or of_labels(prediction),
        prediction=prediction,
        scores=score(prediction, edit=edit),
        oracle=ladder_of_prediction(prediction),
        anatomy=anatomy,
        history=history,
        targets=targets,
        probe=probe,
        fit_arguments=dict(fit_arguments or {}),
        own_opinion=opinion_of(prediction),
    )
