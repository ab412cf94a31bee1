"""EDF and BDF: recordings of the body, with their annotations."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from segmend.core.extras import need
from segmend.errors import InputError
from segmend.formats.base import Signal, SignalFormat
from segmend.formats.lazy import Lazy, settled

EDF, BDF = b"0       ", b"\xffBIOSEMI"


class Edf(SignalFormat):
    """All signals of an EDF, EDF+C, BDF or BDF+C file in physical units; all need one sampling rate."""

    name: ClassVar[str] = "edf"
    suffixes: ClassVar[tuple[str, ...]] = (".edf", ".bdf")
    holds: ClassVar[str] = "EDF, EDF+C, BDF, BDF+C: all signals in physical units, if of one rate; names from the file"
    extra: ClassVar[str] = "biosignal"
    writes: ClassVar[bool] = False

    def sniff(self, path: Path) -> bool:
        """Whether the file begins as EDF and BDF do and is long enough for a header."""
        return is_edf(path)

    def open(self, path: Path) -> Signal:
        """The signals; those of EDF files stay on disk where they are long.

        Raises:
            InputError: no EDF, a damaged or discontinuous one, or signals of several rates.
            MissingDependencyError: edfio is not installed.
        """
        file = read_edf(path)
        with refusing(path):
            rates = {signal.label: float(signal.sampling_frequency) for signal in file.signals}
            continuous = file.is_continuous
            ranges = [(each.label, each.digital_range, each.physical_range) for each in file.signals]
        flat = [label for label, *ends in ranges if any(low == high for low, high in ends)]
        if not rates:
            raise InputError(f"{path}: expected one signal or more. Received annotations only")
        if len(set(rates.values())) > 1:
            listed = ", ".join(f"{label} {rate:g}" for label, rate in rates.items())
            raise InputError(f"{path}: expected one sampling rate for all signals. Received {listed:.300}")
        if flat:
            raise InputError(
                f'{path}: expected a minimum below the maximum of each signal. Received equal ones of "{flat[0]}"'
            )
        if not continuous:
            raise InputError(f"{path}: expected a recording without gaps. Received a discontinuous one (EDF+D)")
        return Signal(settled(Calibrated(file)), next(iter(rates.values())), tuple(file.labels))


class Calibrated(Lazy):
    """Signals of one rate side by side, in physical units, from integers on disk."""

    def __init__(self, file: Any) -> None:
        first = file.signals[0]
        super().__init__((file.num_data_records * first.samples_per_data_record, len(file.signals)), np.float64)
        self._signals = file.signals

    def rows(self, first: int, last: int) -> npt.NDArray[Any]:
        """Steps as float64."""
        rate = self._signals[0].sampling_frequency
        columns = [signal.get_data_slice(first / rate, last / rate) for signal in self._signals]
        return np.stack(columns, axis=1) if last > first else np.zeros((0, len(columns)))


def is_edf(path: Path) -> bool:
    """Whether a file begins as EDF and BDF do and is long enough for a header."""
    with path.open("rb") as file:
        head = file.read(256)
    return len(head) == 256 and head[:8] in (EDF, BDF)


def read_edf(path: Path) -> Any:
    """What edfio makes of a file, with the samples of EDF left on disk.

    Raises:
        InputError: the file is no EDF or BDF, or it is damaged or cut.
        MissingDependencyError: edfio is not installed.
    """
    edfio = need("edfio", Edf.extra, path)
    if not is_edf(path):
        raise InputError(f"{path}: expected an EDF or BDF file. Received another format")
    with path.open("rb") as file:
        bdf = file.read(len(BDF)) == BDF
    with refusing(path):
        return edfio.read_bdf(path) if bdf else edfio.read_edf(path, lazy_load_data=True)


@contextlib.contextmanager
def refusing(path: Path) -> Iterator[None]:
    """Refuse what edfio cannot make sense of, and a file that ends before its header says, of which it only warns.

    Raises:
        InputError: instead of what edfio raises.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", UserWarning)
            yield
    except (ValueError, LookupError, ArithmeticError, OSError, UserWarning) as error:
        cut = isinstance(error, LookupError)
        fault = "a header that ends too soon" if cut else " ".join(str(error).split()) or type(error).__name__
        raise InputError(f"{path}: expected a whole EDF or BDF file. Received: {fault:.200}") from None
