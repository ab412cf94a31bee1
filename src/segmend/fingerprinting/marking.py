"""What people marked: in the recordings of a data set, and in the truth that a prediction brings."""

from __future__ import annotations

import numpy as np

from segmend.artifacts.prediction import Prediction
from segmend.core.dataset import Dataset
from segmend.core.labels import IGNORE, Labels
from segmend.core.recording import Recording
from segmend.core.segments import Segments
from segmend.core.types import IntArray
from segmend.fingerprinting.items import cuts_of
from segmend.fingerprinting.marks import Mark, mark_image, mark_segments, mark_whole
from segmend.fingerprinting.parallel import in_parallel


def marks_of(dataset: Dataset) -> list[Mark | None]:
    """What people marked in each recording; masks take time to decode, tables none."""
    if dataset.task.rank > 1 and dataset.task.kind == "segmentation":
        return in_parallel(lambda each: mark_of(each, dataset.labels), dataset.recordings)
    return [mark_of(each, dataset.labels) for each in dataset.recordings]


def mark_of(recording: Recording, labels: Labels) -> Mark | None:
    """What people marked in a recording; None where nobody did."""
    if recording.regions is not None:
        numbers = recording.regions.instances
        return mark_image(np.asarray(recording.regions.mask), None if numbers is None else np.asarray(numbers), labels)
    if recording.classes is not None:
        return mark_whole(recording.classes, labels)
    if recording.segments is None:
        return None
    cuts = None if recording.ignored is None else recording.ignored.start
    return mark_segments(recording.segments, recording.judged_steps, labels, cuts=cuts)


def mark_of_truth(prediction: Prediction, k: int) -> Mark:
    """What is true of one recording of a prediction that knows it."""
    assert prediction.y_true is not None
    true, labels = np.asarray(prediction.y_true[k]), prediction.labels
    if prediction.rank == 0:
        return mark_whole(
            (np.flatnonzero(true == 1) if prediction.multilabel else true[true != IGNORE]).tolist(), labels
        )
    if prediction.rank > 1:
        return mark_image(true, None if prediction.instances is None else prediction.instances[k], labels)
    judged = (true != IGNORE).all(axis=-1) if prediction.multilabel else true != IGNORE
    cuts = cuts_of(np.where(judged, 0, IGNORE))
    return mark_segments(_table(prediction, k, true), int(np.count_nonzero(judged)), labels, cuts=cuts)


def _table(prediction: Prediction, k: int, true: IntArray) -> Segments:
    if prediction.reference is not None:
        return prediction.reference[k]
    if prediction.multilabel:
        return Segments.from_overlapping(true)
    return Segments.from_steps(true, prediction.labels.background)
