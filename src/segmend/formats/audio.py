"""Compressed audio: FLAC, MP3, OGG."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from segmend.core.extras import need
from segmend.errors import InputError
from segmend.formats.base import Signal, SignalFormat
from segmend.formats.lazy import Lazy, settled

HEADS = (b"fLaC", b"OggS", b"ID3")
LOSSLESS = ".flac"


class Audio(SignalFormat):
    """Audio by libsndfile as float32 in [-1, 1], with its rate; long FLAC and OGG is decoded a slice at a time."""

    name: ClassVar[str] = "audio"
    suffixes: ClassVar[tuple[str, ...]] = (".flac", ".mp3", ".ogg", ".oga", ".opus")
    holds: ClassVar[str] = "compressed audio, scaled to [-1, 1]; the rate comes from the file; FLAC is written"
    extra: ClassVar[str] = "audio"

    def sniff(self, path: Path) -> bool:
        """Whether the file begins as FLAC and OGG do, or as MP3 does: with a tag, or the bits of a frame of layer 3."""
        with path.open("rb") as file:
            head = file.read(4)
        frame = len(head) == 4 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2 and head[2] >> 4 != 0xF
        return head.startswith(HEADS) or frame

    def open(self, path: Path) -> Signal:
        """The samples and the sampling rate.

        Raises:
            InputError: libsndfile cannot read the file.
            MissingDependencyError: soundfile is not installed.
        """
        info = _file(path, "info")
        decoded = Decoded(path, info.frames, info.channels)
        # A decoder of MP3 that starts in the middle lacks what earlier frames have put aside for it.
        values = np.asarray(decoded) if info.format == "MP3" else settled(decoded)
        return Signal(values, float(info.samplerate))

    def write(self, path: Path, signal: Signal) -> None:
        """Write FLAC of 24 bits.

        Raises:
            InputError: no whole sampling rate, samples beyond [-1, 1], or a suffix of a format that loses.
            MissingDependencyError: soundfile is not installed.
        """
        rate, values = signal.sampling_rate_hz, np.asarray(signal.values)
        if path.suffix.lower() != LOSSLESS:
            raise InputError(f"{path}: expected a file {LOSSLESS}, which loses nothing. Received {path.suffix!r}")
        if rate is None or rate != int(rate):
            raise InputError(f"{path}: FLAC files need a whole sampling rate. Received {rate}")
        if not (np.abs(values) <= 1).all():
            raise InputError(f"{path}: expected samples from -1 to 1. Received others")
        need("soundfile", self.extra, path).write(path, values, int(rate), format="FLAC", subtype="PCM_24")


class Decoded(Lazy):
    """Samples that are decoded when they are asked for; the file is open only meanwhile."""

    def __init__(self, path: Path, steps: int, channels: int) -> None:
        super().__init__((steps, channels), np.float32)
        self._path = path

    def rows(self, first: int, last: int) -> npt.NDArray[Any]:
        """Steps as float32.

        Raises:
            InputError: the file ends before its header says, or is damaged there.
        """
        values = _file(self._path, "read", start=first, stop=last, dtype="float32", always_2d=True)[0]
        if len(values) != last - first:
            raise InputError(
                f"{self._path}: expected {self.shape[0]} samples, as its header says. Received {first + len(values)}"
            )
        return values


def _file(path: Path, function: str, **options: Any) -> Any:
    """What a function of soundfile says of a file."""
    soundfile = need("soundfile", Audio.extra, path)
    try:
        return getattr(soundfile, function)(path, **options)
    except (soundfile.SoundFileError, OSError) as error:
        fault = " ".join(str(error).split()).rpartition(": ")[2]
        raise InputError(f"{path}: expected FLAC, MP3 or OGG audio. Received: {fault:.200}") from None
