"""Whole recordings with a class, padded or not, and charts of them."""

from __future__ import annotations

import dataclasses

from segmend.artifacts.flow import Edge, Flow, LostMask, Unmasked
from segmend.core.task import Task
from tests.diagnosis.rules.model import seeded
from tests.diagnosis.rules.model.anatomies import anatomy

RECORDINGS = Task.named("classification", 3, 1)
STEPS = Task.named("segmentation", 3, 1)


def classified(*, wrong=0.4, seed=1, task=RECORDINGS, **flow):
    """A chart with an anatomy that ends in softmax, and with what its flow is."""
    chart = seeded.drawn(task, wrong, seed)
    anatomical = anatomy("softmax", units=3).model_copy(update={"flow": Flow(**flow)})
    return dataclasses.replace(chart, anatomy=anatomical, targets=seeded.facts(chart))


def padded(chart, steps=40, *, length=100, every=2, judged=0):
    """The chart of recordings of which every so-many-th is padded by so many steps."""
    count = len(chart.prediction.names)
    ends = [steps if k % every == 0 else 0 for k in range(count)]
    per_step = chart.task.kind == "segmentation"
    facts = {
        "lengths": [length] * count,
        "padded": ends,
        "padded_judged": [min(judged, end) for end in ends] if per_step else None,
    }
    return dataclasses.replace(chart, targets={**chart.targets, **facts})


def edge(**changes):
    """What an LSTM gives by itself."""
    facts = {"layer": "lstm", "kind": "forward", "place": "last", "by": "lstm", "whole_state": True, "masked": False}
    return Edge(**{**facts, **changes})


def lost(**changes):
    """A mask that a convolution drops."""
    facts = {"made_by": "masking", "lost_in": "conv", "kind": "Conv1D", "mixes": True, "needed_by": ("lstm",)}
    return LostMask(**{**facts, **changes})


def unmasked(kind="Bidirectional"):
    """A layer that mixes steps and gets no mask."""
    return Unmasked(name=kind.lower(), kind=kind)
