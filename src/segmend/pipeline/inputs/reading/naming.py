"""Names of classes, recordings and groups for bare arrays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from segmend.core.labels import IGNORE, Labels
from segmend.core.types import IntArray
from segmend.errors import InputError


def labels_of(
    dense: Sequence[IntArray], prob: Sequence[Any] | None, names: Sequence[str] | None, background: int | None
) -> Labels:
    """Class names, from ``labels=`` or from the numbers themselves.

    Args:
        dense: class numbers of both sides.
        prob: probabilities (*spatial, classes), or None.
        names: as users gave them.
        background: class number that is no segment, or None.

    Raises:
        InputError: the names do not fit the classes.
    """
    if prob:
        classes = width("y_prob", prob)
    else:
        classes = max([0, *(int(rows.max()) for rows in dense if rows.size)]) + 1
        if names is not None:
            classes = max(classes, len(names) + (background is not None))
    if names is None:
        return Labels.numbered(classes, background)
    if prob and len(names) == classes:
        return Labels(tuple(str(name) for name in names), background)
    if prob and len(names) + (background is not None) != classes:
        raise InputError(
            f"labels: expected {classes - (background is not None)} names for the {classes} classes of y_prob. "
            f"Received {len(names)}"
        )
    return Labels.of(names, background)


def background_of_whole(
    dense: Sequence[IntArray], prob: Sequence[Any] | None, names: Sequence[str] | None, background: int | None
) -> int | None:
    """The background where whole recordings have one class: none, unless one name is lacking for it.

    Examples:
        >>> numbers = [np.array(2)]
        >>> background_of_whole(numbers, None, ["a", "b", "c"], 0), background_of_whole(numbers, None, ["b", "c"], 0)
        (None, 0)
    """
    classes = width("y_prob", prob) if prob else max((int(rows.max()) for rows in dense if rows.size), default=0) + 1
    return background if names is not None and len(names) < classes else None


def labels_that_overlap(classes: int, names: Sequence[str] | None) -> Labels:
    """Class names where labels may overlap: no class is a background.

    Raises:
        InputError: there is not one name per class.
    """
    if names is None:
        return Labels.numbered(classes, None)
    if len(names) != classes:
        raise InputError(f"labels: expected {classes} names, one for each class. Received {len(names)}")
    return Labels.of(names, None)


def width(name: str, rows: Sequence[Any]) -> int:
    """Number of classes, the last axis of every entry.

    Raises:
        InputError: entries differ.
    """
    classes = int(rows[0].shape[-1])
    for k, row in enumerate(rows):
        if row.shape[-1] != classes:
            raise InputError(f"{name}[{k}]: expected {classes} classes as in {name}[0]. Received {row.shape[-1]}")
    return classes


def refuse_unknown(labels: Labels, name: str, rows: Sequence[IntArray]) -> None:
    """Refuse numbers that are no class.

    Raises:
        InputError: naming the first.
    """
    for k, row in enumerate(rows):
        wrong = np.argwhere((row < IGNORE) | (row >= len(labels)))
        if len(wrong):
            place = wrong[0].tolist()
            at = f" at step {place[0]}" if len(place) == 1 else f" at {tuple(place)}" if place else ""
            raise InputError(
                f"{name}[{k}]: expected class numbers from 0 to {len(labels) - 1}, or -1 (not judged). "
                f"Received {row[tuple(place)]}{at}"
            )


def names_of(names: Sequence[str] | None, count: int) -> tuple[str, ...]:
    """Names of recordings; row numbers where there are none.

    Raises:
        InputError: there is not one distinct name per recording.
    """
    if names is None:
        return tuple(map(str, range(count)))
    if len(names) != count or len(set(names)) != count:
        raise InputError(f"names: expected {count} distinct names. Received {len(names)}")
    return tuple(str(name) for name in names)


def groups_of(groups: Sequence[Any] | None, count: int) -> tuple[str, ...] | None:
    """The group of each recording.

    Raises:
        InputError: there is not one per recording.
    """
    if groups is None:
        return None
    if len(groups) != count:
        raise InputError(f"groups: expected one value for each of {count} recordings. Received {len(groups)}")
    return tuple(str(group) for group in groups)
