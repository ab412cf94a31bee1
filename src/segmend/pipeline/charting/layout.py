"""Which axis of recordings, outputs and labels is that of channels, where a model may have it first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from segmend.artifacts.anatomy import Anatomy
from segmend.core.types import FloatArray, IntArray
from segmend.decoding.temperature import sigmoid
from segmend.errors import InputError
from segmend.pipeline.inputs.batches import Examples
from segmend.pipeline.inputs.targets import label_axes

Notes = tuple[str, ...]


def turned(part: Examples | None, *, x: bool = False, y: bool = False) -> Examples | None:
    """The examples with the first axis of each recording, of its labels, or of both moved to the end."""
    if part is None or not (x or y):
        return part
    signals = [np.moveaxis(rows, 0, -1) if rows.ndim > 1 else rows for rows in part.x] if x else part.x
    labels = [np.moveaxis(rows, 0, -1) if rows.ndim > 1 else rows for rows in part.y] if y else part.y
    return Examples(signals, labels, part.weight)


def recordings_first(entry: Any, judged: Examples) -> tuple[bool, Notes]:
    """Whether recordings have channels before their steps, and what to say of it.

    The module's first layers tell; where they do not, labels of each step or pixel do, if they fit one way only.

    Args:
        entry: how the module takes its input (``first``, ``layer``).
        judged: recordings and labels as given.
    """
    x, y = judged.x[0], judged.y[0]
    if x.ndim < 2:
        return False, ()
    first, seen = entry.first, f"as {entry.layer} takes them"
    if first is None and y.ndim:
        last_fits, first_fits = _fits(y, x.shape[:-1]), _fits(y, x.shape[1:])
        if last_fits != first_fits:
            first, seen = first_fits, "as the labels' size says"
    if not first:
        return False, ()
    return True, (f"recordings of shape {x.shape} are read as (channels, {_axes(x.ndim)}), {seen}",)


def classes_first(
    outputs: Sequence[FloatArray],
    y: Sequence[IntArray],
    x: Sequence[FloatArray],
    follows: Callable[[], bool | None],
    task: str | None,
) -> tuple[bool, bool, Notes]:
    """Whether outputs, and labels, have classes before their steps, and what to say of it.

    The labels' size decides; where it fits both ways or neither, the axis that follows the input's steps; where that
    does not show, the input's size.

    Args:
        outputs: as the module gives them.
        y: labels as given.
        x: recordings, channels last.
        follows: whether the output's last axis follows the input's steps, None where that does not show.
        task: as forced by the caller.

    Raises:
        InputError: nothing tells.
    """
    rank = max(1, x[0].ndim - 1)
    if outputs[0].ndim != rank + 1:
        return False, False, ()
    pairs = list(zip(outputs, y, strict=True))
    per_step = y[0].ndim >= rank and not (task or "").endswith("classification")
    last = per_step and all(_fits(rows, out.shape[:-1]) for out, rows in pairs)
    first = per_step and all(_fits(rows, out.shape[1:]) for out, rows in pairs)
    why = "as the labels' size says"
    if last == first:
        follow, why = follows(), "since that is how they follow a change of the input"
        last, first = follow is False, follow is True
    if last == first:
        last = all(out.shape[:-1] == rows.shape[:rank] for out, rows in zip(outputs, x, strict=True))
        first = all(out.shape[1:] == rows.shape[:rank] for out, rows in zip(outputs, x, strict=True))
        why = "as the recordings' size says"
    if last == first:
        raise InputError(
            f"model: expected an output of ({_axes(rank + 1)}, classes) or (classes, {_axes(rank + 1)}) that fits "
            f"labels of shape {y[0].shape}. Received shape {outputs[0].shape}, which {'both' if last else 'neither'} "
            f"fits; put the module into one that gives classes last"
        )
    if not first:
        return False, False, ()
    labels = y[0].ndim == rank + 1 and all(_turned_fits(rows, out) for out, rows in pairs)
    axes = f"(classes, {_axes(rank + 1)})"
    notes = (f"outputs of shape {outputs[0].shape} are read as {axes}, {why}",)
    return True, labels, (*notes, f"labels of shape {y[0].shape} are read as {axes}, as outputs") if labels else notes


def one_channel(
    outputs: list[FloatArray], judged: Examples, anatomy: Anatomy, task: str | None
) -> tuple[list[FloatArray], Notes]:
    """Probabilities where one channel holds a logit; several channels of scores are told by their values later.

    Args:
        outputs: classes last.
        judged: recordings and labels, channels last.
        anatomy: with the activation of the output.
        task: as forced by the caller.
    """
    axes = label_axes(judged, outputs, task)
    single = all(_single(rows, labels, axes) for rows, labels in zip(outputs, judged.y, strict=True))
    beyond = any(rows.size and (rows.min() < 0 or rows.max() > 1) for rows in outputs)
    if not single or not (beyond or anatomy.outputs[0].activation == "linear"):
        return outputs, ()
    note = "the one channel of the output is taken for a logit, since no activation ends the module: sigmoid"
    return [sigmoid(rows) for rows in outputs], (note,)


def _single(output: FloatArray, labels: IntArray, axes: int) -> bool:
    """Whether there is one value for each step, pixel or recording."""
    return output.shape[-1:] == (1,) or (axes > 0 and output.ndim == axes and output.shape == labels.shape[:axes])


def _fits(labels: IntArray, spatial: tuple[int, ...]) -> bool:
    """Whether labels have these steps, classes before or behind them or none."""
    return spatial in (labels.shape, labels.shape[:-1], labels.shape[1:])


def _turned_fits(labels: IntArray, output: FloatArray) -> bool:
    """Whether labels lie as the output does, a value for each class first."""
    return labels.shape[1:] == output.shape[1:] and labels.shape[0] in (1, output.shape[0])


def _axes(rank: int) -> str:
    return "steps" if rank == 2 else "height, width"
