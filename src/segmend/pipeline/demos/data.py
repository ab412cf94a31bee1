"""The demo's recordings: wrist motion of ten people, from the data file that the package seglearn brings.

Burns, Leung, Hardisty, Whyne, Henry, McLachlin, "Shoulder physiotherapy exercise recognition: machine learning the
inertial signals from a smartwatch", Physiol. Meas. 39:075007 (2018).
"""

from __future__ import annotations

import csv
import hashlib
import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from segmend.core.files import write_json
from segmend.core.types import FloatArray, IntArray
from segmend.errors import InputError, MissingDependencyError

SHA256 = "eb122f23cdf06ef6bd6c6c5312958ec5cf9d038e2e6d457b8081662c75a42537"
RATE_HZ = 50
ROLES = {"train": range(1, 6), "val": range(6, 8), "test": range(8, 11)}
"""Persons by role; nobody is in two."""


@dataclass(frozen=True, slots=True, eq=False)
class Wrist:
    """The file's content: one entry per recording of one exercise.

    Attributes:
        signals: acceleration and rotation, each (steps, 6).
        exercise: class number of each recording.
        person: number of the person, from 1.
        exercises: class names.
        channels: channel names.
    """

    signals: tuple[FloatArray, ...]
    exercise: IntArray
    person: IntArray
    exercises: tuple[str, ...]
    channels: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Session:
    """All recordings of one person, joined end to end.

    Attributes:
        name: such as "person-08".
        signal: (steps, 6).
        bouts: rows (start, stop, exercise), half-open, in steps.
    """

    name: str
    signal: FloatArray
    bouts: tuple[tuple[int, int, str], ...]


def find() -> Path:
    """The data file, without importing the package that it lies in.

    Raises:
        MissingDependencyError: seglearn is not installed.
    """
    found = importlib.util.find_spec("seglearn")
    if found is None or not found.submodule_search_locations:
        raise MissingDependencyError('the demo needs the recordings in seglearn: pip install "segmend[demo]"')
    return Path(found.submodule_search_locations[0]) / "data" / "watch_dataset.npy"


def read(path: Path) -> Wrist:
    """The recordings in the file.

    Raises:
        InputError: the file is not the one that is known.
    """
    content = path.read_bytes() if path.is_file() else b""
    digest = hashlib.sha256(content).hexdigest()
    if digest != SHA256:
        raise InputError(f"{path}: expected the data file of seglearn 1.2.5, SHA-256 {SHA256}. Received {digest}")
    # The array holds Python objects, and unpickling can run any code: so the file is opened only after its SHA-256 has
    # shown that it is, byte for byte, the one that was looked into. Nothing else in segmend unpickles.
    wrist = np.load(path, allow_pickle=True).item()
    return Wrist(
        signals=tuple(np.asarray(signal, np.float32) for signal in wrist["X"]),
        exercise=np.asarray(wrist["y"], np.int64),
        person=np.asarray(wrist["subject"], np.int64),
        exercises=tuple(map(str, wrist["y_labels"])),
        channels=tuple(map(str, wrist["X_labels"])),
    )


def join(wrist: Wrist, *, seed: int) -> list[Session]:
    """One session per person: the recordings in random order, no exercise next to itself.

    Two touching bouts of one exercise could not be told apart by labels of steps, so such orders are not drawn.
    """
    sessions = []
    for person in np.unique(wrist.person).tolist():
        own = np.flatnonzero(wrist.person == person)
        order = own[shuffled(wrist.exercise[own], np.random.default_rng([seed, person]))]
        stops = np.cumsum([len(wrist.signals[k]) for k in order])
        starts = [0, *stops[:-1].tolist()]
        bouts = tuple(
            (start, stop, wrist.exercises[wrist.exercise[k]])
            for start, stop, k in zip(starts, stops.tolist(), order.tolist(), strict=True)
        )
        signal = np.concatenate([wrist.signals[k] for k in order])
        sessions.append(Session(f"person-{person:02d}", signal, bouts))
    return sessions


def shuffled(kinds: Sequence[int] | IntArray, rng: np.random.Generator) -> IntArray:
    """A random order in which no kind follows itself, every such order equally likely.

    Args:
        kinds: one value per item.
        rng: source of the order.

    Raises:
        InputError: more than half of the items are of one kind, so there is no such order.

    Examples:
        >>> kinds = np.array([0, 0, 1, 1, 2])
        >>> bool(np.all(np.diff(kinds[shuffled(kinds, np.random.default_rng(0))])))
        True
    """
    kinds = np.asarray(kinds)
    if kinds.size and np.unique(kinds, return_counts=True)[1].max() > (kinds.size + 1) // 2:
        raise InputError(f"order: expected no kind to make up more than half of {kinds.size} items")
    while True:
        order = rng.permutation(len(kinds))
        if not np.any(kinds[order[1:]] == kinds[order[:-1]]):
            return order


def write(wrist: Wrist, sessions: Sequence[Session], folder: Path) -> Path:
    """Write the sessions as a data folder, split by person; returns the folder."""
    (folder / "signals").mkdir(parents=True)
    with (folder / "annotations.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(("recording", "start", "end", "label"))
        for session in sessions:
            np.save(folder / "signals" / f"{session.name}.npy", session.signal)
            table.writerows((session.name, *bout) for bout in session.bouts)
    content = {
        "task": "segmentation",
        "sampling_rate_hz": RATE_HZ,
        "channels": wrist.channels,
        "labels": wrist.exercises,
        "background": None,
        "split": {role: [f"person-{person:02d}" for person in persons] for role, persons in ROLES.items()},
        "groups": {session.name: session.name for session in sessions},
        "source": "seglearn 1.2.5; the 14 recordings of each person joined in random order",
        "cite": __doc__.strip().partition("\n\n")[2].replace("\n", " "),
    }
    write_json(folder / "dataset.json", content)
    return folder
