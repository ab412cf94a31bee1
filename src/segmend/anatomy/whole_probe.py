"""The receptive field of a whole model that has no graph to follow: disturb steps and see which output steps notice."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from segmend.anatomy import probing
from segmend.anatomy.sight import Axis, UnknownError
from segmend.artifacts.anatomy import ReceptiveField
from segmend.core.receptive_field import NOTHING, Field
from segmend.core.types import FloatArray

CHUNK = 2**19
"""Input values that go through the model at once."""

Run = Callable[[FloatArray], FloatArray]
"""From (recordings, *spatial, channels) to (recordings, *output spatial, classes) or (recordings, classes)."""


@dataclass(frozen=True, slots=True)
class Probed:
    """What was found.

    Attributes:
        fields: one per spatial axis of the input; empty where unknown.
        steps_for: input length to output length, along the first axis.
        unknown: why nothing is known.
    """

    fields: tuple[ReceptiveField, ...] = ()
    steps_for: dict[int, int] = field(default_factory=dict)
    unknown: str | None = None

    @property
    def unbounded(self) -> bool:
        """Whether some axis is seen without an end on either side."""
        return any(each.size is None for each in self.fields)


def probe(run: Run, clean: FloatArray) -> Probed:
    """The fields of an output, by disturbing one recording.

    What is touched up to both ends of the output counts as unbounded, so that a field longer than the recording does.

    Args:
        run: the model.
        clean: one recording, (*spatial, channels).

    Examples:
        >>> found = probe(lambda x: x[:, 2:] + x[:, :-2], np.ones((64, 1)))
        >>> found.fields[0].left, found.fields[0].right, found.steps_for
        (0, 2, {64: 62})
    """
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings(action="ignore"):
            axes = [_probed(run, clean, place) for place in range(1, clean.ndim)]
    except UnknownError as error:
        return Probed(unknown=f"probing failed: {error}")
    except Exception as error:  # noqa: BLE001 - a stranger's model may raise anything
        return Probed(unknown=f"probing failed: {type(error).__name__} on disturbed recordings")
    if any(axis.field.seen == (NOTHING,) for axis in axes):
        return Probed(unknown="probing failed: no step of the output changes with the input")
    first = axes[0]
    steps = {len(clean): first.steps} if first.place is not None and first.steps is not None else {}
    return Probed(tuple(_artifact(axis.field) for axis in axes), steps)


def rows_of(shape: Sequence[int]) -> int:
    """How many recordings a probe of one of this shape runs.

    Examples:
        >>> rows_of((1000, 2)), rows_of((40, 40, 1))
        (145, 122)
    """
    return sum(map(probing.row_count, shape[:-1]))


def _probed(run: Run, clean: FloatArray, place: int) -> Axis:
    steps = clean.shape[place - 1]
    every, at_once = probing.row_count(steps), max(1, CHUNK // max(1, clean.size))
    scale = max(1.0, float(np.abs(clean).max(initial=0.0)))
    chunks = [range(k, min(k + at_once, every)) for k in range(0, every, at_once)]
    parts = [run(probing.disturbed_rows(clean, place, numbers, scale)) for numbers in chunks]
    out = np.concatenate([np.asarray(part, np.float64) for part in parts])
    return probing.probed(Axis(Field(), place, steps), probing.influence(probing.tried(steps)[0], out, place))


def _artifact(seen: Field) -> ReceptiveField:
    if not math.isfinite(seen.stride):
        raise UnknownError("no regular pattern shows")
    return ReceptiveField(
        left=seen.left, right=seen.right, smallest=seen.smallest, size=seen.size, stride=float(seen.stride)
    )
