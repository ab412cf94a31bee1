"""Which decoder reads the labels off the probabilities."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from typing import Any

import numpy as np

from segmend import decoding
from segmend.artifacts.decoder import DecoderRecord
from segmend.artifacts.prediction import Prediction
from segmend.core.labels import IGNORE
from segmend.decoding.search import search
from segmend.scoring.objective import parse

TIE = 0.002
"""A decoder must beat a simpler one by this much of the objective."""


def choose_decoder(
    prediction: Prediction, candidates: Sequence[str], objective: str, *, deadline: float = math.inf
) -> DecoderRecord:
    """Fit the candidates on labelled predictions; inner folds by group decide between them.

    Where nothing is there to be found, the first one keeps its start: a search would prefer what finds something.

    Args:
        prediction: validation recordings with ``y_true`` and ``y_prob``, of any task.
        candidates: names in the catalogue, from the simplest to the most elaborate; the first of equals is taken.
        objective: what is maximised.
        deadline: ``time.monotonic()`` at which searches stop with the best setting so far.

    Raises:
        InputError: the objective or a candidate is unknown, or a candidate does not serve the task.
    """
    assert prediction.y_true is not None
    assert prediction.y_prob is not None
    wanted, task = parse(objective), prediction.task
    options: dict[str, Any] = {
        "groups": prediction.groups,
        "reference": prediction.reference,
        "instances": prediction.instances,
        "task": task,
    }
    best, score, setting = candidates[0], -math.inf, dict(decoding.resolve(candidates[0], task).start)
    for k, name in enumerate(candidates if _anything(prediction) else ()):
        until = deadline if math.isinf(deadline) else _share(deadline, len(candidates) - k)
        decoder = decoding.resolve(name, task)
        found = search(
            decoder, prediction.y_prob, prediction.y_true, prediction.labels, wanted, deadline=until, **options
        )
        if found.value > score + TIE:
            best, score, setting = name, found.value, found.setting
    return decoding.fit(
        best,
        prediction.y_prob,
        prediction.y_true,
        labels=prediction.labels,
        objective=wanted,
        setting=setting,
        **options,
    )


def _anything(prediction: Prediction) -> bool:
    """Whether one of the recordings has a label that is not the background."""
    assert prediction.y_true is not None
    if prediction.multilabel:
        return any(bool((np.asarray(true) == 1).any()) for true in prediction.y_true)
    nothing = [IGNORE] if prediction.labels.background is None else [IGNORE, prediction.labels.background]
    return any(not np.isin(true, nothing).all() for true in prediction.y_true)


def _share(deadline: float, waiting: int) -> float:
    """When the next of the waiting candidates must be done, so that each gets as much of the time that is left."""
    now = time.monotonic()
    return now + (deadline - now) / waiting
