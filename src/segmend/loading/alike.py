"""Recordings made alike: the same channels in the same order, at one rate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from segmend.errors import InputError
from segmend.formats.base import Annotations
from segmend.loading.resampled import Picked, ratio_of, resampled
from segmend.loading.signals import SignalFile, open_signal

ALMOST = 1e-6
"""Rates that differ by less than this share of them are one."""


@dataclass(frozen=True, slots=True, eq=False)
class Alike:
    """Recordings of the same channels at one rate.

    Attributes:
        files: with the signals as they are used.
        channels: one name per channel.
        sampling_rate_hz: of all of them; None where steps are all there is.
        old_rates: rate of the file by name of recording, of those that were resampled.
        notes: what was done, a line each.
    """

    files: tuple[SignalFile, ...]
    channels: tuple[str, ...]
    sampling_rate_hz: float | None
    old_rates: dict[str, float]
    notes: tuple[str, ...]

    def in_seconds(self, rows: Annotations) -> Annotations:
        """Rows in steps of recordings that were resampled, in seconds: those steps were of the file's own rate."""
        if rows.unit == "seconds" or not self.old_rates or self.sampling_rate_hz is None:
            return rows
        rate = np.array([self.old_rates.get(name, self.sampling_rate_hz) for name in rows.recording])
        return replace(rows, start=rows.start / rate, end=rows.end / rate, unit="seconds")


def open_alike(path: Path, channels: tuple[str, ...], rate: float | None) -> SignalFile:
    """Open one signal file with the channels and the rate of a training.

    Args:
        path: the file; further channels are dropped.
        channels: their names; those that are mere numbers ("channel_0", ...) fit whatever a file calls its channels.
        rate: steps per second; None takes steps as they are.

    Raises:
        InputError: the file cannot be read, or a channel is missing.
    """
    file = open_signal(path)
    if channels == numbers(file.signal.values.shape[1]):
        file = replace(file, signal=replace(file.signal, channels=None))
    return alike([file], channels, rate, source="in training").files[0]


def numbers(count: int) -> tuple[str, ...]:
    """What channels are called that nobody named.

    >>> numbers(2)
    ('channel_0', 'channel_1')
    """
    return tuple(f"channel_{k}" for k in range(count))


def alike(
    files: Sequence[SignalFile], channels: tuple[str, ...] | None, rate: float | None, source: str = "in dataset.json"
) -> Alike:
    """Put channels in one order, and resample what has another rate.

    Channels are told by their names where files hold names: those of dataset.json, and others are dropped, else those
    of the first file. The rate is that of dataset.json, else the lowest among the files; a file that says no rate is
    taken to have it.

    Args:
        files: as opened.
        channels: what dataset.json says, None where it says nothing.
        rate: what dataset.json says, steps per second; None where it says nothing.
        source: where these stand, for messages.

    Raises:
        InputError: a channel is missing, or a file says no rate while others differ.
    """
    names = channels or files[0].signal.channels
    where = f"as {source}" if channels else f"as in {files[0].path.name}"
    picked = tuple(_picked(file, names, files[0], where, described=channels is not None) for file in files)
    width = picked[0].signal.values.shape[1]
    rates = {file.name: file.signal.sampling_rate_hz for file in files}
    target = rate if rate is not None else _lowest(files)
    old = {
        name: own
        for name, own in rates.items()
        if own is not None and target is not None and abs(own - target) > ALMOST * target
    }
    fitted = tuple(
        _at(file, target, old[file.name]) if target is not None and file.name in old else file for file in picked
    )
    notes = (*_dropped(files, names), *_resampled(old, target, len(files), given=rate is not None))
    return Alike(fitted, names or numbers(width), target, old, notes)


def _picked(
    file: SignalFile, names: tuple[str, ...] | None, first: SignalFile, where: str, *, described: bool
) -> SignalFile:
    """A file with the named channels only, in their order."""
    own, width = file.signal.channels, file.signal.values.shape[1]
    if names is None or own is None:
        if own is not None or (names is not None and not described):
            raise InputError(f"{file.path}: expected {_listed(names)} {where}. Received {_listed(own)}")
        wanted = len(names) if names is not None else first.signal.values.shape[1]
        if width != wanted:
            listed = f"the {wanted} channels {', '.join(names)}" if names else f"{wanted} channels"
            raise InputError(f"{file.path}: expected {listed} {where}. Received {width}")
        return file
    if own == names:
        return file
    missing = [name for name in names if own.count(name) != 1]
    extra = [name for name in own if name not in names]
    if missing or (extra and not described):
        raise InputError(f"{file.path}: expected {_listed(names)} {where}, each once. Received {_listed(own)}")
    values: Any = Picked(file.signal.values, tuple(own.index(name) for name in names))
    return replace(file, signal=replace(file.signal, values=values, channels=names))


def _listed(names: tuple[str, ...] | None) -> str:
    return f"the channels {', '.join(names)}" if names else "channels without names"


def _lowest(files: Sequence[SignalFile]) -> float | None:
    """The lowest rate among the files.

    Raises:
        InputError: some say a rate, these differ, and others say none.
    """
    rates = [file.signal.sampling_rate_hz for file in files if file.signal.sampling_rate_hz is not None]
    if not rates:
        return None
    silent = [file for file in files if file.signal.sampling_rate_hz is None]
    if silent and max(rates) - min(rates) > ALMOST * min(rates):
        raise InputError(
            f"{silent[0].path}: expected sampling_rate_hz in dataset.json, as the file says no rate and others have "
            f"{min(rates):g} to {max(rates):g} steps per second. Received neither"
        )
    return min(rates)


def _at(file: SignalFile, rate: float, old: float) -> SignalFile:
    values = resampled(file.signal.values, ratio_of(rate, old))
    return replace(file, signal=replace(file.signal, values=values, sampling_rate_hz=rate))


def _dropped(files: Sequence[SignalFile], names: tuple[str, ...] | None) -> list[str]:
    """What is said of channels that are left out."""
    extra = [name for file in files for name in file.signal.channels or () if name not in (names or ())]
    listed = ", ".join(dict.fromkeys(extra))
    return [f"channels that dataset.json does not name are left out: {listed:.200}"] if extra else []


def _resampled(old: dict[str, float], target: float | None, count: int, *, given: bool) -> list[str]:
    """What is said of rates."""
    if not old:
        return []
    rates = ", ".join(f"{rate:g}" for rate in sorted(set(old.values())))
    because = "the rate of dataset.json" if given else "the lowest rate among them"
    return [f"{len(old)} of {count} recordings resampled from {rates} to {target:g} steps per second, {because}"]
