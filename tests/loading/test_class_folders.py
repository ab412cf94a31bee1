"""Images whose folders name their classes."""

from __future__ import annotations

import json

import numpy as np
import pytest

from segmend.core.truth import truth
from segmend.errors import InputError
from segmend.loading import is_dataset, load_dataset, refuse
from tests.loading.picture_folders import grey, write_image

pytest.importorskip("PIL")


def make(folder, *names, values=None):
    for k, name in enumerate(names):
        write_image(folder / f"{name}.png", grey(4 + k, 5, k) if values is None else values[k])
    return folder


def test_folders_are_classes_in_the_order_of_their_names(tmp_path):
    data = load_dataset(make(tmp_path, "dog/1", "cat/2", "dog/3"))
    assert is_dataset(tmp_path)
    assert [(each.name, each.classes, each.shape) for each in data.recordings] == [
        ("1", (1,), (4, 5)),
        ("2", (0,), (5, 5)),
        ("3", (1,), (6, 5)),
    ]
    assert (data.labels.names, data.labels.background) == (("cat", "dog"), None)
    assert (data.task.name, data.task.rank, data.task.classes) == ("classification", 2, 2)
    assert (data.channels, data.split, data.problems, data.sampling_rate_hz) == (("gray",), {}, (), None)
    assert [int(truth(each, data.task, data.labels)) for each in data.recordings] == [1, 0, 1]
    assert np.asarray(data.recordings[2].signal[...]).tolist() == np.full((6, 5, 1), 2).tolist()
    refuse(data)


def test_outer_folders_are_the_split(tmp_path):
    data = load_dataset(make(tmp_path, "train/cat/a", "train/dog/b", "valid/cat/c", "test_far/dog/d", "Testing/dog/e"))
    assert data.split == {"train": ("a", "b"), "val": ("c",), "test_far": ("d",), "test": ("e",)}
    assert [each.source.parent.parent.name for each in data.recordings] == [
        "train",
        "train",
        "valid",
        "test_far",
        "Testing",
    ]


def test_parts_in_capitals(tmp_path):
    data = load_dataset(make(tmp_path, "Train/cat/a", "Valid/cat/b", "Test/cat/c", "Test_Far/cat/d"))
    assert data.split == {"train": ("a",), "val": ("b",), "test": ("c",), "test_far": ("d",)}


def test_dataset_json_orders_labels_and_goes_before_the_folders(tmp_path):
    make(tmp_path, "one/cat/a", "two/dog/b")
    with pytest.raises(InputError, match=r"one: expected the folders train, val and test .* Received \"one\""):
        load_dataset(tmp_path)
    split = {"train": ["b"], "test": ["a"]}
    description = {"labels": ["dog", "cat", "cow"], "split": split, "groups": {"a": "Ann"}, "task": "classification"}
    (tmp_path / "dataset.json").write_text(json.dumps(description))
    data = load_dataset(tmp_path)
    assert (data.split, data.labels.names) == ({"train": ("b",), "test": ("a",)}, ("dog", "cat", "cow"))
    assert [(each.group, each.classes) for each in data.recordings] == [("Ann", (1,)), ("b", (0,))]
    assert load_dataset(tmp_path, labels=["cat", "dog"]).recordings[0].classes == (0,)


def test_names_that_repeat_are_told_apart_by_their_folders(tmp_path):
    data = load_dataset(make(tmp_path, "train/cat/1", "train/dog/1", "val/cat/1"))
    assert [each.name for each in data.recordings] == ["train_cat_1", "train_dog_1", "val_cat_1"]
    assert data.split == {"train": ("train_cat_1", "train_dog_1"), "val": ("val_cat_1",)}
    make(tmp_path, "train/cat/1_")
    (tmp_path / "train" / "cat" / "1_.png").rename(tmp_path / "train" / "cat" / "1.tif")
    with pytest.raises(InputError, match='expected one image of the name "train_cat_1"'):
        load_dataset(tmp_path)


