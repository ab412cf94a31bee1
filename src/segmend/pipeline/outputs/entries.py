"""What is to be predicted: files, the files of folders, and rows of arrays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from segmend.core.types import FloatArray
from segmend.errors import InputError


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """One recording or image.

    Attributes:
        name: what results are filed under.
        path: its file, which an array shares with others.
        values: its samples, where they are a row of an array.
    """

    name: str
    path: Path
    values: FloatArray | None = None

    @property
    def file(self) -> str:
        """What others call it: its name with its file's suffix; a row of an array has none.

        >>> Entry("a", Path("cells/a.png")).file, Entry("test_cat_a", Path("test/cat/a.png")).file
        ('a.png', 'test_cat_a.png')
        """
        return self.name if self.values is not None else f"{self.name}{self.path.suffix}"

    @property
    def source(self) -> Path | FloatArray:
        """What a run predicts."""
        return self.path if self.values is None else self.values


def entries_of(given: Sequence[Path | str], rank: int) -> list[Entry]:
    """Every file, folders opened: those of signals or images, DATA folders, and folders of images by class.

    Args:
        given: files and folders.
        rank: of the recordings: 1 for signals, 2 for images.

    Raises:
        InputError: a folder without such files, nothing at all, or a name that comes twice, since results are filed by
            name.
    """
    found = [entry for path in map(Path, given) for entry in (_inside(path, rank) if path.is_dir() else [_file(path)])]
    if not found:
        raise InputError("files: expected one recording or more. Received none")
    names: dict[str, Entry] = {}
    for entry in found:
        if entry.name in names:
            raise InputError(
                f'files: expected distinct names. Received "{entry.name}" twice: {names[entry.name].path}, {entry.path}'
            )
        names[entry.name] = entry
    return found


def _file(path: Path) -> Entry:
    return Entry(path.stem, path)


def _inside(folder: Path, rank: int) -> list[Entry]:
    from segmend.loading.class_folders import class_images, has_class_folders

    if (folder / "X.npy").is_file():
        return list(_rows(folder, rank))
    place = folder / ("signals" if rank == 1 else "images")
    place = place if place.is_dir() else folder
    known = _suffixes(rank)
    files = sorted(path for path in place.iterdir() if path.suffix.lower() in known and not path.name.startswith("."))
    if not files and rank == 2 and has_class_folders(folder):
        return [Entry(name, path) for name, path in class_images(folder).items()]
    if not files:
        kind = "signal files" if rank == 1 else "images"
        raise InputError(f"{folder}: expected {kind} ({', '.join(known)}). Received a folder without")
    return [_file(path) for path in files]


def _rows(folder: Path, rank: int) -> Iterator[Entry]:
    """The rows of X.npy by their numbers."""
    from segmend.loading import load_dataset

    data = load_dataset(folder)
    if data.task.rank != rank:
        raise InputError(f"{folder}: expected recordings of {rank} axes and channels. Received {data.task.rank} axes")
    for recording in data.recordings:
        yield Entry(recording.name, folder / "X.npy", recording.signal)


def _suffixes(rank: int) -> list[str]:
    from segmend.loading.image_files import image_formats
    from segmend.loading.signals import signal_formats

    return sorted(signal_formats() if rank == 1 else image_formats())
