"""What a page draws of images and of short signals, kept small in a RUN for pages that are made without the data."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from segmend.core.types import FloatArray
from segmend.errors import InputError
from segmend.reporting.content import ReportContent

FOLDER = "pictures"
SUFFIXES = (".png", ".npy")


def with_pictures(content: ReportContent, folder: Path) -> ReportContent:
    """The content with small pictures of the images that its page shows, which are written to ``folder/pictures``.

    Where whole recordings were labelled, a few points of the signals shown are written there too. What an earlier page
    left there is replaced. Nothing is written where there is nothing to keep.
    """
    from segmend.reporting.pictures import picture_of
    from segmend.reporting.sections import images, mistakes

    number = {name: k for k, name in enumerate(content.names)}
    names = (*images.shown_names(content), *mistakes.shown_names(content))
    known = {name: picture_of(content, number[name]) for name in names}
    pictures = {name: each.png for name, each in known.items() if each is not None}
    at_hand = content.signals or (None,) * len(number)
    lines = {name: at_hand[number[name]] for name in names if name not in pictures}
    points = {name: mistakes.thinned(signal) for name, signal in lines.items() if signal is not None}
    if not pictures and not points:
        return content
    home = folder / FOLDER
    home.mkdir(exist_ok=True)
    for file in home.iterdir():
        if file.suffix in SUFFIXES:
            file.unlink()
    for name, png in pictures.items():
        (home / f"{name}.png").write_bytes(png)
    for name, rows in points.items():
        np.save(home / f"{name}.npy", rows.astype(np.float32))
    return dataclasses.replace(content, pictures=pictures)


def stored_pictures(folder: Path, names: Sequence[str]) -> dict[str, bytes]:
    """The pictures in ``folder/pictures`` by recording name."""
    return {name: file.read_bytes() for name, file in _stored(folder, names, ".png").items()}


def stored_signals(folder: Path, names: Sequence[str]) -> dict[str, FloatArray]:
    """The few points of signals in ``folder/pictures`` by recording name.

    Raises:
        InputError: a file is damaged.
    """
    found = {}
    for name, file in _stored(folder, names, ".npy").items():
        try:
            rows = np.load(file, allow_pickle=False)
        except (ValueError, EOFError) as error:
            raise InputError(f"{file}: expected an array. Received a file that cannot be read ({error})") from error
        if rows.ndim != 2:
            raise InputError(f"{file}: expected shape (points, channels). Received {rows.shape}")
        found[name] = rows
    return found


def _stored(folder: Path, names: Sequence[str], suffix: str) -> dict[str, Path]:
    home = folder / FOLDER
    if not home.is_dir():
        return {}
    return {name: file for name in names if (file := home / f"{name}{suffix}").is_file()}
