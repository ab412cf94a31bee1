"""Predictions by role: decoded, scored, and put together."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from segmend.artifacts.decoder import DecoderRecord
from segmend.artifacts.prediction import Prediction
from segmend.core.regions import Regions
from segmend.core.types import FloatArray
from segmend.pipeline.inputs.selection import COLUMNS


def decode(prediction: Prediction, decoder: DecoderRecord) -> Prediction:
    """The same prediction with decoded labels; of images with objects too.

    Recordings of a group are taken for one site's, and so are all where nobody says of which group they are.
    """
    assert prediction.y_prob is not None
    every = range(len(prediction.y_prob))
    answers = answers_of(prediction.y_prob, decoder, prediction.groups or [""] * len(every), every)
    return answered(prediction, [answers[k] for k in every])


def answers_of(
    y_prob: Sequence[FloatArray], decoder: DecoderRecord, groups: Sequence[str], index: Sequence[int]
) -> dict[int, Any]:
    """What a decoder answers of some recordings, by their number; those of a group are one site's."""
    from segmend import decoding
    from segmend.decoding.judge import by_group

    restored = decoding.restore(decoder)
    answers: dict[int, Any] = {}
    for own in by_group(index, groups):
        adapted = restored.adapted([y_prob[k] for k in own])
        answers |= {k: adapted.decode(y_prob[k]) for k in own}
    return answers


def answered(prediction: Prediction, answers: Sequence[Any]) -> Prediction:
    """The same prediction with the answers of decoders, one per recording; of images with objects too."""
    if not answers or not isinstance(answers[0], Regions):
        return dataclasses.replace(prediction, y_pred=tuple(answers))
    return dataclasses.replace(
        prediction,
        y_pred=tuple(regions.mask for regions in answers),
        predicted_instances=_all([regions.instances for regions in answers]),
    )


def scores_of(raw: Mapping[str, Prediction], decoded: Mapping[str, Prediction]) -> dict[str, Any]:
    """Scores by role, decoded and by argmax."""
    return {role: scores_of_both(prediction, decoded[role]) for role, prediction in raw.items()}


def scores_of_both(raw: Prediction, decoded: Prediction) -> dict[str, Any]:
    """Scores of two readings of the same probabilities, which are ranked once."""
    from segmend.scoring import score, soft_scores

    soft = soft_scores(raw)
    return {"decoded": score(decoded, soft=soft).to_dict(), "argmax": score(raw, soft=soft).to_dict()}


def joined(parts: Sequence[Prediction]) -> Prediction:
    """Predictions of several roles as one; a recording in two roles stands once."""
    rows = {name: (part, k) for part in parts for k, name in enumerate(part.names)}

    def column(key: str) -> Any:
        if any(getattr(part, key) is None for part in parts):
            return None
        return tuple(getattr(part, key)[k] for part, k in rows.values())

    return dataclasses.replace(
        parts[0],
        names=tuple(rows),
        **{key: column(key) for key in COLUMNS},
        splits={role: names for part in parts for role, names in part.splits.items()},
    )


def _all(columns: Sequence[Any]) -> tuple[Any, ...] | None:
    return None if any(column is None for column in columns) else tuple(columns)
