"""Numbers with the things that they count, and tables of them."""

from __future__ import annotations

import re
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


def first_line(error: BaseException, most: int = 200) -> str:
    r"""The first line of what somebody else's error says, for a message of our own; "" where it says nothing.

    The line that Keras puts before an error in a layer is left out, and the colour of the next one.

    Args:
        error: raised by Keras, a backend or a user's code.
        most: characters.

    >>> first_line(ValueError("\n shapes differ\n  more")), first_line(ValueError())
    ('shapes differ', '')
    >>> first_line(ValueError("Exception encountered when calling A.call().\n\n\x1b[1mno weights\x1b[0m"))
    'no weights'
    """
    lines = [line for line in re.sub(r"\x1b\[\d*m", "", str(error)).strip().splitlines() if line.strip()]
    framed = len(lines) > 1 and lines[0].startswith("Exception encountered when calling")
    return lines[framed][:most] if lines else ""


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
