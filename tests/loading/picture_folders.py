"""Small folders of images, written for a test."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from segmend.formats.base import Image
from segmend.formats.png import Png
from segmend.formats.tiff import Tiff


def write_image(path: Path, values: Any) -> None:
    """One PNG or TIFF, by its suffix; values of two axes are grey."""
    values = np.asarray(values)
    path.parent.mkdir(parents=True, exist_ok=True)
    form = Tiff() if path.suffix == ".tif" else Png()
    form.write(path, Image(values[..., None] if values.ndim == 2 else values))


def make_images(folder: Path, *, description: Mapping[str, Any] | None = None, **places: Mapping[str, Any]) -> Path:
    """A folder of images.

    Args:
        folder: where.
        description: what dataset.json holds.
        places: values by name of file, by name of folder inside of ``folder``.
    """
    for place, files in places.items():
        for name, values in files.items():
            write_image(folder / place / (name if "." in name else f"{name}.png"), values)
    if description is not None:
        (folder / "dataset.json").write_text(json.dumps(description))
    return folder


def grey(height: int, width: int, value: int = 0) -> Any:
    """An image of one brightness."""
    return np.full((height, width), value, np.uint8)


def numbers(rows: Any, dtype: Any = np.uint8) -> Any:
    """A mask by its rows."""
    return np.array(rows, dtype)
