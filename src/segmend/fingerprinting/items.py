"""Segments of many recordings in one table, and the lengths and gaps in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from segmend.artifacts.fingerprint import ClassFacts, Quantiles
from segmend.core.labels import IGNORE, Labels
from segmend.core.segments import Segments, runs
from segmend.core.types import FloatArray, IntArray
from segmend.fingerprinting.independent import of_lengths


@dataclass(frozen=True, slots=True, eq=False)
class Items:
    """Segments of several recordings, sorted by recording and start, shape (n,) each.

    Attributes:
        recording: number of the recording.
        stretch: number of the stretch between steps that are not judged; rises from recording to recording, so that
            no gap is measured from one stretch to another.
        start, stop, label: as in a table of segments.
    """

    recording: IntArray
    stretch: IntArray
    start: IntArray
    stop: IntArray
    label: IntArray

    @classmethod
    def of(cls, tables: Sequence[Segments], cuts: Sequence[IntArray] | None = None) -> Items:
        """Join tables.

        Args:
            tables: one per recording.
            cuts: where stretches that are not judged begin, per recording; None where every step is judged.
        """
        columns = [np.zeros((5, 0), np.int64)]
        stretches = 0
        for number, table in enumerate(tables):
            rows = table.sorted()
            cut = cuts[number] if cuts is not None else np.zeros(0, np.int64)
            stretch = stretches + np.searchsorted(cut, rows.start, side="right")
            stretches += cut.size + 1
            columns.append(np.stack([np.full(len(rows), number), stretch, rows.start, rows.stop, rows.label]))
        return cls(*np.concatenate(columns, axis=1))

    def take(self, keep: IntArray) -> Items:
        """The rows that a mask or an index selects."""
        return Items(self.recording[keep], self.stretch[keep], self.start[keep], self.stop[keep], self.label[keep])

    @property
    def length(self) -> IntArray:
        """Steps in each segment."""
        return self.stop - self.start

    def gaps(self) -> IntArray:
        """Steps from the end of each segment to the start of the next one of its stretch; overlaps give none."""
        gap = self.start[1:] - self.stop[:-1]
        return gap[(self.stretch[1:] == self.stretch[:-1]) & (gap >= 0)]

    def end_to_end(self) -> IntArray:
        """What to add to each segment's ends so that recordings lie one after the other, shape (n,)."""
        ends = np.zeros(int(self.recording[-1]) + 1 if self.recording.size else 0, np.int64)
        np.maximum.at(ends, self.recording, self.stop)
        return (np.cumsum(ends) - ends)[self.recording]

    def covered(self) -> int:
        """Steps that lie in a segment, those of overlaps counted once."""
        if not self.start.size:
            return 0
        offset = self.end_to_end()  # so that one running maximum serves all recordings
        start, stop = self.start + offset, self.stop + offset
        reached = np.concatenate(([0], np.maximum.accumulate(stop)[:-1]))
        return int(np.maximum(stop - np.maximum(start, reached), 0).sum())


def cuts_of(y_true: IntArray) -> IntArray:
    """Where stretches of steps that are not judged begin.

    >>> cuts_of(np.array([1, -1, -1, 0, -1])).tolist()
    [1, 4]
    """
    start, _, label = runs(np.asarray(y_true))
    return start[label == IGNORE]


def class_steps(table: Segments, steps: int, labels: Labels) -> IntArray:
    """Steps of each class in one recording, shape (classes,); what no segment covers is the background's.

    >>> class_steps(Segments.from_rows([(1, 3, 1), (2, 4, 2)]), 5, Labels.of(["P", "QRS"])).tolist()
    [2, 2, 2]
    """
    per_class = np.bincount(table.label, table.length, minlength=len(labels)).astype(np.int64)
    if labels.background is not None:
        per_class[labels.background] = steps - Items.of([table]).covered()
    return per_class


def class_facts(items: Items, labels: Labels, labelled_steps: int, groups: IntArray) -> tuple[ClassFacts, ...]:
    """One entry per class without the background.

    Args:
        items: all segments.
        labels: class names and the background.
        labelled_steps: what shares are of.
        groups: group number of each recording, shape (recordings,).
    """
    every = []
    for number in labels.foreground:
        mine = items.take(items.label == number)
        gaps = mine.gaps()
        steps = int(mine.length.sum())
        every.append(
            ClassFacts(
                name=labels.names[number],
                steps=steps,
                step_share=steps / max(1, labelled_steps),
                segments=mine.start.size,
                segment_share=mine.start.size / max(1, items.start.size),
                recordings=np.unique(mine.recording).size,
                duration=quantiles(mine.length),
                gap=quantiles(gaps),
                touching=int((gaps == 0).sum()),
                rate=mine.start.size / max(1, labelled_steps),
                per_recording=quantiles(np.bincount(mine.recording, minlength=groups.size)),
                effective_segments=of_lengths(mine.length, mine.label, groups[mine.recording]),
            )
        )
    return tuple(every)


def quantiles(lengths: IntArray | FloatArray) -> Quantiles:
    """Five quantiles and the maximum, linear between order statistics.

    >>> quantiles(np.arange(1, 102)).p95
    96.0
    """
    if not lengths.size:
        return Quantiles()
    p5, p25, p50, p75, p95, most = np.quantile(lengths, [0.05, 0.25, 0.5, 0.75, 0.95, 1]).tolist()
    return Quantiles(p5=p5, p25=p25, p50=p50, p75=p75, p95=p95, max=most)
