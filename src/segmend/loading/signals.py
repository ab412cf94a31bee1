"""The recordings under ``signals/``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from segmend import catalogue
from segmend.core.limits import allow_open_files
from segmend.errors import InputError, NotYetError
from segmend.formats.base import Signal, SignalFormat

LATER = (".zarr", ".feather", ".mat", ".aif", ".aiff")


@dataclass(frozen=True, slots=True, eq=False)
class SignalFile:
    """One recording's file and what it holds."""

    name: str
    path: Path
    signal: Signal


def open_signals(folder: Path) -> tuple[SignalFile, ...]:
    """Open every signal file of a folder, in the order of the recordings' names; hidden files are passed over.

    Raises:
        InputError: no signals, two files for one recording, or a damaged file.
        NotYetError: a signal format that this version cannot read.
    """
    readers = signal_formats()
    files: dict[str, Path] = {}
    for path in sorted(folder.iterdir()):
        suffix = path.suffix.lower()
        if suffix in LATER and not path.name.startswith("."):
            raise NotYetError(
                f"{path}: expected one of {', '.join(sorted(readers))}. Reading {suffix} is not there yet"
            )
        if suffix not in readers or path.name.startswith("."):
            continue
        if path.stem in files:
            raise InputError(
                f'{folder}: expected one file for each recording. Received two for "{path.stem}": '
                f"{files[path.stem].name} and {path.name}"
            )
        files[path.stem] = path
    if not files:
        raise InputError(f"{folder}: expected files of a type among {', '.join(sorted(readers))}. Received none")
    allow_open_files(len(files))
    return tuple(
        SignalFile(name, path, readers[path.suffix.lower()].open(path)) for name, path in sorted(files.items())
    )


def open_signal(path: Path) -> SignalFile:
    """Open one signal file by its suffix, such as a new recording to predict.

    Raises:
        InputError: no such file, an unknown suffix, or a damaged file.
    """
    readers = signal_formats()
    if not path.is_file():
        raise InputError(f"{path}: expected a signal file. Received no such file")
    if path.suffix.lower() not in readers:
        raise InputError(f'{path}: expected one of {", ".join(sorted(readers))}. Received "{path.suffix}"')
    return SignalFile(path.stem, path, readers[path.suffix.lower()].open(path))


def signal_formats() -> dict[str, SignalFormat]:
    """The formats that can be read, by suffix."""
    formats = [catalogue.resolve("signal_formats", name)() for name in catalogue.SIGNAL_FORMATS]
    return {suffix: each for each in formats for suffix in each.suffixes}
