"""Folders of images with masks or labels of whole images."""

from __future__ import annotations

import numpy as np
import pytest

from segmend.core.truth import truth
from segmend.errors import InputError, NotYetError
from segmend.loading import is_dataset, load_dataset, refuse
from segmend.loading.image_files import open_image
from tests.loading.picture_folders import grey, make_images, numbers, write_image

pytest.importorskip("PIL")
pytest.importorskip("tifffile")

IMAGES = {"a": grey(2, 3), "b": grey(3, 2, 9)}
FIRST, SECOND = numbers([[0, 1, 2], [2, 2, 0]]), numbers([[1, 0], [0, 0], [0, 2]])
LABELS = {"labels": ["cell", "dot"]}


def seen(data):
    return [(problem.kind, problem.recording, problem.where) for problem in data.problems]


def mask(recording):
    return np.asarray(recording.regions.mask).tolist()


def test_masks_hold_classes_unless_told(tmp_path):
    data = load_dataset(make_images(tmp_path, description=LABELS, images=IMAGES, masks={"a": FIRST, "b.tif": SECOND}))
    assert is_dataset(tmp_path)
    assert (data.labels.names, data.labels.background) == (("background", "cell", "dot"), 0)
    assert (data.task.name, data.task.rank, data.task.classes) == ("segmentation", 2, 3)
    assert [each.shape for each in data.recordings] == [(2, 3), (3, 2)]
    assert [mask(each) for each in data.recordings] == [FIRST.tolist(), SECOND.tolist()]
    assert data.recordings[0].regions.instances is None
    np.testing.assert_array_equal(truth(data.recordings[1], data.task, data.labels), SECOND)
    assert not data.problems
    refuse(data)


def test_masks_of_objects_of_one_label(tmp_path):
    description = {"mask": "instance", "labels": ["cell"]}
    whole = numbers([[0, 300, 2], [2, 2, 0]], np.uint16)
    data = load_dataset(make_images(tmp_path, description=description, images={"a": IMAGES["a"]}, masks={"a": whole}))
    regions = data.recordings[0].regions
    assert (mask(data.recordings[0]), regions.count()) == ([[0, 1, 1], [1, 1, 0]], 2)
    np.testing.assert_array_equal(np.asarray(regions.instances), whole)
    assert regions.mask.dtype.kind == regions.instances.dtype.kind == "i"


def test_objects_of_several_labels_need_both_folders(tmp_path):
    places = {"images": {"a": IMAGES["a"]}, "masks": {"a": FIRST}}
    objects = numbers([[0, 1, 2], [3, 3, 0]])
    data = load_dataset(make_images(tmp_path / "1", description=LABELS, instances={"a": objects}, **places))
    assert (mask(data.recordings[0]), data.recordings[0].regions.count()) == (FIRST.tolist(), 3)
    with pytest.raises(InputError, match=r"labels: expected one label and a background, .*instances/"):
        load_dataset(make_images(tmp_path / "2", description=LABELS | {"mask": "instance"}, **places))


def test_an_image_whose_objects_are_not_told_apart_is_a_problem(tmp_path):
    images = {name: grey(2, 3) for name in ("a1", "a2", "a3")}
    masks = {"a1": FIRST, "a2": FIRST, "a3": grey(2, 3)}
    places = {"images": images, "masks": masks, "instances": {"a1": numbers([[0, 1, 2], [3, 3, 0]])}}
    data = load_dataset(make_images(tmp_path, description=LABELS, **places))
    assert seen(data) == [("partial", "a2", "instances/")]
    assert [each.regions.count() for each in data.recordings] == [3, None, 0]
    with pytest.raises(InputError, match=r'instances/: recording "a2": expected a2, as .*Received no such file'):
        refuse(data)
    write_image(tmp_path / "instances" / "a2.png", FIRST)
    assert not load_dataset(tmp_path).problems


