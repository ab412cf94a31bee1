"""Durations as people write them."""

from __future__ import annotations

import re

from segmend.errors import InputError


def seconds_of(budget: float | str) -> float:
    """The seconds in a budget: a number, or text such as "90s", "10m", "1.5h" or "600".

    Examples:
        >>> seconds_of("10m"), seconds_of("90s"), seconds_of(45)
        (600.0, 90.0, 45.0)

    Raises:
        InputError: no positive duration.
    """
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([smh]?)", str(budget).strip())
    value = float(match[1]) * {"": 1, "s": 1, "m": 60, "h": 3600}[match[2]] if match else 0.0
    if value <= 0:
        raise InputError(f'budget: expected a duration such as 90s, 10m or 1.5h. Received "{budget}"')
    return value
