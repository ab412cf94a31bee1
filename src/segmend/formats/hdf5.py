"""Signals in HDF5 files."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from segmend.core.extras import need
from segmend.errors import InputError
from segmend.formats.base import Signal, SignalFormat
from segmend.formats.lazy import Lazy, settled
from segmend.formats.said import CHANNELS, RATE, names_of, rate_of

MAGIC = b"\x89HDF\r\n\x1a\n"
NAMED = "signal"


class Hdf5(SignalFormat):
    """The data set called "signal", else the only one (steps, channels) in any group; long ones are read in slices.

    Its attributes ``sampling_rate_hz`` and ``channels`` are read where they are there.
    """

    name: ClassVar[str] = "hdf5"
    suffixes: ClassVar[tuple[str, ...]] = (".h5", ".hdf5")
    holds: ClassVar[str] = (
        'the data set "signal" or the only one (steps, channels); attributes sampling_rate_hz, channels'
    )
    extra: ClassVar[str] = "hdf5"

    def sniff(self, path: Path) -> bool:
        """Whether the file begins as HDF5 does."""
        with path.open("rb") as file:
            return file.read(len(MAGIC)) == MAGIC

    def open(self, path: Path) -> Signal:
        """The data set.

        Raises:
            InputError: no HDF5 file, a damaged one, or no data set that is the signal beyond doubt.
            MissingDependencyError: h5py is not installed.
        """
        h5py = need("h5py", self.extra, path)
        with _refusing(path), h5py.File(path, "r") as file:
            found = _signal_among(path, _datasets(h5py, file))
            channels = found.attrs.get(CHANNELS)
            rate = found.attrs.get(RATE)
            lazy = Sliced(path, found.name, found.shape, found.dtype)
        return Signal(settled(lazy), rate_of(path, rate), names_of(path, channels, lazy.shape[1]))

    def write(self, path: Path, signal: Signal) -> None:
        """Write the data set "signal" with rate and names as attributes.

        Raises:
            MissingDependencyError: h5py is not installed.
        """
        with need("h5py", self.extra, path).File(path, "w") as file:
            dataset = file.create_dataset(NAMED, data=np.asarray(signal.values))
            if signal.sampling_rate_hz is not None:
                dataset.attrs[RATE] = signal.sampling_rate_hz
            if signal.channels is not None:
                dataset.attrs[CHANNELS] = list(signal.channels)


class Sliced(Lazy):
    """A data set that is open only while a slice of it is read."""

    def __init__(self, path: Path, name: str, shape: tuple[int, ...], dtype: npt.DTypeLike) -> None:
        super().__init__((shape[0], shape[1] if len(shape) == 2 else 1), dtype)
        self._path = path
        self._name = name

    def rows(self, first: int, last: int) -> npt.NDArray[Any]:
        """Steps as stored.

        Raises:
            InputError: the file is damaged there.
        """
        with _refusing(self._path), need("h5py", Hdf5.extra, self._path).File(self._path, "r") as file:
            values: npt.NDArray[Any] = file[self._name][first:last]
        return values.reshape(len(values), -1) if values.size else np.zeros((0, self.shape[1]), self.dtype)


@contextlib.contextmanager
def _refusing(path: Path) -> Iterator[None]:
    """Refuse what h5py cannot make sense of."""
    try:
        yield
    except InputError:
        raise
    except (OSError, RuntimeError, KeyError, ValueError, TypeError) as error:
        fault = " ".join(str(error).split())
        raise InputError(f"{path}: expected a whole HDF5 file. Received: {fault:.200}") from None


def _datasets(h5py: Any, file: Any) -> dict[str, Any]:
    """All data sets of real numbers by their path."""
    found: dict[str, Any] = {}

    def keep(name: str, node: Any) -> None:
        if isinstance(node, h5py.Dataset) and node.dtype.kind in "biuf":
            found[name] = node

    file.visititems(keep)
    return found


def _signal_among(path: Path, datasets: dict[str, Any]) -> Any:
    named = datasets.get(NAMED)
    candidates = [each for each in datasets.values() if each.ndim == 2] if named is None else [named]
    if len(candidates) == 1 and candidates[0].ndim in (1, 2):
        return candidates[0]
    listed = ", ".join(f"{name} {each.shape}" for name, each in datasets.items())
    raise InputError(
        f'{path}: expected one data set (steps, channels), or one called "{NAMED}". Received {listed or "none":.200}'
    )
