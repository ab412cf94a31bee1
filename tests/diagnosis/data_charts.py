"""Charts of small data sets in memory, for the data rules' sick and healthy cases."""

from __future__ import annotations

import numpy as np

from segmend.artifacts.chart import Chart
from segmend.core.dataset import Dataset
from segmend.core.labels import Labels
from segmend.core.recording import Recording
from segmend.core.segments import Segments
from segmend.core.task import Task
from segmend.fingerprinting import fingerprint

LABELS = Labels.of(["P", "QRS"])
ROWS = ((2, 5, 1), (8, 12, 2), (14, 17, 1))


def recording(name, *, signal=None, rows=ROWS, group=None):
    """A recording of 20 steps and two channels of noise, all its own."""
    if signal is None:
        signal = np.random.default_rng(sum(map(ord, name))).normal(size=(20, 2))
    table = None if rows is None else Segments.from_rows(rows)
    return Recording(name=name, signal=signal, segments=table, group=group or name)


def charted(*recordings, labels=LABELS, split=None, problems=()):
    """The chart of an audit."""
    task = Task.named("segmentation", len(labels))
    channels = tuple("xyzuvw"[: recordings[0].signal.shape[1]])
    data = Dataset(
        recordings=recordings, task=task, labels=labels, channels=channels, split=split or {}, problems=problems
    )
    return Chart(task=task, labels=labels, judged_on="data", fingerprint=fingerprint(data))


def sound():
    """Four recordings without a fault."""
    split = {"train": ("a", "b"), "val": ("c",), "test": ("d",), "test_again": ("d",)}
    return charted(*map(recording, "abcd"), split=split)
