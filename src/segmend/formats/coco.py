"""COCO's JSON of objects in images."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

from segmend.errors import InputError
from segmend.formats.coco_values import Item, identity, outline, shape_of, text, written
from segmend.formats.objects import MarkedImage, Object, ObjectFormat, Objects
from segmend.formats.text import read_json

KEYS = ("images", "annotations", "categories")


class CocoAnnotations(ObjectFormat):
    """COCO: polygons, run lengths (compressed or not) and boxes; keypoints and captions are passed over.

    An object with a segmentation is where that says, else it fills its box. What is written are compressed run lengths
    and polygons as they are.
    """

    name: ClassVar[str] = "coco"
    suffixes: ClassVar[tuple[str, ...]] = (".json",)
    holds: ClassVar[str] = "objects of many images: polygons, run lengths, boxes; crowds are not judged"

    def sniff(self, path: Path) -> bool:
        """Whether the file is a JSON object with lists of images, annotations and categories."""
        with path.open("rb") as file:
            head = file.read(64).lstrip(b"\xef\xbb\xbf \t\r\n")
        if not head.startswith(b"{"):
            return False
        try:
            _content(path)
        except InputError:
            return False
        return True

    def read(self, path: Path) -> Objects:
        """Every image of the file with its objects.

        Raises:
            InputError: broken JSON, a key that is missing or of another type, an id that nothing has, or run lengths
                that do not make up their image.
        """
        content = _content(path)
        images = _images(path, content["images"])
        names = _categories(path, content["categories"])
        objects: dict[Any, list[Object]] = {key: [] for key in images}
        for number, each in _numbered(path, "annotation", content["annotations"]):
            where = f"{path}, annotation {number}"
            for key, known in (("image_id", images), ("category_id", names)):
                if identity(where, each, key) not in known:
                    raise InputError(f"{where}: {key}: expected an id of the file. Received {each[key]!r:.80}")
            image, category = each["image_id"], each["category_id"]
            place = outline(where, each, images[image].shape)
            objects[image].append(Object(names[category], place, each.get("iscrowd") == 1, number))
        marked = tuple(replace(image, objects=tuple(objects[key])) for key, image in images.items())
        return Objects(marked, tuple(names.values()), path.name)

    def write(self, path: Path, objects: Objects) -> None:
        """Write one file; ids count from 1."""
        used = (one.label for image in objects.images for one in image.objects)
        labels = list(dict.fromkeys([*objects.labels, *used]))
        images: list[Item] = []
        annotations: list[Item] = []
        for number, image in enumerate(objects.images, 1):
            height, width = image.shape
            images.append({"id": number, "file_name": image.file, "height": height, "width": width})
            for one in image.objects:
                told = {"id": len(annotations) + 1, "image_id": number, "category_id": labels.index(one.label) + 1}
                annotations.append(told | written(one, image.shape))
        categories = [{"id": number, "name": label} for number, label in enumerate(labels, 1)]
        content = {"images": images, "annotations": annotations, "categories": categories}
        path.write_text(json.dumps(content, ensure_ascii=False) + "\n", encoding="utf-8")


def _content(path: Path) -> Item:
    content: Item = read_json(path, "annotations of COCO")
    missing = [key for key in KEYS if not isinstance(content, dict) or not isinstance(content.get(key), list)]
    if missing:
        raise InputError(f"{path}: expected COCO's lists {', '.join(KEYS)}. Received none called {', '.join(missing)}")
    return content


def _numbered(path: Path, kind: str, items: list[Any]) -> Iterator[tuple[int, Item]]:
    for number, item in enumerate(items, 1):
        if not isinstance(item, dict):
            raise InputError(f"{path}, {kind} {number}: expected a JSON object. Received {item!r:.80}")
        yield number, item


def _images(path: Path, items: list[Any]) -> dict[Any, MarkedImage]:
    """The images by their ids, without objects."""
    images: dict[Any, MarkedImage] = {}
    for number, item in _numbered(path, "image", items):
        where = f"{path}, image {number}"
        key = identity(where, item, "id")
        if key in images:
            raise InputError(f"{where}: id: expected one of its own. Received {key!r}, as another image has")
        images[key] = MarkedImage(text(where, item, "file_name"), shape_of(where, item))
    return images


def _categories(path: Path, items: list[Any]) -> dict[Any, str]:
    """The names of classes by their ids, in the order of the ids where these are numbers."""
    names: dict[Any, str] = {}
    for number, item in _numbered(path, "category", items):
        where = f"{path}, category {number}"
        key, name = identity(where, item, "id"), text(where, item, "name")
        if key in names or name in names.values():
            raise InputError(f"{where}: expected an id and a name of its own. Received {key!r}, {name!r:.80} again")
        names[key] = name
    whole = all(isinstance(key, int) for key in names)
    return dict(sorted(names.items())) if whole else names