def test_pixels_that_are_not_judged(tmp_path):
    values = numbers([[0, 255, 2], [2, 1, 0]])
    folder = make_images(tmp_path, description=LABELS | {"ignore": 255}, images={"a": IMAGES["a"]}, masks={"a": values})
    data = load_dataset(folder)
    assert (mask(data.recordings[0]), data.problems) == ([[0, -1, 2], [2, 1, 0]], ())
    write_image(tmp_path / "masks" / "a.tif", numbers([[0, -1, 2], [2, 1, 0]], np.int16))
    (tmp_path / "masks" / "a.png").unlink()
    data = load_dataset(folder)
    assert (mask(data.recordings[0]), data.problems) == ([[0, -1, 2], [2, 1, 0]], ())


def test_numbers_that_no_class_has_are_problems(tmp_path):
    places = {"images": {"a": IMAGES["a"]}, "masks": {"a": numbers([[0, 255, 2], [7, 7, 0]])}}
    data = load_dataset(make_images(tmp_path, description=LABELS, **places))
    assert seen(data) == [("unknown-label", "a", "masks/a.png")] * 2
    assert data.problems[0].message == "expected class numbers from 0 to 2. Received 7 at row 1, column 0"
    assert '"ignore" in dataset.json' in data.problems[1].message
    assert mask(data.recordings[0]) == [[0, -1, 2], [-1, -1, 0]]
    with pytest.raises(InputError, match=r"masks/a\.png: recording \"a\": expected class numbers"):
        refuse(data)


def test_a_mask_of_another_size_one_without_image_and_an_image_without_mask(tmp_path):
    places = {"images": IMAGES | {"c": grey(2, 2)}, "masks": {"a": FIRST, "b": FIRST, "d": FIRST}}
    data = load_dataset(make_images(tmp_path, description=LABELS, **places))
    assert seen(data) == [
        ("unknown-recording", "d", "masks/"),
        ("beyond-end", "b", "masks/b.png"),
        ("not-annotated", "c", "masks/"),
    ]
    assert data.problems[1].message == "expected a mask of 3 x 2 pixels, as the image. Received 2 x 3"
    assert [each.annotated for each in data.recordings] == [True, False, False]


def test_without_dataset_json_numbers_are_names(tmp_path):
    data = load_dataset(make_images(tmp_path, images=IMAGES, masks={"a": FIRST, "b": SECOND}))
    assert data.labels.names == ("background", "1", "2")
    assert load_dataset(tmp_path, labels=["cell", "dot"]).labels.names == ("background", "cell", "dot")
    every = load_dataset(tmp_path, labels=["sea", "land", "sky"], background=None)
    assert (every.labels.names, every.labels.background, every.problems) == (("sea", "land", "sky"), None, ())
    whole = numbers([[0, 5000, 0], [0, 0, 0]], np.uint16)
    write_image(tmp_path / "masks" / "a.png", whole)
    with pytest.raises(InputError, match=r'expected class numbers below 4096 .*"mask": "instance".* Received 5000'):
        load_dataset(tmp_path)


def test_black_and_white_masks_are_of_one_label(tmp_path):
    white = {"a": numbers([[0, 255, 0], [255, 255, 0]]), "b": grey(3, 2)}
    data = load_dataset(make_images(tmp_path, description={"labels": ["cell"]}, images=IMAGES, masks=white))
    assert [mask(each) for each in data.recordings] == [[[0, 1, 0], [1, 1, 0]], [[0, 0]] * 3]
    assert not data.problems
    (tmp_path / "dataset.json").unlink()
    assert load_dataset(tmp_path).labels.names == ("background", "1")
    assert load_dataset(tmp_path, labels=["cell", "dot"]).problems
    write_image(tmp_path / "masks" / "b.png", SECOND)
    assert len(load_dataset(tmp_path, labels=["cell"]).problems) == 2


