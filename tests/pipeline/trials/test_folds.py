import numpy as np

from segmend.artifacts.prediction import Prediction
from segmend.core.labels import Labels
from segmend.pipeline.trials.folds import folds_of


def _prediction(names, groups=None, splits=None):
    rows = tuple(np.zeros(4, np.int64) for _ in names)
    return Prediction(
        names=tuple(names), labels=Labels.numbered(2), y_true=rows, y_pred=rows, groups=groups, splits=splits or {}
    )


def test_each_recording_is_held_out_once_and_no_group_is_cut():
    groups = tuple("abcdefg"[k % 7] for k in range(30))
    found = folds_of(_prediction([str(k) for k in range(30)], groups))
    assert len(found.parts) == 5
    assert sorted(found.proving) == list(range(30))
    for fit, held in found.parts:
        assert {groups[k] for k in fit}.isdisjoint(groups[k] for k in held)
        assert sorted((*fit, *held)) == list(range(30))
    assert found.final == tuple(range(30))
    assert found.held_out


def test_every_fold_of_splits_json_is_held_out_once():
    names = [str(k) for k in range(14)]
    splits = {f"split_{k}": tuple(names[2 * k : 2 * k + 2]) for k in range(7)}
    groups = tuple(f"split_{k // 2}" for k in range(14))
    found = folds_of(_prediction(names, groups, splits))
    assert sorted(sorted(held) for _, held in found.parts) == [[2 * k, 2 * k + 1] for k in range(7)]


def test_roles_fit_on_val_and_prove_on_test():
    splits = {"train": ("a", "b"), "val": ("c",), "test": ("d",), "test_room2": ("e",)}
    found = folds_of(_prediction("abcde", splits=splits))
    assert found.parts == (((2,), (3, 4)),)
    assert found.final == (2,)
    assert "test" in found.judged_on and "val" in found.judged_on


def test_train_is_fitted_on_only_where_there_is_no_val():
    found = folds_of(_prediction("abc", splits={"train": ("a", "b"), "test": ("c",)}))
    assert found.parts == (((0, 1), (2,)),)
    assert "train" in found.judged_on


def test_val_alone_is_cut_into_folds_and_train_is_left_out():
    splits = {"train": tuple("abc"), "val": tuple("defghi")}
    found = folds_of(_prediction("abcdefghi", splits=splits))
    assert sorted(found.proving) == [3, 4, 5, 6, 7, 8]
    assert all(k >= 3 for fit, _ in found.parts for k in fit)


def test_one_group_is_cut_between_its_recordings_and_says_so():
    found = folds_of(_prediction("abcdef", groups=("ann",) * 6))
    assert sorted(found.proving) == list(range(6))
    assert "one group" in found.judged_on


def test_a_single_recording_cannot_be_held_out():
    found = folds_of(_prediction("a"))
    assert found.parts == (((0,), (0,)),)
    assert not found.held_out
