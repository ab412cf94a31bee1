"""Objects of COCO files as regions of images."""

from __future__ import annotations

import json

import numpy as np
import pytest

from segmend.core.truth import truth
from segmend.errors import InputError
from segmend.formats.coco import CocoAnnotations
from segmend.formats.objects import MarkedImage, Objects, objects_of
from segmend.loading import load_dataset
from tests.loading.picture_folders import grey, make_images

pytest.importorskip("PIL")

CATEGORIES = [{"id": 1, "name": "cell"}, {"id": 2, "name": "dot"}]


def box(image, category, x, y, width, height, **more):
    return {"image_id": image, "category_id": category, "bbox": [x, y, width, height], **more}


def make(folder, annotations, description=None, images=("a.png", "x/b.png")):
    make_images(folder, description=description, images={"a": grey(2, 4), "b": grey(2, 4)})
    listed = [{"id": k, "file_name": name, "height": 2, "width": 4} for k, name in enumerate(images, 1)]
    content = {"images": listed, "annotations": annotations, "categories": CATEGORIES}
    (folder / "annotations.json").write_text(json.dumps(content))
    return folder


def seen(data):
    return [(problem.kind, problem.recording, problem.where) for problem in data.problems]


def test_objects_are_classes_and_instances(tmp_path):
    data = load_dataset(make(tmp_path, [box(1, 2, 0, 0, 2, 2), box(1, 1, 2, 0, 1, 1), box(1, 1, 3, 0, 1, 1)]))
    assert data.labels.names == ("background", "cell", "dot")
    first, second = (each.regions for each in data.recordings)
    assert np.asarray(first.mask).tolist() == [[2, 2, 1, 1], [2, 2, 0, 0]]
    assert np.asarray(first.instances).tolist() == [[1, 1, 2, 3], [1, 1, 0, 0]]
    assert (first.count(), second.count(), np.asarray(second.mask).any()) == (3, 0, False)
    assert not data.problems


def test_the_smaller_object_has_the_pixels_and_crowds_lie_below(tmp_path):
    marks = [box(1, 1, 1, 0, 1, 1), box(1, 2, 0, 0, 3, 1), box(1, 1, 0, 0, 4, 2, iscrowd=1)]
    regions = load_dataset(make(tmp_path, marks)).recordings[0].regions
    assert np.asarray(regions.mask).tolist() == [[2, 1, 2, -1], [-1] * 4]
    assert np.asarray(regions.instances).tolist() == [[2, 1, 2, 0], [0] * 4]


def test_labels_that_overlap_have_a_layer_each(tmp_path):
    marks = [box(1, 1, 0, 0, 2, 1), box(1, 2, 1, 0, 2, 1), box(1, 1, 0, 1, 4, 1, iscrowd=1)]
    data = load_dataset(make(tmp_path, marks, {"task": "multilabel-segmentation"}))
    layers = np.asarray(truth(data.recordings[0], data.task, data.labels))
    assert layers[0].tolist() == [[1, 0], [1, 1], [0, 1], [0, 0]]
    assert layers[1].tolist() == [[-1, 0]] * 4
    assert (data.labels.names, data.recordings[0].regions.instances) == (("cell", "dot"), None)


def test_images_that_have_objects_of_a_class_have_the_class(tmp_path):
    marks = [box(1, 2, 0, 0, 1, 1), box(1, 1, 0, 0, 1, 1), box(1, 2, 1, 1, 1, 1)]
    data = load_dataset(make(tmp_path, marks, {"task": "multilabel-classification"}))
    assert [each.classes for each in data.recordings] == [(0, 1), ()]


def test_what_is_a_problem(tmp_path):
    marks = [
        box(1, 1, 0, 0, 6, 1),
        box(1, 1, 0, 0, 4.9, 1),
        box(1, 1, 0, 0, 0, 1),
        box(1, 2, 0, 0, 1, 1),
        box(2, 1, 0, 0, 1, 1),
    ]
    data = load_dataset(make(tmp_path, marks, {"labels": ["cell"]}, images=("a.png", "c.png")))
    assert seen(data) == [
        ("unknown-recording", "c.png", "annotations.json"),
        ("beyond-end", "a", "annotations.json, annotation 1"),
        ("empty-segment", "a", "annotations.json, annotation 3"),
        ("unknown-label", "a", "annotations.json, annotation 4"),
        ("not-annotated", "b", "annotations.json"),
    ]
    assert data.problems[1].message == "expected corners inside of 4 x 2 pixels. Received x from 0 to 6, y from 0 to 1"


def test_an_image_of_another_size_and_one_listed_twice(tmp_path):
    make(tmp_path, [])
    make_images(tmp_path, images={"a": grey(3, 4)})
    data = load_dataset(tmp_path)
    assert seen(data) == [("beyond-end", "a", "annotations.json")]
    assert data.problems[0].message == "expected an image of 3 x 4 pixels, as a.png. Received 2 x 4"
    make(tmp_path, [], images=("x/b.png", "y/b.png"))
    with pytest.raises(InputError, match=r'expected each image once\. Received "y/b.png" twice'):
        load_dataset(tmp_path)


def test_masks_go_before_objects_unless_asked_for(tmp_path):
    make(tmp_path, [box(1, 1, 0, 0, 4, 2)])
    make_images(tmp_path, masks={"a": grey(2, 4)})
    assert not np.asarray(load_dataset(tmp_path).recordings[0].regions.mask).any()
    asked = load_dataset(tmp_path, annotations="annotations.json")
    assert np.asarray(asked.recordings[0].regions.mask).all()


def test_another_file_is_refused(tmp_path):
    make(tmp_path, [])
    (tmp_path / "rows.csv").write_text("recording,start,end,label\n")
    with pytest.raises(InputError, match=r"rows\.csv, line 1: expected JSON"):
        load_dataset(tmp_path, annotations="rows.csv")


def test_regions_written_as_objects_come_back(tmp_path):
    rng = np.random.default_rng(0)
    instances = rng.integers(0, 4, (2, 4))
    mask = np.array([0, 2, 1, 2])[instances]
    objects = objects_of(mask, instances, ("background", "cell", "dot"))
    make(tmp_path, [])
    images = (MarkedImage("a.png", (2, 4), objects), MarkedImage("b.png", (2, 4)))
    CocoAnnotations().write(tmp_path / "annotations.json", Objects(images, ("cell", "dot"), ""))
    regions = load_dataset(tmp_path).recordings[0].regions
    np.testing.assert_array_equal(np.asarray(regions.mask), mask)
    np.testing.assert_array_equal(np.asarray(regions.instances), instances)
