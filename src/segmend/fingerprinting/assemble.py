"""The fingerprint of a data set, and of bare labels."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import asdict

import numpy as np

from segmend.artifacts.fingerprint import Fingerprint, RecordingFacts
from segmend.artifacts.prediction import Prediction
from segmend.core.dataset import Dataset
from segmend.core.labels import IGNORE, Labels
from segmend.core.recording import Recording
from segmend.core.roles import purpose
from segmend.core.segments import Segments
from segmend.core.task import Task
from segmend.core.types import IntArray
from segmend.errors import InputError
from segmend.fingerprinting.items import cuts_of
from segmend.fingerprinting.marks import Mark, mark_image, mark_segments, mark_whole, together
from segmend.fingerprinting.signals import Progress, SignalFacts, channel_facts, scan_all


def fingerprint(dataset: Dataset, *, progress: Progress | None = None) -> Fingerprint:
    """Everything that decisions and rules read about a data set, in one pass over its samples and constant memory.

    Args:
        dataset: as loaded; its signals may be larger than memory.
        progress: called with the number of recordings done and their total.
    """
    recordings = dataset.recordings
    scanned = scan_all(recordings, progress)
    marks = [_mark(each, dataset.labels) for each in recordings]
    train = {each.name for each, mark in zip(dataset.recordings, marks, strict=True) if mark is not None}
    train &= {each.name for each in dataset.part("train")}
    measured = [
        mark
        for each, mark in zip(recordings, marks, strict=True)
        if mark is not None and (not train or each.name in train)
    ]
    roles = _roles(dataset.split)
    facts = [
        _recording_facts(
            name=each.name,
            group=each.group,
            roles=roles.get(each.name, ()),
            shape=each.shape,
            steps=each.steps,
            mark=mark,
            signal=signal,
        )
        for each, mark, signal in zip(recordings, marks, scanned, strict=True)
    ]
    return _assemble(
        task=dataset.task,
        labels=dataset.labels,
        marks=measured,
        measured_on="train" if train else "all recordings",
        recordings=facts,
        sampling_rate_hz=dataset.sampling_rate_hz,
        channels=channel_facts(dataset.channels, recordings, scanned),
        problems=tuple(asdict(problem) for problem in dataset.problems),
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
    marks = [_mark_of_truth(prediction, k) for k in range(len(prediction.names))]
    roles = _roles({part: names for part, names in prediction.splits.items() if purpose(part) is not None})
    facts = [
        _recording_facts(
            name=name,
            group=prediction.groups[k] if prediction.groups is not None else name,
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
        marks=marks,
        measured_on="all recordings",
        recordings=facts,
        sampling_rate_hz=prediction.sampling_rate_hz,
    )


def _mark(recording: Recording, labels: Labels) -> Mark | None:
    """What people marked in a recording; None where nobody did."""
    if recording.regions is not None:
        numbers = recording.regions.instances
        return mark_image(np.asarray(recording.regions.mask), None if numbers is None else np.asarray(numbers), labels)
    if recording.classes is not None:
        return mark_whole(recording.classes, labels)
    if recording.segments is None:
        return None
    mark = mark_segments(recording.segments, recording.judged_steps, labels)
    none = np.zeros(0, np.int64)
    return dataclasses.replace(mark, cuts=none if recording.ignored is None else recording.ignored.start)


def _mark_of_truth(prediction: Prediction, k: int) -> Mark:
    """What is true of one recording of a prediction."""
    assert prediction.y_true is not None
    true, labels = np.asarray(prediction.y_true[k]), prediction.labels
    if prediction.rank == 0:
        return mark_whole(
            (np.flatnonzero(true == 1) if prediction.multilabel else true[true != IGNORE]).tolist(), labels
        )
    if prediction.rank > 1:
        return mark_image(true, None if prediction.instances is None else prediction.instances[k], labels)
    judged = (true != IGNORE).all(axis=-1) if prediction.multilabel else true != IGNORE
    table = _table(prediction, k, true)
    mark = mark_segments(table, int(np.count_nonzero(judged)), labels)
    return dataclasses.replace(mark, cuts=cuts_of(np.where(judged, 0, IGNORE)))


def _table(prediction: Prediction, k: int, true: IntArray) -> Segments:
    if prediction.reference is not None:
        return prediction.reference[k]
    if prediction.multilabel:
        return Segments.from_overlapping(true)
    return Segments.from_steps(true, prediction.labels.background)


def _assemble(
    *, task: Task, labels: Labels, marks: Sequence[Mark], recordings: Sequence[RecordingFacts], **others: object
) -> Fingerprint:
    found = together(marks, task, labels)
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
        **{"channels": (), **others},
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
) -> RecordingFacts:
    return RecordingFacts(
        name=name,
        group=group,
        role=roles[0] if roles else None,
        also_in=tuple(roles[1:]),
        steps=steps,
        shape=shape,
        segments=None if mark is None else int(mark.items.sum()),
        class_steps=() if mark is None else tuple(mark.steps.tolist()),
        class_segments=() if mark is None else tuple(mark.items.tolist()),
        non_finite=int(signal.non_finite.sum()) if signal is not None else 0,
        first_non_finite=signal.first_non_finite if signal is not None else None,
        digest=signal.digest if signal is not None else None,
    )


def _roles(split: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """The roles of each recording, in the order of the split."""
    roles: dict[str, list[str]] = {}
    for role, names in split.items():
        for name in names:
            roles.setdefault(name, []).append(role)
    return roles
