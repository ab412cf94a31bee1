"""Small pictures of the images that a page shows, kept in a RUN for pages that are made without the data."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path

from segmend.reporting.content import ReportContent

FOLDER = "pictures"


def with_pictures(content: ReportContent, folder: Path) -> ReportContent:
    """The content with small pictures of the images that its page shows, which are written to ``folder/pictures``.

    Pictures of an earlier page are replaced. Nothing is written where recordings are no images.
    """
    from segmend.reporting.pictures import picture_of
    from segmend.reporting.sections import images, mistakes

    names = {*images.shown_names(content), *mistakes.shown_names(content)}
    known = {name: picture_of(content, k) for k, name in enumerate(content.names) if name in names}
    found = {name: each.png for name, each in known.items() if each is not None}
    if not found:
        return content
    home = folder / FOLDER
    home.mkdir(exist_ok=True)
    for file in home.glob("*.png"):
        file.unlink()
    for name, png in found.items():
        (home / f"{name}.png").write_bytes(png)
    return dataclasses.replace(content, pictures=found)


def stored_pictures(folder: Path, names: Sequence[str]) -> dict[str, bytes]:
    """The pictures in ``folder/pictures`` by recording name."""
    if not (folder / FOLDER).is_dir():
        return {}
    return {name: file.read_bytes() for name in names if (file := folder / FOLDER / f"{name}.png").is_file()}