def test_labels_that_overlap_have_a_folder_each(tmp_path):
    description = {"task": "multilabel-segmentation", "labels": ["cell", "dot"]}
    folder = make_images(tmp_path, description=description, images=IMAGES)
    write_image(folder / "masks" / "cell" / "a.png", numbers([[255, 255, 0], [0, 0, 0]]))
    write_image(folder / "masks" / "dot" / "a.png", numbers([[0, 1, 1], [0, 0, 0]]))
    data = load_dataset(folder)
    layers = np.asarray(truth(data.recordings[0], data.task, data.labels))
    assert layers.tolist() == [[[1, 0], [1, 1], [0, 1]], [[0, 0]] * 3]
    assert (data.labels.background, data.task.classes) == (None, 2)
    assert seen(data) == [("not-annotated", "b", "masks/")]
    write_image(folder / "masks" / "dto" / "a.png", grey(2, 3))
    with pytest.raises(InputError, match=r"masks: expected folders named like the labels cell, dot, .*Received dto"):
        load_dataset(folder)


def test_overlapping_labels_that_nobody_named(tmp_path):
    folder = make_images(tmp_path, description={"task": "multilabel-segmentation"}, images=IMAGES, masks={"a": FIRST})
    words = r"masks: expected folders, one for each label, .*masks/LABEL/NAME\.png.*Received none"
    with pytest.raises(InputError, match=words):
        load_dataset(folder)


def test_masks_of_another_folder(tmp_path):
    places = {"images": IMAGES, "masks": {"a": FIRST, "b": SECOND}, "instances": {"a": FIRST, "b": SECOND}}
    folder = make_images(tmp_path / "data", description=LABELS, **places)
    make_images(tmp_path / "data", second={"a": grey(2, 3), "c": FIRST})
    data = load_dataset(folder, annotations="second")
    assert (mask(data.recordings[0]), data.recordings[0].regions.instances) == (grey(2, 3).tolist(), None)
    assert seen(data) == [("unknown-recording", "c", "second/"), ("not-annotated", "b", "second/")]
    make_images(tmp_path / "pred", masks={"a": FIRST, "b": grey(3, 2)})
    data = load_dataset(folder, annotations=tmp_path / "pred")
    assert ([mask(each) for each in data.recordings], data.problems) == ([FIRST.tolist(), grey(3, 2).tolist()], ())
    make_images(folder, description={"task": "classification"})
    with pytest.raises(InputError, match=r"expected a file of annotations .task: classification"):
        load_dataset(folder, annotations="second")


def test_images_alone_are_not_annotated(tmp_path):
    data = load_dataset(make_images(tmp_path, description=LABELS | {"split": {"test": ["a"]}}, images=IMAGES))
    assert seen(data) == [("not-annotated", name, "masks/") for name in "ab"]
    assert (data.labels.names, data.split) == (("background", "cell", "dot"), {"test": ("a",)})


def test_a_table_of_labels_of_whole_images(tmp_path):
    make_images(tmp_path, description={"task": "classification"}, images=IMAGES | {"c": grey(1, 1)})
    (tmp_path / "annotations.csv").write_text("recording,label\nb.png,dog\na,cat\nx,cat\na,dog\na,cat\n")
    data = load_dataset(tmp_path)
    assert (data.labels.names, data.labels.background) == (("cat", "dog"), None)
    assert [each.classes for each in data.recordings] == [(0,), (1,), None]
    assert seen(data) == [
        ("unknown-recording", "x", "annotations.csv"),
        ("overlap", "a", "annotations.csv, line 5"),
        ("not-annotated", "c", "annotations.csv"),
    ]


def test_a_table_of_labels_that_overlap(tmp_path):
    make_images(tmp_path, description={"task": "multilabel-classification", "labels": ["x", "y", "z"]}, images=IMAGES)
    (tmp_path / "rows.csv").write_text("label,recording,who\nz,a,me\nx,a,me\n,b,me\nw,b,me\n")
    data = load_dataset(tmp_path, annotations="rows.csv")
    assert [each.classes for each in data.recordings] == [(0, 2), ()]
    assert [truth(each, data.task, data.labels).tolist() for each in data.recordings] == [[1, 0, 1], [0, 0, 0]]
    assert seen(data) == [("unknown-label", "b", "rows.csv, line 5")]


