"""Which class has which name and number, from what a folder and the caller say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from segmend.core.labels import BACKGROUND_NAME, Labels
from segmend.errors import InputError
from segmend.loading.description import Description


def numbered(names: Sequence[str], background: int | None) -> Labels:
    """The classes of a task; where the names hold the background's own name, it is not added a second time.

    Examples:
        >>> numbered(["P", "QRS"], 0).names
        ('background', 'P', 'QRS')
        >>> numbered(["background", "P"], 0).names
        ('background', 'P')
    """
    if background is not None and background < len(names) and names[background].lower() == BACKGROUND_NAME:
        return Labels(tuple(names), background)
    return Labels.of(names, background)


def choose_labels(
    description: Description,
    classes: int | None,
    highest: int,
    names: Sequence[str] | None,
    background: int | str | None,
) -> Labels:
    """The classes of predictions.

    Args:
        description: the folder's dataset.json.
        classes: number of score columns, None where there are no scores.
        highest: highest class number among the labels.
        names: what the caller gave instead of the labels in dataset.json.
        background: a number, None, or "auto".

    Raises:
        InputError: more or fewer names than classes.
    """
    if background == "auto":
        background = description.background
    given = list(names if names is not None else description.labels or ())
    if not given:
        return Labels.numbered(classes or max(highest, 0) + 1, 0 if isinstance(background, str) else background)
    if isinstance(background, str):
        called = background_among(given)
        background = called if called is not None or len(given) == classes else 0
    complete = classes is not None and len(given) == classes
    labels = Labels(tuple(given), background) if complete else numbered(given, background)
    if classes is not None and len(labels) != classes:
        source = "labels" if names is not None else f"{description.path}: labels"
        raise InputError(
            f"{source}: expected {classes} names for the {classes} classes of the scores "
            f"(or {classes - 1} without the background's). Received {len(given)}"
        )
    return labels


def overlapping_labels(description: Description, classes: int | None, names: Sequence[str] | None) -> Labels:
    """The classes where labels may overlap: one name per score column, none of them a background.

    Raises:
        InputError: there are no names, or more or fewer than classes.
    """
    given = list(names if names is not None else description.labels or ())
    if not given and classes is not None:
        return Labels.numbered(classes, None)
    if not given or len(given) != (classes or len(given)):
        source = "labels" if names is not None else f"{description.path}: labels"
        raise InputError(f"{source}: expected {classes or 'the'} names, one for each class. Received {len(given)}")
    return Labels.of(given, None)


def found_names(labels: Iterable[str]) -> list[str]:
    """The names of classes that were found, the background's own before all others, so that it keeps number 0.

    Examples:
        >>> found_names(["B", "background", "A", "", "B"])
        ['background', 'A', 'B']
    """
    return sorted({name for name in labels if name}, key=lambda name: (name.lower() != BACKGROUND_NAME, name))


def background_among(names: Sequence[str]) -> int | None:
    """The number of the class that is called background, None where no class is."""
    lower = [name.lower() for name in names]
    return lower.index(BACKGROUND_NAME) if BACKGROUND_NAME in lower else None
