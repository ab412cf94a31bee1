"""Whatever model is to be diagnosed, as a function of recordings with channels last, and what can be told of it."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from segmend.anatomy.graph import is_keras
from segmend.anatomy.torch_run import is_torch
from segmend.artifacts.anatomy import Anatomy
from segmend.core.types import FloatArray
from segmend.errors import InputError
from segmend.pipeline.inputs.batches import Examples
from segmend.pipeline.inputs.shapes import common_shape


class Patient(NamedTuple):
    """A model that has answered.

    Attributes:
        call: what was run: a Keras model, or a function of (recordings, *spatial, channels).
        anatomy: facts about the model; None for a callable that was not probed.
        parts: training ("train") and held-out ("val") examples with channels last; None where there are none.
        outputs: the answer to each judged recording, classes last.
        notes: what was decided on the way.
    """

    call: Any
    anatomy: Anatomy | None
    parts: Mapping[str, Examples | None]
    outputs: list[FloatArray]
    notes: tuple[str, ...] = ()


def see(model: Any, train: Examples | None, held_out: Examples | None, task: str | None) -> Patient:
    """Let a model answer for the judged recordings, and look at it.

    Args:
        model: a Keras model, a ``torch.nn.Module`` or a callable.
        train: examples that it was trained on, or None.
        held_out: examples that are judged in place of these, or None.
        task: as forced by the caller.

    Raises:
        InputError: it is none of these, has several outputs, or cannot take the recordings.
    """
    parts = {"train": train, "val": held_out}
    judged = held_out or train
    assert judged is not None
    if is_torch(model):
        from segmend.pipeline.charting.torch_patient import see_torch

        return see_torch(model, parts, task)
    from segmend.prediction.whole import predict_whole

    anatomy = anatomy_of(model, effective=True, input_shape=common_shape(judged.x))
    require_channels(judged.x, anatomy)
    started = time.monotonic()
    outputs = predict_whole(model, judged.x, anatomy)
    if anatomy is not None:
        return Patient(model, anatomy, parts, outputs)
    return _callable(model, judged, outputs, (time.monotonic() - started) / len(outputs), parts)


def anatomy_of(
    model: Any, *, effective: bool = False, input_shape: Sequence[int | None] | None = None
) -> Anatomy | None:
    """Facts about a Keras model; None for a callable, which has to be run to be looked at.

    Args:
        model: as for ``diagnose``, no torch module.
        effective: measure the effective receptive field too, which takes a few gradients.
        input_shape: of the recordings, for models that do not know it themselves.

    Raises:
        InputError: neither a model nor a callable.
    """
    if is_keras(model):
        from segmend.anatomy import of_keras

        return of_keras(model, effective=effective, input_shape=input_shape)
    if not callable(model):
        raise InputError(
            f"model: expected a Keras model, a torch.nn.Module or a callable. Received {type(model).__name__}"
        )
    return None


def active(patient: Patient, x: Sequence[FloatArray]) -> Anatomy | None:
    """The anatomy with the units that stay silent on some of the judged recordings."""
    anatomy = patient.anatomy
    if anatomy is None or anatomy.framework == "callable":
        return anatomy
    if anatomy.framework == "torch":
        from segmend.pipeline.charting.torch_patient import active_torch

        return active_torch(patient.call, anatomy, x)
    from segmend.anatomy.activity import with_activity

    return with_activity(anatomy, patient.call, x)


def require_channels(x: Sequence[FloatArray], anatomy: Anatomy | None, names: Sequence[str] = ()) -> None:
    """Refuse signals whose channels are not the model's.

    Args:
        x: signals or images.
        anatomy: of the model.
        names: what messages call them; "x[0]" and so on where there are none.

    Raises:
        InputError: names the recording.
    """
    shape = anatomy.input_shape if anatomy is not None else ()
    for k, rows in enumerate(x):
        name = names[k] if names else f"x[{k}]"
        if shape and rows.ndim != len(shape):
            raise InputError(
                f"{name}: expected shape {shape} as the model takes, None for any length. Received {rows.shape}"
            )
        if shape and shape[-1] is not None and rows.ndim == len(shape) and rows.shape[-1] != shape[-1]:
            raise InputError(f"{name}: expected {shape[-1]} channels as the model takes. Received {rows.shape[-1]}")


def _callable(
    model: Any,
    judged: Examples,
    outputs: list[FloatArray],
    seconds: float,
    parts: Mapping[str, Examples | None],
) -> Patient:
    """A callable that has answered, probed where that is cheap; without outputs on its chart where nothing shows."""
    from segmend.anatomy import of_callable

    anatomy = of_callable(model, judged.x[0], seconds)
    unknown = anatomy.outputs[0].unknown
    if unknown is None:
        return Patient(model, anatomy, parts, outputs)
    note = f"the receptive field of the callable is not known: {unknown}"
    return Patient(model, anatomy.model_copy(update={"outputs": ()}), parts, outputs, (note,))
