"""Annotation files of any format, alone or a folder of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from segmend import catalogue
from segmend.errors import InputError
from segmend.formats.base import AnnotationFormat, Annotations


def read_annotations(path: Path) -> Annotations:
    """The rows of a file, whose content tells its format, or of all annotation files of a folder.

    Args:
        path: a file, or a folder of files with a suffix that some format has; other and hidden files are passed over.

    Raises:
        InputError: no such file, one that no format knows, or two files of a folder with rows of one recording.
        MissingDependencyError: an extra is not installed.
    """
    formats = [catalogue.resolve("annotation_formats", name)() for name in catalogue.ANNOTATION_FORMATS]
    if not path.is_dir():
        return _read(path, formats)
    suffixes = sorted({suffix for each in formats for suffix in each.suffixes})
    files = [
        file
        for file in sorted(path.iterdir())
        if file.suffix.lower() in suffixes and file.is_file() and not file.name.startswith(".")
    ]
    if not files:
        raise InputError(f"{path}: expected annotation files of a type among {', '.join(suffixes)}. Received none")
    return _together(path, [_read(file, formats) for file in files])


def _read(path: Path, formats: list[AnnotationFormat]) -> Annotations:
    """The rows of a file, by the format that knows it; where none does, the one of its suffix tells what is wrong."""
    if not path.is_file():
        raise InputError(f"{path}: expected a file of annotations. Received no such file")
    known = [each for each in formats if each.sniff(path)]
    if not known:
        known = [each for each in formats if path.suffix.lower() in each.suffixes]
    if len(known) != 1:
        names = ", ".join(each.name for each in formats)
        raise InputError(f"{path}: expected annotations of a format among {names}. Received a file that none knows")
    return known[0].read(path)


def _together(folder: Path, parts: list[Annotations]) -> Annotations:
    """The rows of several files as one table."""
    files: dict[str, Annotations] = {}
    for part in parts:
        if part.unit != parts[0].unit:
            raise InputError(
                f"{folder / part.source}: expected {parts[0].unit} as in {parts[0].source}. Received {part.unit}"
            )
        for name in dict.fromkeys(part.recording):
            if files.setdefault(name, part) is not part:
                raise InputError(
                    f'{folder}: expected one annotation file for each recording. Received two for "{name}": '
                    f"{files[name].source} and {part.source}"
                )
    return Annotations(
        recording=tuple(name for part in parts for name in part.recording),
        start=np.concatenate([part.start for part in parts]),
        end=np.concatenate([part.end for part in parts]),
        label=tuple(label for part in parts for label in part.label),
        line=np.concatenate([part.line for part in parts]),
        unit=parts[0].unit,
        source=folder.name,
        counted=parts[0].counted,
        files=tuple(part.source for part in parts for _ in range(len(part))),
    )
