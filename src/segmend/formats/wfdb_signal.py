"""Signals of WFDB records, as PhysioNet keeps them."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from segmend.core.types import FloatArray, IntArray
from segmend.errors import InputError
from segmend.formats.base import Signal, SignalFormat
from segmend.formats.lazy import Lazy, settled
from segmend.formats.text import first_line
from segmend.formats.wfdb_header import RECORD, Stored, read_header

BITS = {"80": 8, "212": 12, "16": 16, "61": 16, "160": 16, "24": 24, "32": 32}
"""Bits a sample, by the number of the storage format."""

PLAIN = {"80": "u1", "16": "<i2", "61": ">i2", "160": "<u2", "32": "<i4"}
"""Formats that NumPy has a type for; those without a sign are shifted by half their range."""


class WfdbSignal(SignalFormat):
    """A header NAME.hea and the files beside it that it names; in physical units, a slice at a time.

    Reads the storage formats 16, 24, 32, 61, 80, 160 and 212; the lowest integer of each marks a missing sample.

    Source: WFDB Applications Guide, header(5) and signal(5).
    """

    name: ClassVar[str] = "wfdb"
    suffixes: ClassVar[tuple[str, ...]] = (".hea",)
    holds: ClassVar[str] = "a PhysioNet record NAME.hea with its .dat beside it, in physical units, read in slices"
    writes: ClassVar[bool] = False

    def sniff(self, path: Path) -> bool:
        """Whether the first line that is no comment begins a header, and all that it needs can be read."""
        if not RECORD.match(first_line(path)) and not first_line(path).startswith("#"):
            return False
        try:
            return bool(read_header(path).signals)
        except InputError:
            return False

    def open(self, path: Path) -> Signal:
        """The signals of the record.

        Raises:
            InputError: a broken header, a storage format that is not read, or a file that is missing or too short.
        """
        header = read_header(path)
        groups = [list(group) for _, group in itertools.groupby(header.signals, lambda stored: stored.file)]
        files = [_File(path, group, header.steps) for group in groups]
        steps = min(file.steps for file in files)
        names = tuple(stored.name or "" for stored in header.signals)
        known = all(names) and len(set(names)) == len(names)
        return Signal(settled(_Record(files, steps)), header.rate, names if known else None)


class _Record(Lazy):
    """The signals of one or more files side by side."""

    def __init__(self, files: list[_File], steps: int) -> None:
        super().__init__((steps, sum(file.signals for file in files)), np.float64)
        self._files = files

    def rows(self, first: int, last: int) -> FloatArray:
        """Steps in physical units as float64."""
        return np.concatenate([file.rows(first, last) for file in self._files], axis=1)


class _File:
    """One file of samples, those of several signals in turn."""

    def __init__(self, header: Path, stored: list[Stored], steps: int | None) -> None:
        path = header.with_name(Path(stored[0].file).name)
        self._form = stored[0].form
        if {each.form for each in stored} - BITS.keys() or len({each.form for each in stored}) > 1:
            listed = ", ".join(sorted({each.form for each in stored}))
            raise InputError(f"{header}: expected one storage format among {', '.join(BITS)}. Received {listed}")
        if not path.is_file():
            raise InputError(f"{header}: expected {path.name} beside it. Received no such file")
        self.signals = len(stored)
        offset, size = stored[0].offset, path.stat().st_size
        held = max(0, size - offset) * 8 // BITS[self._form] // self.signals
        self.steps = held if steps is None else steps
        if held < self.steps or not self.steps:
            raise InputError(f"{path}: expected {self.steps or 'some'} samples of each signal. Received {held}")
        self._bytes = np.memmap(path, np.uint8, "r", offset=offset)
        self._gain = np.array([each.gain for each in stored])
        self._baseline = np.array([each.baseline for each in stored])

    def rows(self, first: int, last: int) -> FloatArray:
        """Steps in physical units."""
        samples = integers(self._bytes, self._form, first * self.signals, last * self.signals)
        digital = samples.reshape(-1, self.signals)
        physical = (digital - self._baseline) / self._gain
        physical[digital == -(1 << (BITS[self._form] - 1))] = np.nan
        return physical


def integers(stored: npt.NDArray[np.uint8], form: str, first: int, last: int) -> IntArray:
    """The samples from ``first`` to before ``last`` of the bytes of a file.

    Args:
        stored: shape (bytes,).
        form: number of the storage format.
        first: number of a sample, all signals counted.
        last: likewise.

    Examples:
        >>> integers(np.array([0xFF, 0x0F, 0x01], np.uint8), "212", 0, 2)
        array([-1, 1])
    """
    if form == "212":
        pairs = stored[first // 2 * 3 : (last + 1) // 2 * 3]
        low, middle, high = np.pad(pairs, (0, -len(pairs) % 3)).reshape(-1, 3).astype(np.int64).T
        both = np.stack([low | (middle & 0x0F) << 8, high | (middle & 0xF0) << 4], axis=1).reshape(-1)
        return _signed(both, 12)[first % 2 : first % 2 + last - first]
    if form == "24":
        low, middle, high = stored[3 * first : 3 * last].reshape(-1, 3).astype(np.int64).T
        return _signed(low | middle << 8 | high << 16, 24)
    kind = np.dtype(PLAIN[form])
    values = stored[first * kind.itemsize : last * kind.itemsize].view(kind).astype(np.int64)
    return values - (1 << (BITS[form] - 1)) if kind.kind == "u" else values


def _signed(values: IntArray, bits: int) -> IntArray:
    """Numbers of fewer bits than NumPy has, their highest bit the sign."""
    return values - ((values >> (bits - 1)) << bits)
