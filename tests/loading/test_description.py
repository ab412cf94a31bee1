"""The split of dataset.json, whatever its parts are called."""

from __future__ import annotations

import json

import pytest

from segmend.errors import InputError
from segmend.loading.description import read_description


def split(folder, **parts):
    (folder / "dataset.json").write_text(json.dumps({"split": parts}))
    return read_description(folder).split


def test_roles_have_other_names(tmp_path):
    found = split(tmp_path, Training=["a"], validation=["b"], testing=["c"], test_far=["d"])
    assert found == {"train": ("a",), "val": ("b",), "test": ("c",), "test_far": ("d",)}


def test_other_parts_beside_train_are_refused(tmp_path):
    with pytest.raises(InputError, match=r'split: expected the roles train, val and test\.\.\. Received "holdout"'):
        split(tmp_path, train=["a"], holdout=["b"])
    with pytest.raises(InputError, match=r'split: expected one list for "val"\. Received "valid" beside another'):
        split(tmp_path, train=["a"], val=["b"], valid=["c"])


def test_folds_keep_their_names(tmp_path):
    assert split(tmp_path, one=["a"], Two=["b"]) == {"one": ("a",), "Two": ("b",)}
