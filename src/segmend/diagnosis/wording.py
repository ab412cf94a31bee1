"""Numbers and lists as findings say them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from segmend.core.task import Task

Class = TypeVar("Class", str, int)


def number(value: float) -> str:
    """Three figures at most: 0.87, 4.1, 91, 132.

    >>> number(0.874), number(4.099), number(91.0), number(131.6)
    ('0.87', '4.1', '91', '132')
    """
    if value < 2:
        return f"{value:.2f}"
    return f"{value:.1f}".removesuffix(".0") if value < 100 else f"{value:.0f}"


def percent(share: float) -> str:
    """A share as per cent, with figures enough not to say 0 or 100 of what is not.

    >>> percent(0.876), percent(0.9994), percent(0.0004)
    ('88 %', '99.94 %', '0.04 %')
    """
    rounded = round(100 * share)
    if share not in (0, 1) and rounded in (0, 100):
        return f"{100 * share:.2f} %"
    return f"{rounded} %"


def called(name: str) -> str:
    """A class as sentences call it: a name that is a number only says that it is a class.

    >>> called("QRS"), called("1")
    ('QRS', 'class 1')
    """
    return f"class {name}" if name.isdigit() else name


def holders(task: Task) -> str:
    """What the data consist of: "recordings", or "images".

    >>> holders(Task.named("classification", 3, rank=2))
    'images'
    """
    return task.holders


def listed(names: Sequence[str], most: int = 4) -> str:
    """Names with commas, the tail as a number.

    >>> listed(["a", "b"]), listed(list("abcdef"))
    ('a, b', 'a, b, c, d and 2 more')
    """
    head = ", ".join(names[:most])
    return head if len(names) <= most else f"{head} and {len(names) - most} more"


def labels_apart(names: Sequence[Class], classes: int) -> list[list[Class]]:
    """The classes that one finding speaks of: most of the classes together, else each by itself.

    Args:
        names: the classes concerned, by name or number.
        classes: number of classes that could have been.

    Examples:
        >>> labels_apart(["a", "b"], 5), labels_apart(["a", "b", "c"], 5)
        ([['a'], ['b']], [['a', 'b', 'c']])
    """
    if len(names) >= 3 and 2 * len(names) > classes:
        return [list(names)]
    return [[name] for name in names]
