"""WAV audio."""

from __future__ import annotations

import struct
import warnings
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from segmend.core.types import FloatArray
from segmend.errors import InputError
from segmend.formats.base import Signal, SignalFormat
from segmend.formats.lazy import Lazy, settled

FAULTS = (ValueError, TypeError, OSError, EOFError, ZeroDivisionError, UnboundLocalError, struct.error)
"""What SciPy raises where a file is damaged."""

HEADS = (b"RIFF", b"RIFX", b"RF64")

OPEN_END = 0xFFFFFFFF
"""The size that a header gives when it was written before the end was known, or has no room for it."""


class Wav(SignalFormat):
    """PCM or float samples with their rate; integers are scaled to [-1, 1), as audio tools do."""

    name: ClassVar[str] = "wav"
    suffixes: ClassVar[tuple[str, ...]] = (".wav",)
    holds: ClassVar[str] = "PCM or float audio; integers are scaled to [-1, 1); the rate comes from the file"

    def sniff(self, path: Path) -> bool:
        """Whether the file begins as WAVE files do."""
        with path.open("rb") as file:
            head = file.read(12)
        return head[:4] in HEADS and head[8:] == b"WAVE"

    def open(self, path: Path) -> Signal:
        """The samples, read a slice at a time where the file is long, and the sampling rate.

        Raises:
            InputError: no WAV file, or one that is truncated or compressed.
        """
        if not self.sniff(path):
            raise InputError(f"{path}: expected a WAV file. Received another format")
        rate, values = _read(path)
        if rate <= 0:
            raise InputError(f"{path}: expected a sampling rate above 0. Received {rate}")
        if values.ndim == 1:
            values = values[:, np.newaxis]
        if values.dtype.kind == "f":
            return Signal(values, float(rate))
        return Signal(settled(Scaled(values)), float(rate))

    def write(self, path: Path, signal: Signal) -> None:
        """Write float32 samples.

        Raises:
            InputError: no sampling rate, or one that is no whole number.
        """
        from scipy.io import wavfile

        rate = signal.sampling_rate_hz
        if rate is None or rate != int(rate):
            raise InputError(f"{path}: WAV files need a whole sampling rate. Received {rate}")
        wavfile.write(path, int(rate), np.asarray(signal.values, np.float32))


class Scaled(Lazy):
    """Integer samples that come out as float32 in [-1, 1), a slice at a time.

    Examples:
        >>> lazy = Scaled(np.array([[-32768], [0], [16384]], np.int16))
        >>> lazy.shape, lazy[1:].tolist(), np.mean(lazy).item()
        ((3, 1), [[0.0], [0.5]], -0.1666...)
    """

    def __init__(self, stored: npt.NDArray[np.integer[Any]]) -> None:
        super().__init__((stored.shape[0], stored.shape[1]), np.float32)
        self.stored = stored
        self._zero = np.float32(128 if stored.dtype == np.uint8 else 0)
        self._full = np.float32(2 ** (8 * stored.dtype.itemsize - 1))

    def rows(self, first: int, last: int) -> FloatArray:
        """Steps as float32."""
        return (self.stored[first:last].astype(np.float32) - self._zero) / self._full


def _read(path: Path) -> tuple[int, npt.NDArray[Any]]:
    """Rate and samples as stored; 24-bit samples cannot be mapped and come into memory."""
    from scipy.io import wavfile

    _refuse_truncated(path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", wavfile.WavFileWarning)  # chunks that hold no samples
        for mapped in (True, False):
            try:
                rate, values = wavfile.read(path, mmap=mapped)
            except FAULTS as error:
                fault = " ".join(str(error).split()) or type(error).__name__
            else:
                return int(rate), values
    raise InputError(f"{path}: expected a whole WAV file of PCM or float samples. Received: {fault:.200}")


def _refuse_truncated(path: Path) -> None:
    """Refuse a file that ends before its header says; without mapping SciPy would take what there is."""
    with path.open("rb") as file:
        head = file.read(8)
    declared = int.from_bytes(head[4:], "big" if head[:4] == b"RIFX" else "little")
    size = path.stat().st_size
    if declared != OPEN_END and declared + 8 > size:
        raise InputError(f"{path}: expected a whole WAV file of {declared + 8} bytes. Received {size}")
