"""DATA folders: which layout a folder has, and what they share."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from segmend.core.dataset import Dataset
from segmend.errors import InputError, NotYetError
from segmend.loading.arrays import load_arrays
from segmend.loading.description import FILE
from segmend.loading.folder import load_folder

IMAGES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp")


def is_dataset(path: Path | str) -> bool:
    """Whether ``load_dataset`` is the one to read this folder (or to say that its kind is not there yet)."""
    folder = Path(path)
    return (folder / "signals").is_dir() or _has_arrays(folder) or _has_images(folder)


def load_dataset(
    path: Path | str,
    *,
    annotations: Path | str | None = None,
    labels: Sequence[str] | None = None,
    background: int | str | None = "auto",
) -> Dataset:
    """Read a DATA folder: ``signals/`` with ``annotations.csv`` or ``annotations/``, or ``X.npy`` with ``y.npy``.

    Whatever can be read but would falsify a number is collected in ``problems``; ``refuse`` raises on it.

    Args:
        path: the folder.
        annotations: a file, or a folder of files, of any annotation format to use instead, as it stands or inside the
            folder. Where none of its labels stands in dataset.json, its own labels are taken.
        labels: class names instead of those in dataset.json.
        background: class number that is no segment, None, or "auto": as dataset.json says, else None where the segments
            cover every step of every annotated recording, else 0.

    Raises:
        InputError: something cannot be read; the message names the file and, in text, the line.
        NotYetError: images, class folders, multilabel and classification tasks.

    Examples:
        >>> load_dataset("/nowhere")
        Traceback (most recent call last):
        segmend.errors.InputError: /nowhere: expected a folder of recordings. Received no folder
    """
    folder = Path(path)
    if not folder.is_dir():
        raise InputError(f"{path}: expected a folder of recordings. Received {_what(folder)}")
    if (folder / "signals").is_dir():
        return load_folder(folder, annotations=annotations, labels=labels, background=background)
    if _has_arrays(folder):
        if annotations is not None:
            raise InputError(
                f"{folder}: annotations go with signals/; y.npy holds the labels here. Received {annotations}"
            )
        return load_arrays(folder, labels=labels, background=background)
    if _has_images(folder):
        raise NotYetError(f"{folder}: images are not there yet; this version reads signals/ or X.npy with y.npy")
    raise InputError(
        f"{folder}: expected signals/ (and annotations.csv), or X.npy and y.npy. Received {_inside(folder)}"
    )


def _what(path: Path) -> str:
    return "a file" if path.exists() else "no folder"


def _inside(folder: Path) -> str:
    names = sorted(child.name for child in folder.iterdir() if child.name != FILE)
    return ", ".join(names[:8]) if names else "an empty folder"


def _has_arrays(folder: Path) -> bool:
    return (folder / "X.npy").is_file()


def _has_images(folder: Path) -> bool:
    """Whether there are images/ or class folders."""
    if (folder / "images").is_dir():
        return True
    depths = ("*", "*/*", "*/*/*")
    return any(
        child.suffix.lower() in IMAGES for pattern in depths for child in _first(folder, pattern) if child.is_file()
    )


def _first(folder: Path, pattern: str, most: int = 50) -> list[Path]:
    """The first paths that fit, without walking through a large folder."""
    return [path for path, _ in zip(folder.glob(pattern), range(most), strict=False)]
