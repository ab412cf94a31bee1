"""Anatomies written by hand, and charts around them."""

from __future__ import annotations

import dataclasses

from segmend.artifacts.anatomy import Anatomy, LayerFacts, LossFacts, OutputFacts, ReceptiveField
from tests.diagnosis.charts import charted, heartbeats


def conv(name="conv", kernel=3, filters=8, **config):
    settings = {"filters": filters, "kernel_size": [kernel], "strides": [1], "padding": "same", **config}
    return LayerFacts(name=name, kind="Conv1D", parameters=0, config=settings)


def anatomy(
    *activations, size=5, units=4, loss="SparseCategoricalCrossentropy", from_logits=False, config=None, layers=None
):
    field = ReceptiveField(
        left=None if size is None else -(size // 2),
        right=None if size is None else size // 2,
        smallest=size,
        size=size,
        stride=1,
    )
    output = OutputFacts(
        name="labels",
        shape=(None, units),
        activation=activations[-1] if activations else None,
        activations=activations,
        fields=(field,),
    )
    losses = (LossFacts(name=loss, from_logits=from_logits, config=config or {}),) if loss else ()
    return Anatomy(
        framework="keras",
        name="model",
        input_shape=(None, 2),
        outputs=(output,),
        layers=tuple(layers if layers is not None else [conv("first"), conv("second")]),
        losses=losses,
    )


def targets(steps=(60,), output_steps=None, *, form="dense", classes=4, channels=4, lowest=0.0, **facts):
    output_steps = output_steps or steps
    length = steps[0] if len(set(steps)) == 1 else None
    out_length = output_steps[0] if len(set(output_steps)) == 1 else None
    wide = [classes] if form in ("one-hot", "multi-hot") else []
    return {
        "shape": [len(steps), length, *wide],
        "output_shape": [len(steps), out_length, channels],
        "dtype": "int64",
        "form": form,
        "classes": classes,
        "lowest": lowest,
        "highest": float(classes - 1),
        "sizes": [[count] for count in steps],
        "output_sizes": [[count] for count in output_steps],
        "channels": channels,
        **facts,
    }


def chart(**parts):
    truth = heartbeats(recordings=1, beats=2)
    return dataclasses.replace(charted(truth, truth), **parts)
