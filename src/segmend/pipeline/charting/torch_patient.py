"""A PyTorch module on recordings and labels in the form in which it takes and gives them."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from segmend.artifacts.anatomy import Anatomy
from segmend.artifacts.flow import Flow
from segmend.core.types import FloatArray
from segmend.errors import SegmendError
from segmend.pipeline.charting.layout import classes_first, one_channel, recordings_first, turned
from segmend.pipeline.charting.patient import Patient
from segmend.pipeline.inputs.batches import Examples
from segmend.pipeline.inputs.padding import trailing

MOST_VALUES = 2**20
"""Input values on which silent units are looked for, at most."""

MOST_RECORDINGS = 128
SAME = 1e-4
LEAST_PADDING = 5


def see_torch(module: Any, parts: Mapping[str, Examples | None], task: str | None) -> Patient:
    """Let a module answer for the judged recordings, and look at it.

    Recordings go in as they are given. Where channels lie before the steps, in them, in the output or in the labels,
    everything behind the module is turned round; which it is, the module's first layers and the labels tell.

    Args:
        module: a ``torch.nn.Module``.
        parts: "train" and "val" as given.
        task: as forced by the caller.

    Raises:
        InputError: it cannot take the recordings, gives several tensors, or where its output has the classes cannot be
            told.
    """
    from segmend.anatomy.torch_layout import CHANGING, MIXED, entry_of
    from segmend.anatomy.torch_model import of_torch, places_classes_first
    from segmend.anatomy.torch_run import TorchCall
    from segmend.prediction.whole import predict_whole

    judged = parts["val"] or parts["train"]
    assert judged is not None
    example = np.stack([judged.x[0]] * 2)
    entry = entry_of(module, example)
    first_in, notes = recordings_first(entry, judged)
    house = {name: turned(part, x=first_in) for name, part in parts.items()}
    signals = (house["val"] or house["train"]).x  # type: ignore[union-attr]
    call = TorchCall(module, first_in)
    outputs = predict_whole(call, signals)
    first_out, labels_first, told = classes_first(
        outputs, judged.y, signals, lambda: places_classes_first(call, np.stack([signals[0]] * 2)), task
    )
    call = TorchCall(module, first_in, first_out)
    if first_out:
        outputs = [np.moveaxis(rows, 0, -1) for rows in outputs]
    house = {name: turned(part, y=labels_first) for name, part in house.items()}
    anatomy = of_torch(module, example, channels_first=first_in, classes_first=first_out, effective=True)
    unknown = anatomy.outputs[0].unknown
    if unknown in (MIXED, CHANGING):
        where = f"; {entry.layer} takes recordings for steps: batch_first=True is lacking" if entry.mixes else ""
        told = (*told, f"careful: {unknown}{where}")
    seen = house["val"] or house["train"]
    assert seen is not None
    outputs, made = one_channel(outputs, seen, anatomy, task)
    if anatomy.flow is not None and _leaves_padding_out(call, seen.x):
        anatomy = anatomy.model_copy(update={"flow": _masked(anatomy.flow)})
    call = dataclasses.replace(call, logit=bool(made))
    return Patient(call, anatomy, house, outputs, (*notes, *told, *made))


def active_torch(call: Any, anatomy: Anatomy, x: Sequence[FloatArray]) -> Anatomy:
    """The anatomy with the units that stay silent on some recordings.

    Args:
        call: the module.
        anatomy: of the module.
        x: judged recordings, channels last; as many of the first one's shape as there is room for are looked at.
    """
    from segmend.anatomy.torch_activity import with_activity

    room = max(1, min(MOST_RECORDINGS, MOST_VALUES // max(1, x[0].size)))
    batch = np.stack([rows for rows in x if rows.shape == x[0].shape][:room])
    if not np.isfinite(batch).all():
        return anatomy
    return with_activity(anatomy, call.module, np.moveaxis(batch, -1, 1) if call.first_in else batch)


def _leaves_padding_out(call: Any, x: Sequence[FloatArray]) -> bool:
    """Whether the answer to a padded recording is that to the recording without its padding, tried on one."""
    if x[0].ndim != 2:
        return False
    padded = {k: trailing(rows) for k, rows in enumerate(x)}
    k, steps = max(padded.items(), key=lambda item: item[1] if item[1] < len(x[item[0]]) else 0)
    if not LEAST_PADDING <= steps < len(x[k]):
        return False
    kept = len(x[k]) - steps
    try:
        whole, cut = call(x[k][None])[0], call(x[k][None, :kept])[0]
    except SegmendError:
        return False
    whole = whole[:kept] if whole.ndim > 1 else whole
    return whole.shape == cut.shape and bool(np.allclose(whole, cut, rtol=SAME, atol=SAME))


def _masked(flow: Flow) -> Flow:
    """The flow of a module that leaves padding out by means of its own."""
    return flow.model_copy(
        update={"unmasked": (), "edges": tuple(edge.model_copy(update={"masked": True}) for edge in flow.edges)}
    )