@pytest.mark.parametrize(
    ("rows", "task", "found"),
    [
        ("a,cat\nb.png,dog\n", "classification", [(0,), (1,)]),
        ("a,cat\na,dog\nb,\n", "multilabel-classification", [(0, 1), ()]),
    ],
)
def test_without_a_task_a_table_decides_unless_there_are_masks(tmp_path, rows, task, found):
    make_images(tmp_path, images=IMAGES)
    for name in ("annotations.csv", "other.csv"):
        (tmp_path / name).write_text("recording,label\n" + rows)
    for data in (load_dataset(tmp_path), load_dataset(tmp_path, annotations="other.csv")):
        assert (data.task.name, data.task.classes, data.labels.background) == (task, 2, None)
        assert ([each.classes for each in data.recordings], data.problems) == (found, ())
    make_images(tmp_path, masks={"a": FIRST, "b": SECOND})
    assert load_dataset(tmp_path).task.name == "segmentation"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("recording,klass\na,b\n", "line 1: expected the columns"),
        ("recording,label\n\na\n", "line 3: expected 2 cells"),
    ],
)
def test_tables_that_are_none(text, words, tmp_path):
    make_images(tmp_path, description={"task": "classification"}, images=IMAGES)
    (tmp_path / "annotations.csv").write_text(text)
    with pytest.raises(InputError, match=rf"annotations\.csv, {words}"):
        load_dataset(tmp_path)


@pytest.mark.parametrize(
    ("description", "words"),
    [
        ({"mask": "objects"}, r'dataset\.json: mask: expected "class" or "instance"\. Received "objects"'),
        ({"ignore": "255"}, r"dataset\.json: ignore: expected the number"),
    ],
)
def test_what_dataset_json_may_say_of_masks(description, words, tmp_path):
    with pytest.raises(InputError, match=words):
        load_dataset(make_images(tmp_path, description=description, images=IMAGES, masks={"a": FIRST}))


def test_what_cannot_be_read(tmp_path):
    (tmp_path / "images").mkdir()
    with pytest.raises(InputError, match=r"images: expected files of a type among .*\.png.*\. Received none"):
        load_dataset(tmp_path)
    make_images(tmp_path, images={"a": grey(2, 2), "a.tif": grey(2, 2)})
    with pytest.raises(InputError, match=r'Received two for "a": a\.png and a\.tif'):
        load_dataset(tmp_path)
    (tmp_path / "images" / "a.tif").unlink()
    with pytest.raises(InputError, match=r"nowhere\.json: expected a file of annotations"):
        load_dataset(tmp_path, annotations="nowhere.json")
    (tmp_path / "masks").mkdir()
    (tmp_path / "masks" / "a.jpg").touch()
    with pytest.raises(InputError, match=r"a\.jpg: expected a mask in PNG or TIFF"):
        load_dataset(tmp_path)


def test_one_new_image(tmp_path):
    write_image(tmp_path / "a.png", grey(2, 3, 4))
    file = open_image(tmp_path / "a.png")
    assert (file.name, file.shape, file.image.channels) == ("a", (2, 3), ("gray",))
    with pytest.raises(InputError, match="no such file"):
        open_image(tmp_path / "b.png")
    for name, error in (("a.gif", NotYetError), ("a.txt", InputError)):
        (tmp_path / name).touch()
        with pytest.raises(error, match=rf"{name}: expected one of \.jpeg, \.jpg, \.png"):
            open_image(tmp_path / name)


def test_pixels_of_floats_must_be_finite(tmp_path):
    values = np.zeros((4, 5, 2), np.float32)
    values[2, 3, 1] = np.nan
    make_images(tmp_path, description={"channels": ["x", "y"]}, images={"a.tif": values}, masks={"a": grey(4, 5)})
    with pytest.raises(
        InputError, match=r'a\.tif: expected finite samples\. Received nan at row 2, column 3, channel "y"'
    ):
        refuse(load_dataset(tmp_path))
