"""What files of arrays say of their signal beside its values."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from segmend.errors import InputError

RATE, CHANNELS = "sampling_rate_hz", "channels"
"""The names that it is said under."""


def rate_of(path: Path, value: Any) -> float | None:
    """The sampling rate that a file gives as a number or text; None where it gives none.

    Raises:
        InputError: no positive number.
    """
    if value is None:
        return None
    try:
        rate = float(np.asarray(value).reshape(()))
    except (TypeError, ValueError):
        rate = 0.0
    if not 0 < rate < float("inf"):
        raise InputError(f"{path}: {RATE}: expected a positive number. Received {value!s:.80}")
    return rate


def names_of(path: Path, value: Any, width: int) -> tuple[str, ...] | None:
    """The channel names that a file gives as an array of text; None where it gives none.

    Raises:
        InputError: more or fewer names than channels.
    """
    if value is None:
        return None
    texts = np.atleast_1d(value).tolist()
    if len(texts) != width:
        raise InputError(f"{path}: {CHANNELS}: expected {width} names. Received {len(texts)}")
    return tuple(each.decode("utf-8", "replace") if isinstance(each, bytes) else str(each) for each in texts)
