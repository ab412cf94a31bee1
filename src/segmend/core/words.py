"""Numbers with the things that they count."""

from __future__ import annotations


def counted(number: float, what: str) -> str:
    """A number of things.

    Args:
        number: how many.
        what: one of them, a word that takes an s.

    >>> counted(1, "image"), counted(4888, "image")
    ('1 image', '4,888 images')
    """
    return f"{number:,.0f} {what}{'' if number == 1 else 's'}"
