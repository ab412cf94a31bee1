"""Numbers and spans of time as people write them."""

from __future__ import annotations

import math

MISSING = "–"


def count(value: float | None) -> str:
    """A whole number with thousands marked.

    >>> count(3329), count(None)
    ('3,329', '–')
    """
    return MISSING if value is None or not math.isfinite(value) else f"{value:,.0f}"


def decimal(value: float | None, digits: int = 2) -> str:
    """A number with a fixed number of decimals.

    >>> decimal(0.8125), decimal(1234.5, 1), decimal(float("nan"))
    ('0.81', '1,234.5', '–')
    """
    return MISSING if value is None or not math.isfinite(value) else f"{value:,.{digits}f}"


def percent(value: float | None, digits: int = 0) -> str:
    """A share as per cent.

    >>> percent(0.694), percent(0.0042, 1)
    ('69 %', '0.4 %')
    """
    return MISSING if value is None or not math.isfinite(value) else f"{100 * value:.{digits}f} %"


def figure(value: object) -> str:
    """Any evidence value: numbers to three digits, lists item by item, the rest as text.

    >>> figure(4.0987), figure(812), figure(None), figure([5, 0.25]), figure(1200000.0)
    ('4.1', '812', '–', '5, 0.25', '1,200,000')
    """
    if value is None:
        return MISSING
    if isinstance(value, bool | str):
        return str(value)
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        if not math.isfinite(value):
            return MISSING
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
    if isinstance(value, dict):
        return ", ".join(f"{key}: {figure(item)}" for key, item in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(figure(item) for item in value)
    return str(value)


def duration(steps: float | None, rate: float | None) -> str:
    """A length in the unit that suits it.

    >>> duration(250, 50), duration(90_000, 50), duration(250, None), duration(12, 500)
    ('5.0 s', '30.0 min', '250 steps', '24 ms')
    """
    if steps is None or not math.isfinite(steps):
        return MISSING
    if not rate:
        return f"{steps:,.0f} step{'' if steps == 1 else 's'}"
    seconds = steps / rate
    if seconds < 1:
        return f"{1000 * seconds:.0f} ms"
    for limit, size, unit in ((120, 1, "s"), (7200, 60, "min"), (math.inf, 3600, "h")):
        if seconds < limit:
            return f"{seconds / size:,.1f} {unit}"
    raise AssertionError


def area(pixels: float | None) -> str:
    """A number of pixels.

    >>> area(1250.0), area(None)
    ('1,250 px', '–')
    """
    return MISSING if pixels is None or not math.isfinite(pixels) else f"{pixels:,.0f} px"


def departure(predicted: float, reference: float) -> str:
    """How far a count is from the truth, in words.

    >>> departure(3329, 812), departure(805, 812), departure(500, 812), departure(42, 42), departure(1, 0)
    ('4.1 times too many', '0.9 % too few', '38 % too few', 'exactly right', 'too many')
    """
    if predicted == reference:
        return "exactly right"
    if not reference:
        return "too many"
    ratio = predicted / reference
    if ratio >= 1.995:
        return f"{ratio:,.1f} times too many"
    off = 100 * abs(ratio - 1)
    return f"{off:.{0 if off >= 1 else 1}f} % too {'many' if ratio > 1 else 'few'}"