def test_a_folder_that_is_no_class_is_a_problem(tmp_path):
    make(tmp_path, "cat/a", "cta/b")
    (tmp_path / "dataset.json").write_text(json.dumps({"labels": ["cat"], "task": "classification"}))
    data = load_dataset(tmp_path)
    assert [(p.kind, p.recording, p.where, p.label) for p in data.problems] == [
        ("unknown-label", "b", "cta/b.png", "cta")
    ]
    assert not data.recordings[1].annotated
    with pytest.raises(InputError, match=r'expected a folder named like a class among cat\. Received "cta"'):
        refuse(data)


def test_images_of_both_depths_are_refused(tmp_path):
    with pytest.raises(InputError, match=r"Received both: cat.a\.png and train.dog.b\.png"):
        load_dataset(make(tmp_path, "cat/a", "train/dog/b"))


def test_differing_channels_and_types_are_refused_by_name(tmp_path):
    grey16, colour = np.zeros((4, 5), np.uint16), np.zeros((4, 5, 3), np.uint8)
    with pytest.raises(
        InputError, match=r"b\.png: expected 1 channels as in a\.png\. Received 3 .*all grey or all colour"
    ):
        load_dataset(make(tmp_path / "1", "cat/a", "cat/b", values=[grey(4, 5), colour]))
    with pytest.raises(InputError, match=r"b\.png: expected uint8 as in a\.png\. Received uint16"):
        load_dataset(make(tmp_path / "2", "cat/a", "cat/b", values=[grey(4, 5), grey16]))
    make(tmp_path / "3", "cat/a")
    (tmp_path / "3" / "dataset.json").write_text(json.dumps({"channels": ["x", "y"]}))
    with pytest.raises(InputError, match=r"a\.png: expected 2 channels as in dataset\.json\. Received 1"):
        load_dataset(tmp_path / "3")


def test_what_class_folders_do_not_hold(tmp_path):
    make(tmp_path, "cat/a")
    with pytest.raises(InputError, match="class folders hold the labels"):
        load_dataset(tmp_path, annotations="rows.csv")
    for task, words in (
        ("multilabel-classification", r"images/ with annotations\.csv holds several"),
        ("segmentation", r"task: expected classification, .* Received segmentation \(images/ with masks/"),
        ("multilabel-segmentation", r"Received multilabel-segmentation \(images/ with masks/LABEL/"),
    ):
        (tmp_path / "dataset.json").write_text(json.dumps({"task": task}))
        with pytest.raises(InputError, match=words):
            load_dataset(tmp_path)
    (tmp_path / "dataset.json").write_text(json.dumps({"split": {"train": ["b"]}}))
    with pytest.raises(InputError, match=r'split: train: expected recordings that are there\. Received "b"'):
        load_dataset(tmp_path)


def test_hidden_and_other_files_are_passed_over(tmp_path):
    make(tmp_path, "cat/a", ".cache/b", "cat/.c")
    (tmp_path / "cat" / "notes.txt").write_text("words")
    assert [each.name for each in load_dataset(tmp_path).recordings] == ["a"]


def test_folders_without_images_are_noted(tmp_path):
    make(tmp_path / "1", "cat/a", "dog/b")
    (tmp_path / "1" / "cow").mkdir()
    data = load_dataset(tmp_path / "1")
    assert (data.labels.names, data.notes) == (("cat", "dog"), ("cow/ holds no images: it is no class",))
    make(tmp_path / "2", "train/cat/a", "train/dog/b", "val/cat/c")
    (tmp_path / "2" / "val" / "dog").mkdir()
    (tmp_path / "2" / "test" / "dog").mkdir(parents=True)
    assert load_dataset(tmp_path / "2").notes == ("test/ holds no images", "val/dog/ holds no images")
    assert not load_dataset(make(tmp_path / "3", "cat/a", "dog/b")).notes


def test_a_damaged_image_is_refused_by_name(tmp_path):
    (make(tmp_path, "cat/a") / "cat" / "b.jpg").write_bytes(b"\xff\xd8\xff words")
    with pytest.raises(InputError, match=r"b\.jpg: expected a whole JPEG image"):
        load_dataset(tmp_path)
