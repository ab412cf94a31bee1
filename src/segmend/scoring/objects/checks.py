"""What a scene can be made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from segmend.core.labels import Labels
from segmend.core.types import IntArray
from segmend.errors import InputError


class Given(NamedTuple):
    """Masks, one per image: classes of both sides, and instances where they are known."""

    y_true: Sequence[IntArray]
    y_pred: Sequence[IntArray]
    reference: Sequence[IntArray] | None
    prediction: Sequence[IntArray] | None


def check(given: Given, labels: Labels, connectivity: int, multilabel: bool) -> int:
    """The rank of the images.

    Raises:
        InputError: images, shapes, types, classes or the connectivity do not fit.
    """
    for name, side in given._asdict().items():
        if side is not None:
            _fits(name, side, given.y_true)
    shapes = [np.shape(image) for image in given.y_true]
    ranks = {len(shape) - int(multilabel) for shape in shapes}
    if len(ranks) > 1 or min(ranks, default=1) < 1:
        raise InputError(f"y_true: expected images of one rank, at least 1. Received ranks {sorted(ranks)}")
    for k, shape in enumerate(shapes):
        if multilabel and shape[-1] != len(labels):
            raise InputError(f"y_true[{k}]: expected a last axis of {len(labels)} classes. Received shape {shape}")
    rank = ranks.pop() if ranks else 2
    if not 1 <= connectivity <= rank:
        raise InputError(f"connectivity: expected a number from 1 to {rank}. Received {connectivity}")
    return rank


def _fits(name: str, side: Sequence[IntArray], y_true: Sequence[IntArray]) -> None:
    if len(side) != len(y_true):
        raise InputError(f"{name}: expected {len(y_true)} images as in y_true. Received {len(side)}")
    for k, (image, true) in enumerate(zip(side, y_true, strict=True)):
        if np.shape(image) != np.shape(true):
            raise InputError(
                f"{name}[{k}]: expected shape {np.shape(true)} as of y_true[{k}]. Received {np.shape(image)}"
            )
        kind = np.asarray(image).dtype
        if kind.kind not in "biu":
            raise InputError(f"{name}[{k}]: expected whole numbers. Received {kind}")
