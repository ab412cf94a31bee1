"""Some of a prediction's recordings."""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Sequence
from typing import Any

from segmend.artifacts.prediction import Prediction
from segmend.errors import InputError

COLUMNS = ("y_true", "y_pred", "y_prob", "reference", "predicted", "instances", "predicted_instances", "groups")


def part_of(prediction: Prediction, names: Sequence[str]) -> Prediction:
    """The recordings of the given names, in their order."""
    number = {name: k for k, name in enumerate(prediction.names)}
    kept = [number[name] for name in names]

    def rows(column: Any) -> Any:
        return None if column is None else tuple(column[k] for k in kept)

    chosen = {column: rows(getattr(prediction, column)) for column in COLUMNS}
    return dataclasses.replace(prediction, names=tuple(names), **chosen)


def names_of_role(prediction: Prediction, role: str) -> tuple[str, ...]:
    """The recordings of one role or fold, in the order of the prediction.

    Raises:
        InputError: the splits have no such role, or none of its recordings is here.
    """
    if role not in prediction.splits:
        near = difflib.get_close_matches(role, prediction.splits, n=1)
        hint = f'; did you mean "{near[0]}"?' if near else ""
        raise InputError(f'split: expected one of {list(prediction.splits)}. Received "{role}"{hint}')
    members = set(prediction.splits[role])
    names = tuple(name for name in prediction.names if name in members)
    if not names:
        raise InputError(f'split: expected predictions of some recording of "{role}". Received none')
    return names
