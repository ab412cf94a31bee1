"""Architecture and size of the network."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from segmend.artifacts.fingerprint import Fingerprint
from segmend.artifacts.plan import Choice
from segmend.planning.check import total_stride
from segmend.planning.reach import FEW_SEGMENTS, FINE, shortest_segment
from segmend.planning.sides import learnt_from, task_of, told_by_scale

SMALL, LARGE = 32, 64
ENOUGH_SEGMENTS = 10_000
ENOUGH_SECONDS = 300
MEMBERS = 4
COARSE = 16
"""Input steps per grid step from which on a wide network costs little."""

OF_IMAGES = {
    ("segmentation", False): 8,
    ("segmentation", True): 16,
    ("classification", False): 16,
    ("classification", True): 32,
}
"""Channels on the finest grid of an image, and whether the budget holds a wide network."""

LEAST_GRID = 8
"""Pixels or steps that the coarsest grid of a classifier keeps along a side."""

NINE_TAPS = 8
"""Steps from the first to the last of nine taps side by side."""

SHALLOW, DEEP = 3, 6
FEW_RECORDINGS = 200
"""Recordings with a label each with fewer than which one network leaves much to chance."""

UNTOLD = 0.25
"""Share of the variance of levels or amplitudes from which on they are taken to tell the classes."""

FEW_SIGNALS = 8
"""Recordings of steps with fewer than which one network leaves much to chance, however many segments they hold."""


def choose_architecture(facts: Fingerprint, chosen: Mapping[str, Any]) -> Choice:
    """What fits the task: a label for each step or for the whole, of signals or of images."""
    task = task_of(facts)
    if task.kind == "classification" and task.rank > 1:
        because = "a small residual network: one label for the whole image"
        return Choice(value="residual", because=because, source="task")
    if task.kind == "classification":
        return _of_whole_signals(facts)
    if task.rank > 1:
        because = "coarse grids to see objects whole, fine ones for their outlines"
        return Choice(value="unet", because=because, source="task")
    because = "a dilated convolutional network: its field can be fitted to the segments"
    return Choice(value="tcn", because=because, source="default")


def _of_whole_signals(facts: Fingerprint) -> Choice:
    """Fixed convolutions where few recordings teach others and what these do not see tells little; else learnt ones."""
    number, told = len(learnt_from(facts)), told_by_scale(facts)
    if number < FEW_RECORDINGS and told is not None and told < UNTOLD:
        because = (
            f"fixed convolutions and a linear head: {number} recordings are few to learn convolutions from, and level "
            f"and amplitude, which fixed ones do not see, tell the classes little ({100 * max(told, 0):.0f} % at most)"
        )
        return Choice(value="rocket", because=because, source="recordings")
    because = "convolutions of several lengths side by side: one label for the whole recording"
    return Choice(value="inception", because=because, source="task")


def choose_detail(facts: Fingerprint, chosen: Mapping[str, Any]) -> Choice:
    """Whether the fine grid is brought back for borders, or labels keep to the coarse one."""
    task = task_of(facts)
    if task.kind == "classification":
        return Choice(value=False, because="not used: one label for the whole", source="task")
    if task.rank > 1:
        return Choice(value=True, because="outlines need the finest grid", source="task")
    stride = int(chosen["model.stride"])
    spans = (shortest_segment(facts) or 1.0) / stride
    if stride > 1 and spans >= FINE:
        because = f"the shortest segments span {spans:.0f} grid steps of {stride}: borders on the grid are sharp enough"
        return Choice(value=False, because=because, source="classes.duration")
    because = f"the shortest segments span {spans:.0f} grid steps of {stride}: borders need the fine grid"
    return Choice(value=True, because=because, source="classes.duration")


def choose_depth(facts: Fingerprint, chosen: Mapping[str, Any]) -> Choice:
    """How deep a classifier is."""
    task = task_of(facts)
    if chosen["model.architecture"] in ("recurrent", "lstm"):
        return Choice(value=1, because="one recurrent layer: more are slow to train", source="model.architecture")
    if chosen["model.architecture"] == "attention":
        return Choice(value=2, because="two blocks of attention: few segments carry no more", source="default")
    if task.kind == "segmentation":
        return Choice(value=0, because="not used: the stages say how deep the network is", source="task")
    length, budget = int(chosen["window.length"]), float(chosen["budget_s"])
    if chosen["model.architecture"] == "rocket":
        value = 1 + int(math.log2(max((length - 1) / NINE_TAPS, 1.0)))
        because = f"dilations of nine taps, each twice as wide, up to the window of {length} steps"
        return Choice(value=value, because=because, source="window.length")
    if task.rank == 1:
        value = DEEP if budget >= ENOUGH_SECONDS else SHALLOW
        because = f"blocks of convolutions side by side; {budget:.0f} s hold no more"
        return Choice(value=value, because=because, source="budget")
    value = max(2, min(4, 1 + int(math.log2(max(length / LEAST_GRID, 1.0)))))
    because = f"grids, each half as fine: from {length} pixels to {length // 2 ** (value - 1)}"
    return Choice(value=value, because=because, source="window.length")


def choose_filters(facts: Fingerprint, chosen: Mapping[str, Any]) -> Choice:
    """Wide where a coarse grid makes width cheap, or where there is much to learn from and time to do it."""
    task, budget = task_of(facts), float(chosen["budget_s"])
    if task.rank > 1:
        wide = budget >= ENOUGH_SECONDS
        because = f"channels on the finest grid; {budget:.0f} s hold {'' if wide else 'no '}more"
        return Choice(value=OF_IMAGES[task.kind, wide], because=because, source="budget")
    if chosen["model.architecture"] == "rocket":
        return Choice(value=SMALL, because="not used: the convolutions are fixed", source="model.architecture")
    if task.kind == "classification":
        value = SMALL if budget >= ENOUGH_SECONDS else SMALL // 2
        because = f"channels of each kernel; {budget:.0f} s hold no more"
        return Choice(value=value, because=because, source="budget")
    stride = total_stride(chosen["model.stages"])
    if stride >= COARSE:
        because = f"on a grid of {stride} steps a wide network costs little"
        return Choice(value=LARGE, because=because, source="model.stages")
    if facts.segments >= ENOUGH_SEGMENTS and budget >= ENOUGH_SECONDS:
        because = f"{facts.segments} segments and {budget:.0f} s carry a wide network"
        return Choice(value=LARGE, because=because, source="segments, budget")
    because = f"{facts.segments} segments in {budget:.0f} s: a narrow network learns faster and overfits less"
    return Choice(value=SMALL, because=because, source="segments, budget")


def choose_members(facts: Fingerprint, chosen: Mapping[str, Any]) -> Choice:
    """Several networks of different seeds where few segments leave much to chance."""
    task = task_of(facts)
    if task.kind == "classification":
        number = len(learnt_from(facts))
        few = number < FEW_RECORDINGS
        note = "leave much to chance: networks of different seeds are averaged" if few else "settle one network"
        because = f"{number} {task.holders} {note}"
        return Choice(value=MEMBERS if few else 1, because=because, source="recordings")
    if task.rank > 1:
        return Choice(value=1, because="one network: images are dear to learn from", source="task")
    recordings = len(learnt_from(facts))
    if facts.segments < FEW_SEGMENTS or recordings < FEW_SIGNALS:
        because = (
            f"{facts.segments} segments in {recordings} recordings leave much to chance: networks of different seeds "
            "are averaged, as many as the budget holds"
        )
        return Choice(value=MEMBERS, because=because, source="segments, recordings")
    because = f"{facts.segments} segments in {recordings} recordings settle one network"
    return Choice(value=1, because=because, source="segments, recordings")


def choose_dropout(facts: Fingerprint, chosen: Mapping[str, Any]) -> Choice:
    """Whole channels, since neighbouring steps say the same."""
    budget, holders = float(chosen["budget_s"]), task_of(facts).holders
    value = 0.2 if budget >= ENOUGH_SECONDS else 0.1
    note = f"enough to learn {holders} by heart" if value > 0.1 else "for little but learning"
    because = f"whole channels at once; {budget:.0f} s are time {note}"
    return Choice(value=value, because=because, source="budget")


def choose_drop_path(facts: Fingerprint, chosen: Mapping[str, Any]) -> Choice:
    """Stochastic depth."""
    because = "every branch is always there: dropout does this work, and more is not shown to pay beside it"
    return Choice(value=0.0, because=because, source="default")


def choose_norm(facts: Fingerprint, chosen: Mapping[str, Any]) -> Choice:
    """Batch normalisation, whose statistics come from many steps on any grid."""
    task, stride = task_of(facts), total_stride(chosen["model.stages"])
    if task.kind == "classification":
        because = f"fixed when predicting, so that what is said of {task.holders} does not depend on their neighbours"
        return Choice(value="batch", because=because, source="default")
    because = (
        f"fixed when predicting, so that tiles agree with one pass; statistics over many {task.unit} on a grid of "
        f"{stride}"
    )
    return Choice(value="batch", because=because, source="default")
