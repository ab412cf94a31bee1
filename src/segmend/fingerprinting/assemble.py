"""The fingerprint of a data set, and of bare labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict

import numpy as np

from segmend.artifacts.fingerprint import Fingerprint, RecordingFacts
from segmend.artifacts.prediction import Prediction
from segmend.core.dataset import Dataset
from segmend.core.labels import IGNORE, Labels
from segmend.core.roles import purpose
from segmend.core.segments import Segments
from segmend.core.task import Task
from segmend.errors import InputError
from segmend.fingerprinting.items import Items, class_facts, class_steps, cuts_of, quantiles
from segmend.fingerprinting.signals import Progress, SignalFacts, channel_facts, scan_all


def fingerprint(dataset: Dataset, *, progress: Progress | None = None) -> Fingerprint:
    """Everything that decisions and rules read about a data set, in one pass over its samples and constant memory.

    Args:
        dataset: as loaded; its signals may be larger than memory.
        progress: called with the number of recordings done and their total.
    """
    recordings = dataset.recordings
    scanned = scan_all(recordings, progress)
    train = {recording.name for recording in dataset.part("train") if recording.segments is not None}
    measured = [each for each in recordings if each.segments is not None and (not train or each.name in train)]
    tables = [each.segments for each in measured if each.segments is not None]
    roles = _roles(dataset.split)
    facts = [
        _recording_facts(
            name=each.name,
            group=each.group,
            roles=roles.get(each.name, ()),
            steps=each.steps,
            table=each.segments,
            labels=dataset.labels,
            signal=signal,
        )
        for each, signal in zip(recordings, scanned, strict=True)
    ]
    return _assemble(
        task=dataset.task,
        labels=dataset.labels,
        items=Items.of(tables),
        steps=sum(each.steps for each in measured),
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
    labels, true = prediction.labels, prediction.y_true
    tables = prediction.reference or tuple(Segments.from_steps(row, labels.background) for row in true)
    judged = [int(np.count_nonzero(np.asarray(row) != IGNORE)) for row in true]
    roles = _roles({part: names for part, names in prediction.splits.items() if purpose(part) is not None})
    facts = [
        _recording_facts(
            name=name,
            group=prediction.groups[k] if prediction.groups is not None else name,
            roles=roles.get(name, ()),
            steps=judged[k],
            table=tables[k],
            labels=labels,
            signal=None,
        )
        for k, name in enumerate(prediction.names)
    ]
    return _assemble(
        task=Task.named("segmentation", len(labels)),
        labels=labels,
        items=Items.of(tables, [cuts_of(row) for row in true]),
        steps=sum(judged),
        measured_on="all recordings",
        recordings=facts,
        sampling_rate_hz=prediction.sampling_rate_hz,
    )


def _assemble(
    *, task: Task, labels: Labels, items: Items, steps: int, recordings: Sequence[RecordingFacts], **others: object
) -> Fingerprint:
    covered = items.covered()
    labelled = covered if labels.background is None else steps
    return Fingerprint(
        task=task.to_dict(),
        labels=labels.names,
        background=labels.background,
        background_share=(labelled - covered) / max(1, labelled),
        recordings=tuple(recordings),
        classes=class_facts(items, labels, labelled),
        duration=quantiles(items.length),
        gap=quantiles(items.gaps()),
        steps=labelled,
        segments=items.start.size,
        **{"channels": (), **others},
    )


def _recording_facts(
    *,
    name: str,
    group: str,
    roles: Sequence[str],
    steps: int,
    table: Segments | None,
    labels: Labels,
    signal: SignalFacts | None,
) -> RecordingFacts:
    steps_by_class: tuple[int, ...] = ()
    class_segments: tuple[int, ...] = ()
    if table is not None:
        steps_by_class = tuple(class_steps(table, steps, labels).tolist())
        class_segments = tuple(np.bincount(table.label, minlength=len(labels)).tolist())
    return RecordingFacts(
        name=name,
        group=group,
        role=roles[0] if roles else None,
        also_in=tuple(roles[1:]),
        steps=steps,
        segments=None if table is None else len(table),
        class_steps=steps_by_class,
        class_segments=class_segments,
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
