"""Anything that ``fit`` takes, read as lists of recordings."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import islice
from typing import Any, NamedTuple

from segmend.core.tensors import as_numpy, is_tensor
from segmend.core.types import FloatArray, IntArray
from segmend.errors import InputError, NotYetError

MOST = 100
"""Batches that are read where neither ``max_batches`` nor a length says where to stop."""


class Examples(NamedTuple):
    """Recordings as lists.

    Attributes:
        x: one array per recording, (*spatial, channels).
        y: one array per recording, as given.
        weight: one array (or number) per recording, or None.
    """

    x: list[FloatArray]
    y: list[IntArray]
    weight: list[FloatArray] | None


def read_examples(x: Any, y: Any, weight: Any = None, *, max_batches: int | None = None, name: str = "x") -> Examples:
    """Recordings from arrays, lists of arrays, or batches.

    Args:
        x: an array with the recordings stacked, a list with one array per recording, or, where ``y`` is None, an
            iterable (or a sequence with a length, as PyDataset) of batches (x, y) or (x, y, sample_weight).
        y: labels of ``x``.
        weight: sample weights of ``x``.
        max_batches: most batches to read.
        name: of the argument, for messages.

    Raises:
        InputError: there are no labels, or numbers of recordings differ.
        NotYetError: several inputs, or volumes.
    """
    if in_batches(x, y):
        return _supported(_from_batches(x, max_batches, name), name)
    if y is None:
        raise InputError(f"y: expected labels for {name}. Received none")
    every = Examples(_rows(x, name), _rows(y, "y"), None if weight is None else _rows(weight, "sample_weight"))
    if len(every.x) != len(every.y):
        raise InputError(f"y: expected {len(every.x)} recordings as in {name}. Received {len(every.y)}")
    return _supported(every, name)


def in_batches(x: Any, y: Any) -> bool:
    """Whether what is given brings its labels along in batches, as nothing is given beside it."""
    return y is None and not (isinstance(x, list | tuple) or is_tensor(x))


def _supported(every: Examples, name: str) -> Examples:
    """The examples, refused where they are of a task that is not there yet."""
    if not every.x:
        raise InputError(f"{name}: expected at least one recording. Received none")
    for k, (x, y) in enumerate(zip(every.x, every.y, strict=True)):
        if x.dtype.kind not in "biuf" or y.dtype.kind not in "biuf":
            which, dtype = (f"{name}[{k}]", x.dtype) if x.dtype.kind not in "biuf" else (f"y[{k}]", y.dtype)
            raise InputError(f"{which}: expected numbers. Received dtype {dtype}")
        if x.ndim > 3:
            raise NotYetError(
                f"{name}[{k}]: volumes (shape {x.shape}) are not there yet; expected (steps, channels) or "
                "(height, width, channels)"
            )
    return every


def _from_batches(source: Any, max_batches: int | None, name: str) -> Examples:
    x: list[FloatArray] = []
    y: list[IntArray] = []
    weight: list[FloatArray] = []
    for k, batch in enumerate(islice(batches_of(source, name), max_batches or length_of(source) or MOST)):
        if not isinstance(batch, tuple | list) or not 2 <= len(batch) <= 3:
            raise InputError(
                f"{name}: expected batches (x, y) or (x, y, sample_weight). Received {type(batch).__name__}"
            )
        x.extend(_rows(batch[0], f"{name}, batch {k}"))
        y.extend(_rows(batch[1], f"y, batch {k}"))
        if len(batch) == 3 and batch[2] is not None:
            weight.extend(_rows(batch[2], f"sample_weight, batch {k}"))
    if not x:
        raise InputError(f"{name}: expected at least one batch. Received none")
    return Examples(x, y, weight or None)


def batches_of(source: Any, name: str) -> Iterator[Any]:
    """The batches in order; a sequence is read by its numbers, since PyDataset has no iterator of its own.

    A map-style Dataset of PyTorch holds recordings, not batches: each is made a batch of one.
    """
    if _holds_recordings(source):
        return (tuple(as_numpy(part)[None] for part in source[k]) for k in range(len(source)))
    if hasattr(source, "__getitem__") and length_of(source) is not None:
        return (source[k] for k in range(length_of(source) or 0))
    if not hasattr(source, "__iter__"):
        raise InputError(f"{name}: expected arrays or an iterable of batches. Received {type(source).__name__}")
    return iter(source)


def _holds_recordings(source: Any) -> bool:
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(source, torch.utils.data.Dataset) and hasattr(source, "__len__")


def length_of(source: Any) -> int | None:
    """Number of batches; None where it is unknown or infinite."""
    try:
        return len(source)
    except TypeError:
        return None


def _rows(values: Any, name: str) -> list[Any]:
    """One array per recording."""
    if isinstance(values, dict):
        raise NotYetError(f"{name}: several named inputs are not there yet; expected one array")
    rows = values if isinstance(values, list | tuple) else as_numpy(values)
    return [as_numpy(row) for row in rows]
