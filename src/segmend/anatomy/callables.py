"""The little that can be told of a function from recordings to probabilities."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

import numpy as np

from segmend.anatomy.whole_probe import Probed, probe, rows_of
from segmend.artifacts.anatomy import Anatomy, OutputFacts
from segmend.core.types import FloatArray

MOST_SECONDS = 5.0
"""What probing may take, judged by the predictions."""

TRIED = 8
"""Recordings that answer together once more, where the first answers may have been slow because they were the first."""

MOST_STEPS = 2048
"""Longer signals are probed in their middle only."""


def of_callable(call: Callable[[FloatArray], FloatArray], recording: FloatArray, seconds: float) -> Anatomy:
    """The anatomy of a callable: the receptive field of its output, where that shows and is cheap to find.

    Args:
        call: from (recordings, *spatial, channels) to (recordings, *output spatial, classes).
        recording: a judged one, (*spatial, channels), that is disturbed step by step.
        seconds: what the answer to it took.

    Returns:
        An anatomy without layers; its output's ``unknown`` says why there is no field.

    Examples:
        >>> recording = np.random.default_rng(0).normal(size=(100, 2))
        >>> field = of_callable(lambda x: x[:, 1:] + x[:, :-1], recording, 0.0).outputs[0].fields[0]
        >>> field.left, field.right
        (0, 1)
    """
    found = _probed(call, recording, seconds)
    output = OutputFacts(
        name="output",
        shape=(),
        activation=None,
        fields=found.fields,
        steps_for=found.steps_for,
        unknown=found.unknown,
    )
    name = getattr(call, "__name__", type(call).__name__)
    return Anatomy(framework="callable", name=name, input_shape=(), outputs=(output,))


def _probed(call: Callable[[FloatArray], FloatArray], recording: FloatArray, seconds: float) -> Probed:
    if recording.ndim != 2 or recording.dtype.kind != "f":
        return Probed(unknown="a callable is probed on signals of real numbers only")
    if not np.isfinite(recording).all():
        return Probed(unknown="the first judged recording holds values that are no numbers")
    rows = rows_of(recording.shape)
    if rows * seconds > MOST_SECONDS > 2 * TRIED * seconds:
        seconds = _again(call, recording)
    if rows * seconds > MOST_SECONDS:
        return Probed(unknown=f"probing would take {rows} calls of about {seconds:.2g} s")
    if len(recording) > MOST_STEPS:
        start = (len(recording) - MOST_STEPS) // 2
        found = probe(call, recording[start : start + MOST_STEPS])
        if found.unknown is None:
            return found
    return probe(call, recording)


def _again(call: Callable[[FloatArray], FloatArray], recording: FloatArray) -> float:
    """Seconds for a recording among several, the second time that so many are asked for; infinite where it fails."""
    batch = np.repeat(recording[None], TRIED, axis=0)
    try:
        call(batch)
        started = time.monotonic()
        call(batch)
    except Exception:  # noqa: BLE001 - a stranger's function may raise anything
        return math.inf
    return (time.monotonic() - started) / TRIED
