"""Several NumPy arrays in one file, by name."""

from __future__ import annotations

import tokenize
import zipfile
import zlib
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from segmend.errors import InputError
from segmend.formats.base import Signal, SignalFormat
from segmend.formats.said import CHANNELS, RATE, names_of, rate_of

MAGIC = b"PK\x03\x04"
VALUES = "values"
FAULTS = (zipfile.BadZipFile, zlib.error, tokenize.TokenError, NotImplementedError, ValueError, EOFError, OSError)
"""What NumPy and zipfile raise where a file is damaged."""

LOCAL_HEADER = 30
"""Bytes of a zip member's header before its name, whose length they tell at 26, and the extra field's at 28."""


class Npz(SignalFormat):
    """One array (steps, channels), or arrays (steps,) of one length, each a channel called by its name.

    ``sampling_rate_hz`` (one number) and ``channels`` (text) are read where they are there. An array that is not
    compressed is mapped into memory, not loaded. Objects are never unpickled.
    """

    name: ClassVar[str] = "npz"
    suffixes: ClassVar[tuple[str, ...]] = (".npz",)
    holds: ClassVar[str] = "one array (steps, channels), or one (steps,) a channel, by name; sampling_rate_hz, channels"

    def sniff(self, path: Path) -> bool:
        """Whether the file is a zip of arrays."""
        with path.open("rb") as file:
            if file.read(len(MAGIC)) != MAGIC:
                return False
        try:
            with zipfile.ZipFile(path) as file:
                return any(name.endswith(".npy") for name in file.namelist())
        except FAULTS:
            return False

    def open(self, path: Path) -> Signal:
        """The signal, its rate and its channels' names where they are given.

        Raises:
            InputError: no zip of arrays, a damaged one, objects, or arrays that make up no one signal.
        """
        arrays = _arrays(path)
        rate, names = arrays.pop(RATE, None), arrays.pop(CHANNELS, None)
        values, called = _values(path, arrays)
        return Signal(values, rate_of(path, rate), names_of(path, names, values.shape[1]) or called)

    def write(self, path: Path, signal: Signal) -> None:
        """Write values, and rate and names where the signal has them, without compression."""
        arrays: dict[str, Any] = {VALUES: np.asarray(signal.values)}
        if signal.sampling_rate_hz is not None:
            arrays[RATE] = signal.sampling_rate_hz
        if signal.channels is not None:
            arrays[CHANNELS] = np.array(signal.channels)
        with path.open("wb") as file:
            np.savez(file, **arrays)


def _arrays(path: Path) -> dict[str, npt.NDArray[Any]]:
    """All arrays of the file by name."""
    try:
        with zipfile.ZipFile(path) as file, np.load(path, allow_pickle=False) as loaded:
            members = [member for member in file.infolist() if member.filename.endswith(".npy")]
            return {
                member.filename.removesuffix(".npy"): _mapped(path, member)
                if member.compress_type == zipfile.ZIP_STORED
                else loaded[member.filename.removesuffix(".npy")]
                for member in members
            }
    except FAULTS as error:
        objects = "an array of Python objects" if "bject" in str(error) else "another or a damaged file"
        raise InputError(f"{path}: expected a .npz file of numbers. Received {objects}") from None


def _mapped(path: Path, member: zipfile.ZipInfo) -> npt.NDArray[Any]:
    """An array that lies in the file as it is, mapped into memory."""
    with path.open("rb") as file:
        file.seek(member.header_offset)
        head = file.read(LOCAL_HEADER)
        file.seek(int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little"), 1)
        version = np.lib.format.read_magic(file)
        read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, fortran, dtype = read(file)
        if dtype.hasobject:
            raise ValueError("objects")
        if not np.prod(shape):
            return np.zeros(shape, dtype)
        return np.memmap(path, dtype, "r", file.tell(), shape, "F" if fortran else "C")


def _values(path: Path, arrays: dict[str, npt.NDArray[Any]]) -> tuple[npt.NDArray[Any], tuple[str, ...] | None]:
    """The signal among the arrays, and its channels' names where the arrays' names say them."""
    real = {name: array for name, array in arrays.items() if array.dtype.kind in "biuf"}
    wide = [array for array in real.values() if array.ndim == 2]
    if len(wide) == 1:
        return wide[0], None
    rows = {name: array for name, array in real.items() if array.ndim == 1}
    if not wide and rows and len({len(array) for array in rows.values()}) == 1:
        return np.stack(list(rows.values()), axis=1), tuple(rows)
    listed = ", ".join(f"{name} {array.shape}" for name, array in arrays.items()) or "none"
    raise InputError(
        f"{path}: expected one array (steps, channels) or arrays (steps,) of one length. Received {listed:.200}"
    )
