"""Numbers with the things that they count, and tables of them."""

from __future__ import annotations

from collections.abc import Sequence


def counted(number: float, what: str) -> str:
    """A number of things.

    Args:
        number: how many.
        what: one of them, a word that takes an s.

    >>> counted(1, "image"), counted(4888, "image")
    ('1 image', '4,888 images')
    """
    return f"{number:,.0f} {what}{'' if number == 1 else 's'}"


def aligned(rows: Sequence[Sequence[str]]) -> str:
    """Rows as lines: the first column to the left, the others to the right; nothing is cut in a narrow window.

    >>> print(aligned([("class", "F1"), ("QRS", "0.981")]))
    class     F1
    QRS    0.981
    """
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]).rstrip() for row in rows
    )
