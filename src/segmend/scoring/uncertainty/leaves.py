"""Nested scores as a row of numbers, and back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from segmend.core.types import FloatArray

Path = tuple[str, ...]

TOTALS = ("per_recording", "confusion")
"""What a resample does not vary, or would vary cell by cell."""


def paths(content: Mapping[str, Any]) -> list[Path]:
    """The keys that lead to each number, in order; NaN is a number.

    >>> paths({"step": {"accuracy": 0.5, "confusion": None, "per_class": {"a": {"f1": float("nan")}}}, "segment": None})
    [('step', 'accuracy'), ('step', 'per_class', 'a', 'f1')]
    """
    return list(_walk(content))


def _walk(content: Mapping[str, Any]) -> Iterator[Path]:
    for key, value in content.items():
        if key in TOTALS:
            continue
        if isinstance(value, Mapping):
            yield from ((key, *rest) for rest in _walk(value))
        elif isinstance(value, int | float) and not isinstance(value, bool):
            yield (key,)


def numbers(content: Mapping[str, Any], at: Sequence[Path]) -> FloatArray:
    """The numbers at paths, shape (paths,); NaN where there is none.

    >>> numbers({"count": {"mae": 2.0}}, [("count", "mae"), ("step", "accuracy")])
    array([ 2., nan])
    """
    return np.array([_number(content, path) for path in at], np.float64)


def _number(content: Any, path: Path) -> float:
    for key in path:
        content = content.get(key) if content is not None else None
    return np.nan if content is None else content


def nested(at: Sequence[Path], values: Sequence[Any]) -> dict[str, Any]:
    """Values under the keys of their paths.

    >>> nested([("step", "accuracy"), ("step", "macro", "f1")], [1, 2])
    {'step': {'accuracy': 1, 'macro': {'f1': 2}}}
    """
    content: dict[str, Any] = {}
    for path, value in zip(at, values, strict=True):
        inner = content
        for key in path[:-1]:
            inner = inner.setdefault(key, {})
        inner[path[-1]] = value
    return content
