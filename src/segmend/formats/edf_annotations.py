"""Annotations inside of EDF+ and BDF+ files."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from segmend.errors import InputError
from segmend.formats.base import AnnotationFormat, Annotations
from segmend.formats.edf import is_edf, read_edf, refusing
from segmend.formats.seconds import rows_of_one

RESERVED = slice(192, 197)
"""Where the header says which kind of file this is."""


class EdfAnnotations(AnnotationFormat):
    """Onset, duration and text of each annotation; one without a duration ends where it begins."""

    name: ClassVar[str] = "edf+"
    suffixes: ClassVar[tuple[str, ...]] = (".edf", ".bdf")
    holds: ClassVar[str] = "the annotations inside of EDF+ and BDF+ files: onset, duration (seconds), text"
    extra: ClassVar[str] = "biosignal"
    writes: ClassVar[bool] = False

    def sniff(self, path: Path) -> bool:
        """Whether the header says EDF+ or BDF+."""
        if not is_edf(path):
            return False
        with path.open("rb") as file:
            return file.read(256)[RESERVED] in (b"EDF+C", b"EDF+D", b"BDF+C", b"BDF+D")

    def read(self, path: Path) -> Annotations:
        """The annotations, by onset.

        Raises:
            InputError: no EDF+ or BDF+ file, or a damaged one.
            MissingDependencyError: edfio is not installed.
        """
        file = read_edf(path)
        if not self.sniff(path):
            raise InputError(f"{path}: expected an EDF+ or BDF+ file. Received one that cannot hold annotations")
        with refusing(path):
            found = file.annotations
        onset = [float(each.onset) for each in found]
        end = [float(each.onset + (each.duration or 0)) for each in found]
        return rows_of_one(path, onset, end, [each.text for each in found], range(1, len(found) + 1), "annotation")
