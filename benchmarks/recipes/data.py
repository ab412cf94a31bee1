"""The data sets, each with the one split that all recipes share."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks.recipes.recipe import Facts

import segmend
from segmend.core.dataset import Dataset
from segmend.core.recording import Recording
from segmend.core.resize import resized
from segmend.core.segments import Segments
from segmend.core.task import Task
from segmend.core.truth import truths
from segmend.pipeline.demos.data import Wrist, join
from segmend.pipeline.runs.splits import annotated, with_split

ROLES = ("train", "val", "test")
CLIPPED = 20.0
"""Robustly scaled values beyond so many interquartile ranges are cut off."""


@dataclass(frozen=True, eq=False)
class Part:
    """Recordings of one role, in memory.

    Attributes:
        signals: each (*spatial, channels), float32.
        y_true: what is true of each, as ``core.truth`` has it.
    """

    signals: list[Any]
    y_true: list[Any]


@dataclass(frozen=True, eq=False)
class Split:
    """A data set as recipes take it.

    Attributes:
        data: with the roles "train", "val" and "test".
        facts: of the training part.
    """

    data: Dataset
    facts: Facts

    def part(self, role: str, scaled: str, size: int | None = None) -> Part:
        """One role's recordings.

        Args:
            role: of the split.
            scaled: as ``Recipe.scaled``.
            size: each spatial axis is resampled to this length; None leaves it.
        """
        recordings = self.data.part(role)
        scale = SCALES[scaled](self)
        signals = [scale(np.asarray(recording.signal[:], np.float32)) for recording in recordings]
        if size is not None:
            signals = [resized(signal, (size,) * (signal.ndim - 1)) for signal in signals]
        return Part(signals, truths(recordings, self.data.task, self.data.labels))


def split_of(name: str, folder: Path) -> Split:
    """A set by its name.

    Args:
        name: in ``SETS``.
        folder: of the shared data sets.
    """
    data = annotated(SETS[name](folder), print)
    data = with_split(data, share=0.2, seed=0, say=print)
    split = {role: data.split[role] for role in ROLES}
    kept = {each for names in split.values() for each in names}
    recordings = tuple(recording for recording in data.recordings if recording.name in kept)
    data = dataclasses.replace(data, recordings=recordings, split=split)
    return Split(data, Facts.of(data))


def _plain(name: str, annotations: str | None = None) -> Callable[[Path], Dataset]:
    def load(folder: Path) -> Dataset:
        at = folder / name
        return segmend.load(at, annotations=at / annotations if annotations else None)

    return load


def joined(folder: Path) -> Dataset:
    """The recordings of each person of watch_exercises end to end, in random order: steps have labels, people a role.

    No exercise follows itself, so that every bout is a segment; the order is that of the demo's sessions.
    """
    data = segmend.load(folder / "watch_exercises")
    people = {group: number for number, group in enumerate(sorted({each.group for each in data.recordings}))}
    wrist = Wrist(
        signals=tuple(np.asarray(each.signal[:], np.float32) for each in data.recordings),
        exercise=np.array([(each.classes or ())[0] for each in data.recordings], np.int64),
        person=np.array([people[each.group] for each in data.recordings], np.int64),
        exercises=data.labels.names,
        channels=data.channels,
    )
    sessions = join(wrist, seed=0)
    names = {session.name: group for session, group in zip(sessions, people, strict=True)}
    recordings = tuple(
        Recording(
            name=names[session.name],
            signal=session.signal,
            segments=Segments.from_rows((a, b, data.labels.number(label)) for a, b, label in session.bouts),
            group=names[session.name],
        )
        for session in sessions
    )
    task = Task.named("segmentation", len(data.labels))
    split = {role: tuple(sorted({each.group for each in data.part(role)})) for role in ROLES}
    return dataclasses.replace(data, recordings=recordings, task=task, split=split)


SETS: dict[str, Callable[[Path], Dataset]] = {
    "ludb": _plain("ludb"),
    "finch_gy6or6": _plain("finch_gy6or6"),
    "rfid_bedroom": _plain("rfid_bedroom"),
    "gesture_phase": _plain("gesture_phase"),
    "oxford_steps": _plain("oxford_steps", "annotations_step.csv"),
    "watch_joined": joined,
    "dsb_nuclei": _plain("dsb_nuclei"),
    "watch_exercises": _plain("watch_exercises"),
    "ludb_dx": _plain("ludb_dx"),
    "bccd_cells": _plain("bccd_cells"),
}
"""The seven sets of segmentation, then the three of classification."""


def _by_set(split: Split) -> Callable[[Any], Any]:
    every = [np.asarray(each.signal[:], np.float32) for each in split.data.part("train")]
    flat = np.concatenate([signal.reshape(-1, signal.shape[-1]) for signal in every])
    mean, std = flat.mean(axis=0), flat.std(axis=0)
    return lambda signal: (signal - mean) / np.where(std > 0, std, 1)


def _by_recording(split: Split) -> Callable[[Any], Any]:
    def scale(signal: Any) -> Any:
        axes = tuple(range(signal.ndim - 1))
        std = signal.std(axis=axes)
        return (signal - signal.mean(axis=axes)) / np.where(std > 0, std, 1)

    return scale


def _robust(split: Split) -> Callable[[Any], Any]:
    def scale(signal: Any) -> Any:
        axes = tuple(range(signal.ndim - 1))
        low, middle, high = np.quantile(signal, (0.25, 0.5, 0.75), axis=axes)
        width = np.where(high > low, high - low, 1)
        return np.clip((signal - middle) / width, -CLIPPED, CLIPPED).astype(np.float32)

    return scale


SCALES: dict[str, Callable[[Split], Callable[[Any], Any]]] = {
    "set": _by_set,
    "recording": _by_recording,
    "robust": _robust,
}


def steps_of(recordings: Sequence[Any]) -> int:
    """Steps (or pixels) of recordings together."""
    return sum(int(np.prod(each.shape[:-1])) for each in recordings)
