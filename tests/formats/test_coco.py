"""COCO files: what is read, and what is refused by its place."""

from __future__ import annotations

import json

import numpy as np
import pytest

from segmend.errors import InputError
from segmend.formats.coco import CocoAnnotations


def content(**changes):
    whole = {
        "info": {"year": 2020},
        "images": [{"id": 7, "file_name": "sub/a.png", "height": 3, "width": 4}],
        "categories": [{"id": 9, "name": "dog", "supercategory": "animal"}, {"id": 2, "name": "cat"}],
        "annotations": [{"id": 1, "image_id": 7, "category_id": 9, "bbox": [1, 0, 2, 2], "iscrowd": 0}],
    }
    return whole | changes


def read(tmp_path, **changes):
    (tmp_path / "a.json").write_text(json.dumps(content(**changes)))
    return CocoAnnotations().read(tmp_path / "a.json")


def one(tmp_path, **changes):
    """The mask of one annotation."""
    annotation = {"id": 1, "image_id": 7, "category_id": 9} | changes
    image = read(tmp_path, annotations=[annotation]).images[0]
    return image.objects[0].outline.mask(image.shape).astype(int).tolist()


BOX = [[0, 1, 1, 0], [0, 1, 1, 0], [0, 0, 0, 0]]


def test_boxes_polygons_and_run_lengths_say_the_same(tmp_path):
    assert one(tmp_path, bbox=[1, 0, 2, 2]) == BOX
    assert one(tmp_path, bbox=[1, 0, 2, 2], segmentation=[]) == BOX
    assert one(tmp_path, segmentation=[[1, 0, 3, 0, 3, 2, 1, 2]]) == BOX
    assert one(tmp_path, segmentation=[[1, 0, 2, 0, 2, 2, 1, 2], [2, 0, 3, 0, 3, 2, 2, 2]]) == BOX
    assert one(tmp_path, segmentation={"size": [3, 4], "counts": [3, 2, 1, 2, 4]}) == BOX
    assert one(tmp_path, segmentation={"size": [3, 4], "counts": "32103"}) == BOX


def test_labels_are_in_the_order_of_their_ids(tmp_path):
    objects = read(tmp_path)
    assert objects.labels == ("cat", "dog")
    assert [(image.file, image.shape) for image in objects.images] == [("sub/a.png", (3, 4))]
    assert [(each.label, each.crowd, each.number) for each in objects.images[0].objects] == [("dog", False, 1)]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"images": 3}, "expected COCO's lists images, annotations, categories. Received none called images"),
        ({"images": [3]}, "image 1: expected a JSON object"),
        ({"images": [{"id": 7, "file_name": "a.png", "height": 0, "width": 4}]}, "image 1: expected height and width"),
        ({"images": [{"id": 7, "height": 3, "width": 4}]}, "image 1: file_name: expected text. Received None"),
        ({"images": content()["images"] * 2}, "image 2: id: expected one of its own"),
        ({"categories": [{"id": 9, "name": ""}]}, "category 1: name: expected text"),
        ({"categories": [{"id": 9, "name": "a"}, {"id": 1, "name": "a"}]}, "category 2: expected an id and a name"),
        ({"annotations": [{"image_id": 8, "category_id": 9}]}, "annotation 1: image_id: expected an id of the file"),
        ({"annotations": [{"image_id": 7, "category_id": 1}]}, "annotation 1: category_id: expected an id"),
        ({"annotations": [{"image_id": [7], "category_id": 9}]}, "annotation 1: image_id: expected a number or text"),
    ],
)
def test_what_is_missing_is_refused_by_its_place(changes, words, tmp_path):
    with pytest.raises(InputError) as refused:
        read(tmp_path, **changes)
    assert f"{tmp_path / 'a.json'}" in str(refused.value)
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "expected a segmentation, or bbox"),
        ({"bbox": [1, 2, 3]}, "expected a segmentation, or bbox"),
        ({"bbox": [1, 2, 3, "4"]}, "expected a list of numbers"),
        ({"segmentation": [[1, 2, 3]]}, r"expected a polygon \[x, y, x, y, ...\]. Received 3 numbers"),
        ({"segmentation": [7]}, "expected a list of numbers. Received 7"),
        ({"segmentation": {"size": [4, 3], "counts": [12]}}, r"size: expected \[3, 4\]"),
        ({"segmentation": {"size": [3, 4], "counts": [11]}}, "run lengths of 12 pixels together. Received 11"),
        ({"segmentation": {"size": [3, 4], "counts": [13, -1]}}, "run lengths of 12 pixels"),
        ({"segmentation": {"size": [3, 4], "counts": "o"}}, "counts: expected run lengths. Received characters"),
        ({"segmentation": {"size": [3, 4], "counts": None}}, "expected a list of numbers. Received None"),
    ],
)
def test_outlines_that_are_none(changes, words, tmp_path):
    with pytest.raises(InputError, match=rf"a\.json, annotation 1: (.*){words}"):
        one(tmp_path, **changes)


def test_broken_json_is_refused_by_its_line(tmp_path):
    (tmp_path / "a.json").write_text('{"images": [],\n "annotations": [}')
    with pytest.raises(InputError, match=r"a\.json, line 2: expected JSON"):
        CocoAnnotations().read(tmp_path / "a.json")


def test_what_is_written_has_box_and_area(tmp_path):
    objects = read(
        tmp_path,
        annotations=[{"image_id": 7, "category_id": 2, "segmentation": {"size": [3, 4], "counts": [3, 2, 1, 2, 4]}}],
    )
    CocoAnnotations().write(tmp_path / "b.json", objects)
    written = json.loads((tmp_path / "b.json").read_text())
    assert written["annotations"] == [
        {
            "id": 1,
            "image_id": 1,
            "category_id": 1,
            "segmentation": {"size": [3, 4], "counts": "32103"},
            "bbox": [1, 0, 2, 2],
            "area": 4,
            "iscrowd": 0,
        }
    ]
    assert written["categories"] == [{"id": 1, "name": "cat"}, {"id": 2, "name": "dog"}]
    np.testing.assert_equal(CocoAnnotations().read(tmp_path / "b.json").images[0].objects[0].outline.mask((3, 4)), BOX)
