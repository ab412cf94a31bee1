from __future__ import annotations

import json

import numpy as np
import pytest

from segmend.errors import InputError
from segmend.loading import is_predictions, load_predictions
from tests.builders import make_predictions
from tests.shared import shared


def test_published_predictions_are_read_as_released():
    prediction = load_predictions(shared("predictions", "50salads_mid", "ed_tcn"))
    assert len(prediction.names) == 50
    assert len(prediction.labels) == 18
    assert prediction.labels.background == 0
    assert sorted(set(prediction.groups)) == [f"split_{k}" for k in range(1, 6)]
    accuracy = np.mean(np.concatenate(prediction.y_true) == np.concatenate(prediction.y_pred))
    assert 0.6 < accuracy < 0.7


def test_scores_labels_and_argmax_stay_aligned(tmp_path):
    prob = np.array([[0.9, 0.1], [0.2, 0.8]])
    folder = make_predictions(tmp_path, scores={"x": prob}, labels={"x": [0, 1]})
    prediction = load_predictions(folder)
    assert prediction.names == ("x",)
    assert prediction.y_prob[0].tolist() == prob.tolist()
    assert prediction.y_true[0].tolist() == prediction.y_pred[0].tolist() == [0, 1]
    assert prediction.groups is None


def test_roles_are_no_groups_and_folds_are(tmp_path):
    folder = make_predictions(tmp_path, splits={"train": ["a"], "val": ["b"], "test_far": ["c"], "ann": ["a", "b"]})
    prediction = load_predictions(folder)
    assert prediction.groups == ("ann", "ann", "c")
    assert prediction.splits["test_far"] == ("c",)


def test_dataset_json_names_the_classes_and_decides_on_the_background(tmp_path):
    with_background = make_predictions(tmp_path / "1", description={"labels": ["P", "T"], "sampling_rate_hz": 50})
    prediction = load_predictions(with_background)
    assert prediction.labels.names == ("background", "P", "T")
    assert prediction.labels.background == 0
    assert prediction.sampling_rate_hz == 50
    without = load_predictions(make_predictions(tmp_path / "2", description={"labels": ["O", "P", "T"]}))
    assert without.labels.background is None
    assert without.labels.names == ("O", "P", "T")


def test_the_callers_labels_and_background_win(tmp_path):
    folder = make_predictions(tmp_path, description={"labels": ["P", "T"]})
    assert load_predictions(folder, labels=["x", "y", "z"], background=2).labels.background == 2
    assert load_predictions(folder, background=None, labels=["x", "y", "z"]).labels.background is None
    with pytest.raises(InputError, match=r"expected 3 names for the 3 classes .* Received 5"):
        load_predictions(folder, labels=list("vwxyz"))


def test_scores_alone_are_enough(tmp_path):
    (tmp_path / "scores").mkdir()
    np.save(tmp_path / "scores" / "x.npy", np.eye(3))
    prediction = load_predictions(tmp_path)
    assert prediction.y_true is None
    assert prediction.y_pred[0].tolist() == [0, 1, 2]


def test_a_run_is_read_through_its_predictions(tmp_path):
    make_predictions(tmp_path / "predictions")
    assert is_predictions(tmp_path)
    assert load_predictions(tmp_path).names == ("a", "b", "c")
    assert not is_predictions(tmp_path / "nowhere")


def test_what_was_decoded_is_the_prediction(tmp_path):
    folder = make_predictions(tmp_path, scores={"x": np.eye(3)[[0, 1, 1, 2]]}, labels={"x": [0, 1, 1, 2]})
    (folder / "segments").mkdir()
    (folder / "segments" / "x.csv").write_text("recording,start,end,label\nx,1,4,1\n")
    assert load_predictions(folder).y_pred[0].tolist() == [0, 1, 1, 1]


def test_reference_tables_keep_touching_items_apart(tmp_path):
    folder = make_predictions(tmp_path, scores={"x": np.eye(2)[[1, 1, 1, 1]]}, labels={"x": [1, 1, 1, 1]})
    (folder / "annotations.csv").write_text("recording,start,end,label\nx,0,2,1\nx,2,4,1\n")
    assert load_predictions(folder).reference[0].rows() == [(0, 2, 1), (2, 4, 1)]


def _nan(folder):
    np.save(folder / "scores" / "b.npy", np.where(np.arange(90).reshape(30, 3) == 4, np.nan, 0.5))


def _short(folder):
    np.save(folder / "scores" / "b.npy", np.ones((7, 3)))


def _classes(folder):
    np.save(folder / "scores" / "b.npy", np.ones((30, 4)))


def _objects(folder):
    np.save(folder / "scores" / "b.npy", np.array([[1], [1, 2]], object), allow_pickle=True)


def _truncated(folder):
    path = folder / "scores" / "b.npy"
    path.write_bytes(path.read_bytes()[:-8])


def _rank(folder):
    np.save(folder / "scores" / "b.npy", np.ones((2, 3, 4)))


def _strings(folder):
    np.save(folder / "labels" / "b.npy", np.array(["P"] * 30))


def _number(folder):
    np.save(folder / "labels" / "b.npy", np.full(30, 7))


def _fraction(folder):
    np.save(folder / "labels" / "b.npy", np.full(30, 0.5))


def _missing(folder):
    (folder / "labels" / "b.npy").unlink()


def _spare(folder):
    np.save(folder / "labels" / "z.npy", np.zeros(30, int))


def _split(folder):
    (folder / "splits.json").write_text(json.dumps({"train": ["nobody"]}))


def _json(folder):
    (folder / "splits.json").write_text('{"train": ["a",\n}')


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (_nan, r"b\.npy: expected finite scores\. Received nan at step 1, class 1"),
        (_short, r"b\.npy: expected 30 steps as in labels/b\.npy\. Received 7"),
        (_classes, r"b\.npy: expected 3 classes as in a\.npy\. Received 4"),
        (_objects, r"b\.npy: .* Received an array of Python objects"),
        (_truncated, r"b\.npy: .* Received a truncated file"),
        (_rank, r"b\.npy: expected scores of shape \(steps, classes\)\. Received \(2, 3, 4\)"),
        (_strings, r"b\.npy: expected real numbers\. Received dtype <U1"),
        (_number, r"b\.npy: expected class numbers from 0 to 2, .* Received 7 at step 0"),
        (_fraction, r"b\.npy: expected whole class numbers\. Received 0\.5 at step 0"),
        (_missing, r"labels: expected one file for each of the 3 predictions\. Received no b\.npy"),
        (_spare, r"labels: .* Received z\.npy, which has no scores"),
        (_split, r'splits\.json: train: expected recordings with scores\. Received "nobody"'),
        (_json, r"splits\.json, line 2, column 1: expected JSON"),
    ],
)
def test_bad_files_are_refused_by_name(tmp_path, spoil, message):
    folder = make_predictions(tmp_path)
    spoil(folder)
    with pytest.raises(InputError, match=message):
        load_predictions(folder)


def test_a_folder_without_scores_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"expected a folder with scores/NAME\.npy"):
        load_predictions(tmp_path)
