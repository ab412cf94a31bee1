"""Charts of predictions with facts about the signals that they are of."""

from __future__ import annotations

import dataclasses

import numpy as np

from segmend.artifacts.fingerprint import ChannelFacts, RecordingFacts
from segmend.fingerprinting.levels import known_of, levels_of
from segmend.fingerprinting.moments import Moments
from segmend.fingerprinting.noise import noise
from segmend.pipeline.charting.chart import chart_of


def beside(prediction, signals, *, training=(), judged="val"):
    """The chart of a prediction of recordings with these signals, beside recordings of training.

    The facts are those that a fingerprint holds of each recording, without the floor that it fits to all.
    """
    chart = chart_of(prediction, judged_on=judged, edit=False)
    named = zip(prediction.names, signals, strict=True)
    rows = [_facts(name, signal, judged if training else None) for name, signal in named]
    rows += [_facts(f"t{k}", signal, "train") for k, signal in enumerate(training)]
    channels = tuple(
        ChannelFacts(name=name, mean=0.0, std=1.0, min=-1.0, max=1.0)
        for name in "xyzuvw"[: np.asarray(signals[0]).shape[-1]]
    )
    facts = chart.fingerprint.model_copy(update={"recordings": tuple(rows), "channels": channels})
    return dataclasses.replace(chart, fingerprint=facts)


def _facts(name, signal, role):
    flat = signal.reshape(-1, signal.shape[-1])
    return RecordingFacts(
        name=name,
        group=name,
        role=role,
        steps=len(flat),
        segments=0,
        shape=signal.shape[:-1],
        noises=known_of(noise(signal)),
        **levels_of(Moments.of(flat)),
    )


def noisy(rng, shape, level=0.0, spread=1.0, channels=2):
    """Signals whose level and spread vary from recording to recording, as real ones do."""
    own = level + 0.3 * rng.normal(size=channels), spread * np.exp(0.1 * rng.normal(size=channels))
    return own[0] + own[1] * rng.normal(size=(*shape, channels))
