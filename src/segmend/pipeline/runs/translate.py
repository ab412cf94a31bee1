"""From a plan and a data set to what training takes: a model, batches, a loss and settings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np

from segmend import losses, models
from segmend.artifacts.fingerprint import Fingerprint
from segmend.core.labels import Labels
from segmend.core.rasterize import rasterize
from segmend.core.recording import Recording
from segmend.core.types import IntArray
from segmend.planning import Values
from segmend.planning.check import total_stride
from segmend.planning.decisions.loss import class_shares
from segmend.planning.values import as_stages
from segmend.training import Settings, Variation, WindowBatches
from segmend.training.windows import WindowIndex


def dense(recordings: Sequence[Recording], labels: Labels) -> list[IntArray]:
    """Class number of each step of each annotated recording."""
    return [rasterize(r.segments, r.steps, labels.background) for r in recordings if r.segments is not None]


def model_of(values: Values, facts: Fingerprint) -> Any:
    """The untrained model, which standardises its input and begins at the class shares."""
    keras.utils.set_random_seed(values.training.seed)
    section = {**values.model.model_dump(exclude={"stages", "members"}), "stages": as_stages(values.model.stages)}
    return models.build(
        section,
        channels=len(facts.channels),
        classes=len(facts.labels),
        bias=class_shares(facts),
        mean=_centre(facts).tolist(),
        std=_spread(facts).tolist(),
    )


def loss_of(values: Values) -> Any:
    """Cross-entropy with class weights, and Dice per class."""
    parts = [
        (values.loss.cross_entropy, losses.CrossEntropy(class_weight=list(values.loss.class_weights))),
        (values.loss.dice, losses.Dice()),
    ]
    return losses.Sum([(factor, loss) for factor, loss in parts if factor] or parts[:1])


def batches_of(values: Values, facts: Fingerprint, recordings: Sequence[Recording], labels: Labels) -> WindowBatches:
    """Windows of the training recordings."""
    y_true = dense(recordings, labels)
    variation = Variation(values.sampling.scale, values.sampling.noise, _centre(facts), _spread(facts))
    return WindowBatches(
        [recording.signal for recording in recordings],
        y_true,
        WindowIndex(y_true, length=values.window.length, balanced=values.sampling.balanced),
        batch_size=values.training.batch_size,
        seed=values.training.seed,
        variation=variation if values.sampling.scale or values.sampling.noise else None,
    )


def settings_of(values: Values, seconds: float) -> Settings:
    """How to optimise, and for how long."""
    return Settings(**values.training.model_dump(exclude={"batch_size"}), seconds=seconds)


def tiles_of(values: Values) -> dict[str, Any]:
    """How recordings are cut for prediction, as keywords of ``prediction.predict``."""
    stride = total_stride(as_stages(values.model.stages))
    return {"window": values.window.tile, "hop": values.window.hop, "align": stride}


def _centre(facts: Fingerprint) -> Any:
    """Mean of each channel."""
    return np.array([channel.mean or 0.0 for channel in facts.channels])


def _spread(facts: Fingerprint) -> Any:
    """Standard deviation of each channel; 1 where it never changes."""
    return np.array([channel.std or 1.0 for channel in facts.channels])
