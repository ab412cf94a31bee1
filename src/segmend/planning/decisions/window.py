"""How long a training window is, and what becomes of recordings of another size."""

from __future__ import annotations

import statistics
from collections.abc import Mapping
from typing import Any

from segmend.artifacts.fingerprint import Fingerprint
from segmend.artifacts.plan import Choice
from segmend.planning.reach import LEAST_GRID_STEPS, band, carries_width, most_window, round_up
from segmend.planning.sides import equal_sides, side, task_of

LEAST_SIDE, MOST_SIDE = 64, 128
"""Pixels of a square window: below it holds too little around an object, above it one batch is too dear."""

MOST_PICTURE = 128
"""Pixels to which larger images are made smaller where each has one label."""

LEAST_STEPS, MOST_STEPS = 256, 1024
"""Steps of a window where each recording has one label: what a few seconds show, many times over."""

EVEN = 0.5
"""Least spread among a recording's quarters over their mean, above which a part shows what the whole does."""

NOVEL = 1.0
"""How far away the most similar levels lie, in spreads within a recording, above which recordings share no scale."""

MULTIPLE = 16
"""Sides are multiples of this, so that four halvings stay whole."""


def choose_length(facts: Fingerprint, chosen: Mapping[str, Any]) -> Choice:
    """Twice the field that is aimed at, so that half of a window's steps see all they can."""
    task = task_of(facts)
    if task.kind == "classification":
        return _of_picture(facts) if task.rank > 1 else _of_recording(facts)
    if task.rank > 1:
        return _around_objects(facts)
    stride = int(chosen["model.stride"])
    low, high = band(facts)
    field = high if carries_width(facts) else min(1.5 * low, high)
    wanted = round_up(max(2 * field, LEAST_GRID_STEPS * stride), stride)
    most, limit = most_window(facts, stride)
    if wanted > most:
        because = f"twice the field aimed at would be {wanted} steps; capped by {limit}"
        return Choice(value=most, because=because, source="recordings.steps")
    because = f"twice the field aimed at ({field:.0f} steps), at least {LEAST_GRID_STEPS} grid steps of {stride}"
    return Choice(value=wanted, because=because, source="duration.p95, gap.p50")


def choose_fit(facts: Fingerprint, chosen: Mapping[str, Any]) -> Choice:
    """What becomes of recordings that are larger or smaller than a window."""
    task = task_of(facts)
    if task.kind == "classification" and task.rank > 1:
        length, same = int(chosen["window.length"]), equal_sides(facts)
        what = "which changes nothing here" if same and side(facts) == length else "since its label is of the whole"
        because = f"each image is resized to {length} x {length} pixels, {what}"
        return Choice(value="resize", because=because, source="recordings.shape")
    because = (
        f"windows are cut out at the {task.holders[:-1]}'s own scale; what is smaller is continued by its edge, not "
        "judged"
    )
    if task.kind == "classification":
        because = "windows are cut out, and the probabilities of a recording's windows averaged"
    return Choice(value="crop", because=because, source="task")


def choose_standardize(facts: Fingerprint, chosen: Mapping[str, Any]) -> Choice:
    """Each recording by itself where a new one lies at levels that no other has."""
    task = task_of(facts)
    holders = task.holders
    if task.kind == "classification":
        because = f"by mean and spread of the training data: what the levels of {holders} say of their labels is kept"
        return Choice(value="data", because=because, source="task")
    if facts.novelty is None:
        because = f"by mean and spread of the training data: there are too few {holders} to compare their levels"
        return Choice(value="data", because=because, source="novelty")
    nearest = f"{facts.novelty:.2g} times as far away as one of them varies"
    if facts.novelty > NOVEL:
        because = f"levels of {holders} are new each time, the most similar ones {nearest}: each is scaled by its own"
        return Choice(value="recording", because=f"{because} mean and spread", source="novelty")
    because = f"mean and spread of the training data fit all {holders}: the most similar levels lie {nearest}"
    return Choice(value="data", because=because, source="novelty")


def _of_recording(facts: Fingerprint) -> Choice:
    """A part of a recording that looks alike throughout; the whole of others while it is short."""
    shortest = side(facts, 5)
    even = [channel.evenness for channel in facts.channels if channel.evenness is not None]
    part = max(LEAST_STEPS, min(shortest // 4, MOST_STEPS))
    if even and statistics.median(even) > EVEN and part < shortest:
        alike = f"{statistics.median(even):.2g}"
        because = (
            f"recordings look alike throughout (the quietest quarter moves {alike} times as much as the mean of four): "
            f"a part shows the label; a quarter of the shortest ones, {LEAST_STEPS} to {MOST_STEPS} steps"
        )
        return Choice(value=part, because=because, source="channels.evenness, recordings.steps")
    if shortest <= MOST_STEPS:
        because = f"as long as the shortest recordings (5th percentile: {shortest} steps)"
        return Choice(value=shortest, because=because, source="recordings.steps")
    because = f"at most {MOST_STEPS} steps of the recordings ({shortest} steps and more): each gives many windows"
    return Choice(value=MOST_STEPS, because=because, source="recordings.steps")


def _of_picture(facts: Fingerprint) -> Choice:
    usual = side(facts)
    value = min(usual, MOST_PICTURE)
    note = "" if value == usual else f"; no more than {MOST_PICTURE}, or each batch would take too long"
    return Choice(value=value, because=f"the usual side of an image ({usual} pixels){note}", source="recordings.shape")


def _around_objects(facts: Fingerprint) -> Choice:
    """Four of the largest objects side by side, within what the images and a batch hold."""
    largest, usual = facts.duration.p95 or LEAST_SIDE / 4, side(facts)
    most = min(MOST_SIDE, round_up(usual, MULTIPLE))
    value = max(MULTIPLE, min(max(round_up(4 * largest, MULTIPLE), LEAST_SIDE), most))
    because = (
        f"four of the largest objects side by side ({largest:.0f} pixels across), from {LEAST_SIDE} to {MOST_SIDE} "
        f"pixels and within the images ({usual} pixels)"
    )
    return Choice(value=value, because=because, source="duration.p95, recordings.shape")
