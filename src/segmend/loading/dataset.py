"""DATA folders: which layout a folder has, and what they share."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from segmend.core.dataset import Dataset
from segmend.errors import InputError
from segmend.loading.arrays import load_arrays
from segmend.loading.class_folders import has_class_folders, load_class_folders
from segmend.loading.description import FILE
from segmend.loading.folder import load_folder
from segmend.loading.images import load_images


def is_dataset(path: Path | str) -> bool:
    """Whether ``load_dataset`` is the one to read this folder."""
    folder = Path(path)
    inside = ("signals", "images")
    if not folder.is_dir():
        return False
    return any((folder / name).is_dir() for name in inside) or _has_arrays(folder) or has_class_folders(folder)


def load_dataset(
    path: Path | str,
    *,
    annotations: Path | str | None = None,
    labels: Sequence[str] | None = None,
    background: int | str | None = "auto",
) -> Dataset:
    """Read a DATA folder.

    Signals: ``signals/`` with ``annotations.csv`` or ``annotations/``. In a classification its rows cover their
    recording (all but one part in a hundred at either end), or the table has the columns recording and label and no
    times; with such a table and no task in dataset.json it is a classification, multilabel where a recording has
    several labels. Channels are told by their names: the order is that of dataset.json, which drops others, or of the
    first file. Recordings of several rates are resampled to that of dataset.json, else to the lowest among them; rows
    in steps are of the file's own rate. ``notes`` say what was dropped and resampled.

    Arrays: ``X.npy`` (recordings, steps, channels), or of images (recordings, height, width, channels), with ``y.npy``:
    class numbers of shape (recordings, steps), (recordings, height, width) or, of whole recordings, (recordings,),
    which may be names too; with one more axis 0 or 1 for each class. -1 is not judged. Signals may have
    ``lengths.npy``. A task in dataset.json goes before what the shape says.

    Images:

    - ``images/`` with ``masks/`` of the same names: the numbers are classes, or, where dataset.json says
      ``"mask": "instance"``, objects of its one label (with class masks, ``instances/`` may tell objects apart). Pixels
      that hold the number ``"ignore"`` of dataset.json, or one below 0, are not judged. Where there is one label, and
      all masks together hold nothing but 0 and 255, 255 is the label.
    - ``images/`` with ``annotations.json``, objects as COCO has them: the smaller of two that overlap has the pixels,
      and pixels of a crowd are not judged.
    - ``images/`` with ``annotations.csv`` of the columns recording and label: a classification, multilabel where an
      image has several labels. Where dataset.json names no task, masks and objects go before such a table.
    - ``SPLIT/LABEL/`` or ``LABEL/`` with images.

    Images keep their sizes and number types; only their headers are read, the pixels when they are asked for. Of class
    masks all pixels are read once, to tell numbers that no class has.

    Whatever can be read but would falsify a number is collected in ``problems``; ``refuse`` raises on it.

    Args:
        path: the folder.
        annotations: a file, or a folder of files, of any annotation format to use instead, as it stands or inside the
            folder; of images a file, or a folder of masks or one that has ``masks/``. Where none of its labels stands
            in dataset.json, its own labels are taken.
        labels: class names instead of those in dataset.json.
        background: class number that is no segment, None, or "auto": as dataset.json says, else None where the segments
            cover every step of every annotated recording, else 0 (of masks always 0). Classification has none.

    Raises:
        InputError: something cannot be read; the message names the file and, in text, the line.
        NotYetError: a task or a file format that a later version reads.

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
    if (folder / "images").is_dir():
        return load_images(folder, annotations=annotations, labels=labels, background=background)
    if has_class_folders(folder):
        if annotations is not None:
            raise InputError(f"{folder}: class folders hold the labels here; nothing else. Received {annotations}")
        return load_class_folders(folder, labels=labels)
    raise InputError(
        f"{folder}: expected signals/ (and annotations.csv), X.npy and y.npy, images/ (and masks/), or folders of "
        f"images named like their classes. Received {_inside(folder)}"
    )


def _what(path: Path) -> str:
    return "a file" if path.exists() else "no folder"


def _inside(folder: Path) -> str:
    names = sorted(child.name for child in folder.iterdir() if child.name != FILE)
    return ", ".join(names[:8]) if names else "an empty folder"


def _has_arrays(folder: Path) -> bool:
    return (folder / "X.npy").is_file()
