"""Which decoder reads the labels off the probabilities."""

from __future__ import annotations

import math
from collections.abc import Sequence

from segmend import catalogue, decoding
from segmend.artifacts.decoder import DecoderRecord
from segmend.artifacts.prediction import Prediction
from segmend.decoding.search import search
from segmend.scoring.objective import parse

TIE = 0.002
"""A decoder must beat a simpler one by this much of the objective."""


def choose_decoder(
    prediction: Prediction, candidates: Sequence[str], objective: str, *, deadline: float = math.inf
) -> DecoderRecord:
    """Fit the candidates on labelled predictions; inner folds by group decide between them.

    Args:
        prediction: validation recordings with ``y_true`` and ``y_prob``.
        candidates: names in the catalogue, from the simplest to the most elaborate; the first of equals is taken.
        objective: what is maximised.
        deadline: ``time.monotonic()`` at which searches stop with the best setting so far.

    Raises:
        InputError: the objective or a candidate is unknown.
    """
    assert prediction.y_true is not None
    assert prediction.y_prob is not None
    wanted = parse(objective)
    best, score, setting = candidates[0], -math.inf, {}
    for name in candidates:
        found = search(
            catalogue.resolve("decoders", name),
            prediction.y_prob,
            prediction.y_true,
            prediction.labels,
            wanted,
            groups=prediction.groups,
            reference=prediction.reference,
            deadline=deadline,
        )
        if found.value > score + TIE:
            best, score, setting = name, found.value, found.setting
    return decoding.fit(
        best,
        prediction.y_prob,
        prediction.y_true,
        labels=prediction.labels,
        groups=prediction.groups,
        objective=wanted,
        reference=prediction.reference,
        setting=setting,
    )
