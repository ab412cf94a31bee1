"""Which places of a data set a separability floor looks at, their features and what is true there."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from segmend.core.labels import IGNORE, Labels
from segmend.core.recording import Recording
from segmend.core.task import Task
from segmend.core.types import FloatArray, IntArray
from segmend.fingerprinting.edges import Edges, around, borders_each, usual_lengths
from segmend.fingerprinting.held import has_at, has_moved
from segmend.fingerprinting.rows import MOVABLE, MOVED, Rows, shifts_of
from segmend.fingerprinting.windowed import number_of, windowed

RECORDINGS = 1 << 8
"""Recordings that are looked at, at most."""

WHOLES = 1 << 9
"""Recordings that are looked at, at most, where whole recordings are classified: each is one row."""

READ = 1 << 21
"""Steps or pixels that are read, at most, of all recordings together."""

LEAST_READ = 1 << 9
"""Steps or pixels of one recording that are read, where it has as many."""

VALUES = 1 << 23
"""Samples of all channels that are read, at most, of all recordings together."""

PIECE = 1 << 20
"""Samples that are looked at together: some 60 MiB of running sums."""

SAMPLES = 1 << 16
"""Places that are looked at, at most."""

CELLS = 1 << 22
"""Features times places, at most: 16 MiB."""

FEATURES = 512
"""Features, at most: where channels are many, windows of one size, then some of the channels."""

PLACES = 1 << 7
"""Places of a recording that are looked at where whole recordings are classified."""

BLOCKS = 8
"""Pieces of a recording that are read, at most."""

SHARES = (1 / 8, 1 / 2, 2)
"""Reaches of windows as shares of the median length of a segment."""

WHOLE = (1 / 64, 1 / 16, 1 / 4)
"""Reaches of windows as shares of a recording, where whole recordings are classified."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Sampler:
    """How features are measured, the same in every recording.

    Attributes:
        task: what the labels answer.
        labels: class names and the background.
        reaches: steps to either side of each window.
        channels: numbers of the channels that are looked at.
        read: steps or pixels of a recording that are read, at most.
        places: of a recording that are looked at, at most.
        piece: steps or pixels that are looked at together, at most.
        shifts: steps by which labels are moved, 0 among them, in rising order; empty where they are not.
        every: so-many-th place is looked at with labels moved.
        usual: median length of the items of each class, shape (classes,).
        borders: of a recording whose surroundings are looked at, at most; 0 where they are not.
    """

    task: Task
    labels: Labels
    reaches: tuple[int, ...]
    channels: IntArray
    read: int
    places: int
    piece: int
    shifts: tuple[int, ...] = ()
    every: int = 1
    usual: FloatArray
    borders: int = 0

    @classmethod
    def of(cls, task: Task, labels: Labels, recordings: Sequence[Recording], length: float | None) -> Sampler:
        """For recordings of one kind.

        Args:
            task: what the labels answer.
            labels: class names and the background.
            recordings: those that are looked at.
            length: median length of a segment, or diameter of an object; None where whole recordings are classified.
        """
        number, channels = len(recordings), recordings[0].signal.shape[-1]
        read = max(LEAST_READ, min(READ, VALUES // channels) // number)
        side = int(round(read ** (1 / task.rank), 6))
        whole = task.kind == "classification"
        size = float(np.median([min(each.shape) for each in recordings])) if whole or length is None else length
        wished = [max(1, round(share * size)) for share in (WHOLE if whole else SHARES)]
        reaches = sorted({min(each, max(1, side // 4)) for each in wished})
        most = FEATURES // 2 if whole else FEATURES
        if number_of(len(reaches), task.rank, channels) > most:
            reaches = reaches[len(reaches) // 2 :][:1]
        kept = min(channels, max(1, most // number_of(1, task.rank, 1) // len(reaches)))
        features = number_of(len(reaches), task.rank, kept)
        places = PLACES if whole else max(8, min(SAMPLES, CELLS // max(features, len(labels))) // number)
        chosen = np.linspace(0, channels - 1, kept).round().astype(np.int64)
        return cls(
            task=task,
            labels=labels,
            reaches=tuple(reaches),
            channels=chosen,
            read=read,
            places=places,
            piece=PIECE // kept,
            shifts=() if whole or task.rank > 1 or len(labels) > MOVABLE else shifts_of(size),
            every=-(-places * number // MOVED),
            usual=usual_lengths(recordings, len(labels)),
            borders=0 if whole or task.rank > 1 else borders_each(number, number_of(1, 1, kept)),
        )

    @property
    def features(self) -> int:
        """Number of features of a row."""
        measured = number_of(len(self.reaches), self.task.rank, self.channels.size)
        return 2 * measured if self.task.kind == "classification" else measured

    @property
    def near(self) -> int:
        """Number of features of the smallest windows, which come first."""
        return self.features // len(self.reaches)

    @property
    def margin(self) -> int:
        """What features of a place depend on to either side: the widest window, and the neighbour of its first step."""
        return self.reaches[-1] + 1

    def rows(self, recording: Recording, seed: int) -> Rows:
        """Features of places, or of the whole recording, and what is true there.

        Args:
            recording: annotated.
            seed: decides which places.

        Returns:
            What was measured; places that are not judged are left out.
        """
        draws = np.random.default_rng(seed)
        if self.task.kind == "classification":
            return Rows(
                found=self.of_whole(recording, draws),
                true=self._classes(recording)[np.newaxis],
                places=np.zeros((1, self.task.rank), np.int64),
                near=np.zeros((0, 0)),
                moved=np.zeros((0, 0, len(self.labels)), np.int8),
                edges=Edges.none(0),
            )
        read = min(self.read, recording.steps)
        number = max(1, -(-read // self.piece))
        if recording.steps > self.read:
            number = max(number, min(BLOCKS, read // (4 * self.reaches[-1]) ** self.task.rank))
        found, true, where, moved, edges = [], [], [], [], []
        border_draws = np.random.default_rng((seed, 1))
        for _ in range(number):
            start, stop = _piece(recording.shape, read // number, draws)
            places = self._places(recording.shape, start, stop, self.places // number, draws)
            held = has_at(recording, places, self.labels, multilabel=self.task.labels == "multilabel")
            judged = held[:, 0] != IGNORE
            found.append(self.at(recording, places[judged], start, stop))
            true.append(held[judged])
            where.append(places[judged])
            moved.append(self._moved(recording, places[judged], found[-1]))
            edges.append(self._edges(recording, start, stop, self.borders // number, border_draws))
        near, told = (np.concatenate(column) for column in zip(*moved, strict=True))
        columns = np.concatenate(found).astype(np.float32), np.concatenate(true), np.concatenate(where)
        return Rows(*columns, near, told, Edges.join(edges))

    def _edges(
        self, recording: Recording, start: IntArray, stop: IntArray, most: int, draws: np.random.Generator
    ) -> Edges:
        """What lies around borders in a piece of the recording."""
        if most < 2 or recording.segments is None:
            return Edges.none(self.near)
        margin = self.reaches[0] + 1
        low = int(start[0]) + margin if start[0] > 0 else 0
        high = int(stop[0]) - margin if stop[0] < recording.steps else int(stop[0])
        places, edges = around(recording.segments, self.usual, low, high, most, draws)
        if not places.size:
            return Edges.none(self.near)
        found = self.at(recording, places.reshape(-1, 1), start, stop, self.reaches[:1])
        return edges._replace(found=found.reshape(*places.shape, -1).astype(np.float32))

    def _moved(self, recording: Recording, places: IntArray, found: FloatArray) -> tuple[FloatArray, IntArray]:
        """Features of the smallest windows and labels at every shift, where all of them are judged."""
        near = found[:: self.every, : self.near]
        if not self.shifts:
            return near[:0], np.zeros((0, 0, len(self.labels)), np.int8)
        several = self.task.labels == "multilabel"
        held = has_moved(recording, places[:: self.every], self.shifts, self.labels, multilabel=several)
        judged = (held[:, :, 0] != IGNORE).all(axis=1)
        return near[judged].astype(np.float32), held[judged]

    def at(
        self,
        recording: Recording,
        places: IntArray,
        start: IntArray,
        stop: IntArray,
        reaches: Sequence[int] | None = None,
    ) -> FloatArray:
        """Features of places, measured in a piece of the recording; those of some windows only where they are told."""
        piece = tuple(slice(int(a), int(b)) for a, b in zip(start, stop, strict=True))
        samples = np.asarray(recording.signal[piece])
        samples = samples if self.channels.size == samples.shape[-1] else samples[..., self.channels]
        return windowed(samples, places - start, reaches or self.reaches)

    def of_whole(self, recording: Recording, draws: np.random.Generator) -> FloatArray:
        """Mean and spread of the features of places of one recording, shape (1, features)."""
        start, stop = _piece(recording.shape, min(self.piece, max(self.read, SAMPLES)), draws)
        places = self._places(recording.shape, start, stop, self.places, draws)
        found = self.at(recording, places, start, stop)
        return np.concatenate((found.mean(axis=0), found.std(axis=0)))[np.newaxis].astype(np.float32)

    def _places(
        self, shape: tuple[int, ...], start: IntArray, stop: IntArray, number: int, draws: np.random.Generator
    ) -> IntArray:
        """Places of a piece whose windows end within it, or at the edges of the recording; in rising order."""
        low = np.where(start > 0, start + self.margin, 0)
        high = np.where(stop < shape, stop - self.margin, stop)
        low, high = np.where(low < high, low, start), np.where(low < high, high, stop)
        sides = tuple((high - low).tolist())
        size = math.prod(sides)
        chosen = (
            np.arange(size)
            if size <= number
            else np.sort(draws.choice(size, max(1, number), replace=False, shuffle=False))
        )
        return np.stack(np.unravel_index(chosen, sides), axis=1) + low

    def _classes(self, recording: Recording) -> IntArray:
        has = np.zeros(len(self.labels), np.int8)
        has[list(recording.classes or ())] = 1
        return has


def _piece(shape: tuple[int, ...], read: int, draws: np.random.Generator) -> tuple[IntArray, IntArray]:
    """Start and stop of a piece of about as many steps or pixels, anywhere in a recording."""
    sides = np.array(shape)
    if math.prod(shape) > read:
        sides = np.minimum(sides, max(1, int(round(read ** (1 / sides.size), 6))))
    start = draws.integers(0, np.array(shape) - sides + 1)
    return start, start + sides
