"""NumPy's own file format: one array, read a slice at a time."""

from __future__ import annotations

import tokenize
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from segmend.errors import InputError
from segmend.formats.base import Signal, SignalFormat

MAGIC = b"\x93NUMPY"


class Npy(SignalFormat):
    """An array of shape (steps, channels) or (steps,), mapped into memory and never loaded whole."""

    name: ClassVar[str] = "npy"
    suffixes: ClassVar[tuple[str, ...]] = (".npy",)
    holds: ClassVar[str] = "one NumPy array (steps, channels) or (steps,), read in slices; no sampling rate, no names"

    def sniff(self, path: Path) -> bool:
        """Whether the file begins with NumPy's magic bytes."""
        with path.open("rb") as file:
            return file.read(len(MAGIC)) == MAGIC

    def open(self, path: Path) -> Signal:
        """The array as a memory map of shape (steps, channels).

        Raises:
            InputError: no NumPy file, truncated, of Python objects or text, or of more than two axes.
        """
        values = read_array(path)
        if values.ndim == 1:
            values = values[:, np.newaxis]
        if values.ndim != 2:
            raise InputError(f"{path}: expected shape (steps, channels) or (steps,). Received {values.shape}")
        return Signal(values)

    def write(self, path: Path, signal: Signal) -> None:
        """Write the values; rate and names have no place in the format."""
        with path.open("wb") as file:
            np.save(file, np.asarray(signal.values), allow_pickle=False)


def read_array(path: Path) -> npt.NDArray[Any]:
    """The numbers of a ``.npy`` file as a read-only memory map; pickled objects are never opened.

    Raises:
        InputError: there is no such file, it is damaged, or it holds no real numbers.
    """
    try:
        values: npt.NDArray[Any] = np.lib.format.open_memmap(path, mode="r")
    except FileNotFoundError:
        raise InputError(f"{path}: expected a .npy file. Received no such file") from None
    except (ValueError, EOFError, OSError, tokenize.TokenError) as error:
        raise InputError(f"{path}: expected a whole .npy file of numbers. Received {_what(path, error)}") from None
    if values.dtype.kind not in "biuf":
        raise InputError(f"{path}: expected real numbers. Received dtype {values.dtype}")
    return values


def _what(path: Path, error: Exception) -> str:
    """What is wrong with a file that NumPy refuses, in the user's words."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(len(MAGIC))
    except OSError as unreadable:
        return f"one that cannot be opened ({unreadable.strerror})"
    if head != MAGIC:
        return "another format" if size else "an empty file"
    if "Python objects" in str(error):
        return "an array of Python objects (saved from a ragged list?)"
    return f"a truncated file ({size} bytes)"
