"""Arrays as short text inside a page: whole numbers, little-endian, in base64."""

from __future__ import annotations

import base64
import json
from typing import Any

import numpy as np
from markupsafe import Markup

from segmend.core.segments import runs
from segmend.core.types import FloatArray, IntArray

_UNSAFE = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


def packed(values: IntArray, kind: str) -> str:
    """Base64 of the values as little-endian numbers of a NumPy kind such as "u2".

    >>> packed(np.array([1, 2]), "u1")
    'AQI='
    """
    return base64.b64encode(values.astype(f"<{kind}").tobytes()).decode("ascii")


def quantised(values: FloatArray, low: float, high: float, kind: str) -> str:
    """Values from ``low`` to ``high`` on the scale of an unsigned kind; its largest number stands for "missing".

    >>> quantised(np.array([0.0, 1.0, np.nan]), 0.0, 1.0, "u1") == packed(np.array([0, 254, 255]), "u1")
    True
    """
    missing = np.iinfo(kind).max
    scaled = (np.clip(values, low, high) - low) / ((high - low) or 1.0) * (missing - 1)
    return packed(np.where(np.isfinite(values), np.rint(scaled), missing).astype(np.int64), kind)


def packed_runs(steps: IntArray, limit: int) -> dict[str, Any]:
    """The runs of a lane: first step and class number of each.

    A lane of more than ``limit`` runs is read at evenly spaced steps, which keeps the share of each class to the eye.

    Returns:
        ``starts`` (u4) and ``labels`` (i2) packed, and ``exact``: False where the lane was thinned.
    """
    start, _, label = runs(steps)
    exact = len(start) <= limit
    if not exact:
        at = np.linspace(0, len(steps), limit, endpoint=False).astype(np.int64)
        first, _, label = runs(steps[at])
        start = at[first]
    return {"starts": packed(start, "u4"), "labels": packed(label, "i2"), "exact": exact}


def script_json(content: Any) -> Markup:
    r"""JSON that may stand inside a script element: nothing in it can end the element or open a comment.

    >>> str(script_json({"name": "</script>"}))
    '{"name":"\\u003c/script\\u003e"}'
    """
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return Markup(text.translate(_UNSAFE))  # every sign that HTML knows is escaped above
