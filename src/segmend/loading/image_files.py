"""The image files of a data set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from segmend import catalogue
from segmend.errors import InputError, NotYetError
from segmend.formats.base import Image, ImageFormat

LATER = (".bmp", ".gif", ".webp", ".heic", ".dcm", ".czi", ".svs", ".ndpi")


@dataclass(frozen=True, slots=True, eq=False)
class ImageFile:
    """One image's file and what it holds."""

    name: str
    path: Path
    image: Image

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width."""
        height, width = self.image.values.shape[:2]
        return height, width


def image_formats() -> dict[str, ImageFormat]:
    """The formats that can be read, by suffix."""
    formats = [catalogue.resolve("image_formats", name)() for name in catalogue.IMAGE_FORMATS]
    return {suffix: each for each in formats for suffix in each.suffixes}


def is_image(path: Path) -> bool:
    """Whether a file's suffix is that of an image, be it of a format that is read or of a later one."""
    suffixes = (*(".png", ".jpg", ".jpeg", ".tif", ".tiff"), *LATER)
    return path.suffix.lower() in suffixes and not path.name.startswith(".")


def image_paths(folder: Path) -> dict[str, Path]:
    """The image files of one folder by name without suffix, in order; hidden and other files are passed over.

    Raises:
        InputError: two files for one image, or none at all.
    """
    files: dict[str, Path] = {}
    for path in sorted(each for each in folder.iterdir() if is_image(each)):
        if path.stem in files:
            raise InputError(
                f'{folder}: expected one file for each image. Received two for "{path.stem}": '
                f"{files[path.stem].name} and {path.name}"
            )
        files[path.stem] = path
    if not files:
        raise InputError(
            f"{folder}: expected files of a type among {', '.join(sorted(image_formats()))}. Received none"
        )
    return files


def open_images(paths: Mapping[str, Path]) -> tuple[ImageFile, ...]:
    """Open image files by their suffixes: their headers are read, in the order of the names.

    Raises:
        InputError: a damaged file, or kinds of pixels that differ.
        NotYetError: an image format that this version cannot read.
    """
    readers = image_formats()
    return tuple(ImageFile(name, path, _reader(path, readers).open(path)) for name, path in sorted(paths.items()))


def open_image(path: Path) -> ImageFile:
    """Open one image file by its suffix, such as a new image to predict.

    Raises:
        InputError: no such file, an unknown suffix, or a damaged file.
        NotYetError: an image format that this version cannot read.
    """
    if not path.is_file():
        raise InputError(f"{path}: expected an image file. Received no such file")
    return ImageFile(path.stem, path, _reader(path, image_formats()).open(path))


def _reader(path: Path, readers: Mapping[str, ImageFormat]) -> ImageFormat:
    suffix = path.suffix.lower()
    if suffix in LATER:
        raise NotYetError(f"{path}: expected one of {', '.join(sorted(readers))}. Reading {suffix} is not there yet")
    if suffix not in readers:
        raise InputError(f'{path}: expected one of {", ".join(sorted(readers))}. Received "{path.suffix}"')
    return readers[suffix]


def common_pixels(files: Sequence[ImageFile], described: tuple[str, ...] | None) -> tuple[str, ...]:
    """One name per channel, from dataset.json, else from the files, else numbers.

    Sizes may differ; a grey image among colours is refused rather than guessed at.

    Raises:
        InputError: images differ in their channels or type, or from dataset.json.
    """
    first = files[0]
    width = first.image.values.shape[2]
    for file in files:
        values = file.image.values
        if values.shape[2] != width:
            raise InputError(
                f"{file.path}: expected {width} channels as in {first.path.name}. Received {values.shape[2]} "
                "(convert the images to all grey or all colour)"
            )
        if values.dtype != first.image.values.dtype:
            raise InputError(
                f"{file.path}: expected {first.image.values.dtype} as in {first.path.name}. Received {values.dtype}"
            )
    names = described or first.image.channels or tuple(f"channel_{k}" for k in range(width))
    if len(names) != width:
        raise InputError(f"{first.path}: expected {len(names)} channels as in dataset.json. Received {width}")
    return names
