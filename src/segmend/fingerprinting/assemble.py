"""The fingerprint of a data set, and of bare labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from segmend.artifacts.fingerprint import Extent, Fingerprint, RecordingFacts
from segmend.artifacts.giveaways import PositionSkill
from segmend.artifacts.prediction import Prediction
from segmend.core.dataset import Dataset
from segmend.core.labels import Labels
from segmend.core.recording import Recording
from segmend.core.roles import purpose
from segmend.core.task import Task
from segmend.core.types import IntArray
from segmend.errors import InputError
from segmend.fingerprinting.alignment import alignment
from segmend.fingerprinting.levels import known_of, levels_of, novelty
from segmend.fingerprinting.looking import look
from segmend.fingerprinting.marking import mark_of_truth, marks_of
from segmend.fingerprinting.marks import Mark
from segmend.fingerprinting.opinion import opinion
from segmend.fingerprinting.parallel import Progress
from segmend.fingerprinting.positions import positions
from segmend.fingerprinting.scatter import scatter
from segmend.fingerprinting.separability import chosen, fit, sampler_of
from segmend.fingerprinting.shingles import one_in, overlaps
from segmend.fingerprinting.signals import SignalFacts, channel_facts, scan
from segmend.fingerprinting.together import Marks, together
from segmend.fingerprinting.unmarked import unmarked

LEVELS = 1 << 17
"""Means that are kept, of each channel of each recording, at most."""


def fingerprint(dataset: Dataset, *, progress: Progress | None = None, separability: bool = True) -> Fingerprint:
    """Everything that decisions and rules read about a data set, in one pass over its samples and constant memory.

    Args:
        dataset: as loaded; its signals may be larger than memory.
        progress: called with the number of recordings done and their total.
        separability: fit the linear model that tells how well the classes can be told apart; False saves its time.
    """
    recordings = dataset.recordings
    marks = marks_of(dataset)
    measured, measured_on = _measured(dataset, marks)
    found = _together([mark for _, mark in measured], [each.group for each, _ in measured], dataset)
    sampled = chosen([each for each, _ in measured], dataset.task)
    sampler = sampler_of(dataset.task, dataset.labels, sampled, found.duration.p50) if separability else None
    roles = _roles(dataset.split)
    part = _parts(recordings, roles)
    every = one_in(recordings) if np.unique(part[part >= 0]).size > 1 else 0
    scanned, rows, shared = look(recordings, sampler, [each.name for each in sampled], progress, every)
    looked = [rows[each.name] for each in sampled] if sampler else []
    floor = fit(sampler, sampled, looked, found.items) if sampler else None
    levels = len(recordings) * len(dataset.channels) <= LEVELS
    facts = [
        _recording_facts(
            name=each.name,
            group=each.group,
            roles=roles.get(each.name, ()),
            shape=each.shape,
            steps=each.steps,
            mark=mark,
            signal=signal,
            **(levels_of(signal.moments) | {"noises": known_of(signal.noise)} if levels else {}),
        )
        for each, mark, signal in zip(recordings, marks, scanned, strict=True)
    ]
    return _assemble(
        task=dataset.task,
        labels=dataset.labels,
        found=found,
        measured_on=measured_on,
        separability=None if floor is None else floor.facts,
        opinion=None if floor is None else opinion(floor, sampled, looked),
        borders=None if floor is None else scatter(floor, sampled, looked, found.items),
        unmarked=None if floor is None else unmarked(floor, sampled, looked),
        positions=_positions(measured, dataset),
        alignment=alignment(sampler, sampled, looked, found.items) if sampler else None,
        recordings=facts,
        sampling_rate_hz=dataset.sampling_rate_hz,
        channels=channel_facts(dataset.channels, recordings, scanned),
        novelty=novelty([each.moments for each in scanned], [each.group for each in recordings]),
        overlaps=overlaps(shared, [each.name for each in recordings], part) if every else (),
        problems=tuple(asdict(problem) for problem in dataset.problems),
    )


def facts_of(recording: Recording) -> RecordingFacts:
    """What one recording's samples tell by themselves, in one pass; nothing of its labels."""
    signal = scan(recording)
    return _recording_facts(
        name=recording.name,
        group=recording.group,
        roles=(),
        shape=recording.shape,
        steps=recording.steps,
        mark=None,
        signal=signal,
        **(levels_of(signal.moments) | {"noises": known_of(signal.noise)}),
    )


