"""Reading the arguments of transforms."""

from __future__ import annotations

import math
from collections.abc import Sequence

from segmend.errors import InputError


def number(name: str, value: float, *, least: float = -math.inf, most: float = math.inf) -> float:
    """A finite number within limits.

    Raises:
        InputError: it is none.

    Examples:
        >>> number("share", 1, least=0, most=1)
        1.0
    """
    if not isinstance(value, int | float) or not math.isfinite(value) or not least <= value <= most:
        raise InputError(f"{name}: expected a number {_between(least, most)}. Received {value!r}")
    return float(value)


def whole(name: str, value: int, *, least: int) -> int:
    """An integer of at least ``least``.

    Raises:
        InputError: it is none.

    Examples:
        >>> whole("knots", 4, least=2)
        4
    """
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise InputError(f"{name}: expected an integer of at least {least}. Received {value!r}")
    return value


def limits(name: str, values: float | Sequence[float], *, least: float = -math.inf) -> tuple[float, float]:
    """The lowest and highest value of a draw; one number stands for both.

    Raises:
        InputError: they are not two numbers in order.

    Examples:
        >>> limits("snr", (10, 30)), limits("snr", 20)
        ((10.0, 30.0), (20.0, 20.0))
    """
    pair = (values, values) if isinstance(values, int | float) else tuple(values)
    if len(pair) != 2 or pair[0] > pair[1]:
        raise InputError(f"{name}: expected a number, or the lowest and the highest. Received {values!r}")
    return number(name, pair[0], least=least), number(name, pair[1], least=least)


def _between(least: float, most: float) -> str:
    if math.isinf(most):
        return "" if math.isinf(least) else f"of at least {least:g}"
    return f"from {least:g} to {most:g}"
