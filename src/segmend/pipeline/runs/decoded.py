"""Predictions by role: decoded, scored, and put together."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from segmend.artifacts.decoder import DecoderRecord
from segmend.artifacts.prediction import Prediction


def decode(prediction: Prediction, decoder: DecoderRecord) -> Prediction:
    """The same prediction with decoded labels."""
    from segmend import decoding

    assert prediction.y_prob is not None
    restored = decoding.restore(decoder)
    return dataclasses.replace(prediction, y_pred=tuple(restored.decode(rows) for rows in prediction.y_prob))


def scores_of(raw: Mapping[str, Prediction], decoded: Mapping[str, Prediction]) -> dict[str, Any]:
    """Scores by role, decoded and by argmax."""
    from segmend.scoring import score

    return {
        role: {"decoded": score(decoded[role]).to_dict(), "argmax": score(prediction).to_dict()}
        for role, prediction in raw.items()
    }


def joined(parts: Sequence[Prediction]) -> Prediction:
    """Predictions of several roles as one; a recording in two roles stands once."""
    rows = {name: (part, k) for part in parts for k, name in enumerate(part.names)}

    def column(key: str) -> tuple[Any, ...]:
        return tuple(getattr(part, key)[k] for part, k in rows.values())

    return dataclasses.replace(
        parts[0],
        names=tuple(rows),
        y_true=column("y_true"),
        y_pred=column("y_pred"),
        y_prob=column("y_prob"),
        reference=column("reference"),
        groups=column("groups"),
        splits={role: names for part in parts for role, names in part.splits.items()},
    )