def of_labels(prediction: Prediction) -> Fingerprint:
    """The fingerprint of reference labels without signals: no channels, no digests, measured on all recordings.

    Args:
        prediction: with ``y_true``; where it has ``reference`` tables, these are measured.

    Raises:
        InputError: nothing is known about what is true.

    Examples:
        >>> labels = Labels.of(["P"])
        >>> steps = (np.array([0, 1, 1, 0]),)
        >>> facts = of_labels(Prediction(names=("a",), labels=labels, y_true=steps, y_pred=steps))
        >>> facts.classes[0].segments, facts.background_share
        (1, 0.5)
    """
    if prediction.y_true is None:
        raise InputError("y_true: expected reference labels to measure. Received none")
    marks = [mark_of_truth(prediction, k) for k in range(len(prediction.names))]
    groups = prediction.groups if prediction.groups is not None else prediction.names
    roles = _roles({part: names for part, names in prediction.splits.items() if purpose(part) is not None})
    facts = [
        _recording_facts(
            name=name,
            group=groups[k],
            roles=roles.get(name, ()),
            shape=np.shape(prediction.y_true[k])[: prediction.rank],
            steps=marks[k].judged,
            mark=marks[k],
            signal=None,
        )
        for k, name in enumerate(prediction.names)
    ]
    return _assemble(
        task=prediction.task,
        labels=prediction.labels,
        found=_together(marks, groups, prediction),
        measured_on="all recordings",
        recordings=facts,
        sampling_rate_hz=prediction.sampling_rate_hz,
    )


def _measured(dataset: Dataset, marks: Sequence[Mark | None]) -> tuple[list[tuple[Recording, Mark]], str]:
    """The annotated recordings that labels are measured on, and what they are called."""
    marked = [(each, mark) for each, mark in zip(dataset.recordings, marks, strict=True) if mark is not None]
    train = {each.name for each in dataset.part("train")}
    chosen = [(each, mark) for each, mark in marked if each.name in train]
    return (chosen, "train") if chosen else (marked, "all recordings")


def _positions(measured: Sequence[tuple[Recording, Mark]], dataset: Dataset) -> tuple[PositionSkill, ...]:
    """How well the place in a recording alone tells what is marked there."""
    marked = [(each, mark.table) for each, mark in measured if mark.table is not None and each.steps]
    if not marked:
        return ()
    return positions(
        [table for _, table in marked],
        [each.steps for each, _ in marked],
        [each.group for each, _ in marked],
        dataset.labels,
        several=dataset.task.labels == "multilabel",
    )


def _together(marks: Sequence[Mark], groups: Sequence[str], of: Dataset | Prediction) -> Marks:
    """What the labels of recordings of these groups say."""
    names = {name: number for number, name in enumerate(dict.fromkeys(groups))}
    return together(marks, np.array([names[group] for group in groups], np.int64), of.task, of.labels)


def _assemble(
    *,
    task: Task,
    labels: Labels,
    found: Marks,
    recordings: Sequence[RecordingFacts],
    **others: Any,
) -> Fingerprint:
    return Fingerprint(
        task=task.to_dict(),
        labels=labels.names,
        background=labels.background,
        background_share=found.background_share,
        recordings=tuple(recordings),
        classes=found.classes,
        duration=found.duration,
        gap=found.gap,
        steps=found.labelled,
        segments=found.items,
        extent=_extent([each.shape for each in recordings]),
        transitions=found.transitions,
        co_occurrence=found.co_occurrence,
        effective_segments=found.effective,
        comb=found.comb,
        **{"channels": (), **others},
    )


def _extent(shapes: Sequence[tuple[int, ...]]) -> tuple[Extent, ...]:
    """How large recordings are along each axis."""
    table = np.array([shape for shape in shapes if shape], np.int64)
    return tuple(
        Extent(min=int(side.min()), median=float(np.median(side)), max=int(side.max()))
        for side in (table.T if table.size else ())
    )


def _recording_facts(
    *,
    name: str,
    group: str,
    roles: Sequence[str],
    shape: tuple[int, ...],
    steps: int,
    mark: Mark | None,
    signal: SignalFacts | None,
    **levels: tuple[float | None, ...],
) -> RecordingFacts:
    return RecordingFacts(
        name=name,
        group=group,
        role=roles[0] if roles else None,
        also_in=tuple(roles[1:]),
        steps=steps,
        shape=shape,
        segments=None if mark is None else int(mark.items.sum()),
        judged=None if mark is None else mark.judged,
        class_steps=() if mark is None else tuple(mark.steps.tolist()),
        class_segments=() if mark is None else tuple(mark.items.tolist()),
        non_finite=int(signal.non_finite.sum()) if signal is not None else 0,
        first_non_finite=signal.first_non_finite if signal is not None else None,
        digest=signal.digest if signal is not None else None,
        padding=signal.padding if signal is not None else 0,
        **levels,
    )


def _parts(recordings: Sequence[Recording], roles: Mapping[str, Sequence[str]]) -> IntArray:
    """The part that each recording is in, by what it is for; -1 where it is in none."""
    numbers = {"train": 0, "val": 1, "test": 2, None: -1}
    first = [roles.get(each.name, ("",))[0] for each in recordings]
    return np.array([numbers[purpose(role)] for role in first], np.int64)


def _roles(split: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """The roles of each recording, in the order of the split."""
    roles: dict[str, list[str]] = {}
    for role, names in split.items():
        for name in names:
            roles.setdefault(name, []).append(role)
    return roles
