"""Scores and comparisons on disk of images and whole recordings, against a data set and against other predictions."""

from __future__ import annotations

import csv
import json

import numpy as np
import pytest

from segmend.artifacts.prediction import Prediction
from segmend.cli import run as command
from segmend.core.labels import Labels
from segmend.errors import InputError
from segmend.pipeline.on_files.compare_files import compare_files
from segmend.pipeline.on_files.score_files import score_files
from segmend.pipeline.runs.write_predictions import write_predictions
from tests.loading.picture_folders import grey, make_images

TRUE = np.zeros((6, 8), np.uint8)
TRUE[1:4, 1:4] = 1
TRUE[1:4, 5:8] = 2
SAID = TRUE.copy()
SAID[3, 5:8] = 0  # 6 of 9 pixels: IoU 2/3
APART = TRUE.copy()
APART[1:4, 1:4] = 0
NAMES = ("x", "y")
CELLS = Labels.of(["a", "b"])
BEASTS = Labels.of(["cat", "dog", "owl"], background=None)


def images(folder):
    """Two images with class masks, one of them for testing."""
    about = {"task": "segmentation", "labels": ["a", "b"], "split": {"train": ["x"], "test": ["y"]}}
    pictures = dict.fromkeys(NAMES, grey(6, 8))
    return make_images(folder, description=about, images=pictures, masks=dict.fromkeys(NAMES, TRUE))


def masks(folder, y, labels=CELLS, **more):
    """Predictions of the images: of the first what is true."""
    write_predictions(Prediction(names=NAMES, labels=labels, y_true=None, y_pred=(TRUE, y), rank=2, **more), folder)
    return folder


def beasts(folder, answers, *, several=False):
    """A data set of images with labels; ``answers`` by name of image."""
    about = {"task": "multilabel-classification" if several else "classification", "labels": ["cat", "dog", "owl"]}
    make_images(folder, description=about, images=dict.fromkeys(answers, grey(4, 4)))
    with (folder / "annotations.csv").open("w", newline="") as file:
        rows = [(name, label) for name, labels in answers.items() for label in labels or [""]]
        csv.writer(file).writerows([("recording", "label"), *rows])
    return folder


def table(folder, text):
    """Predictions of whole recordings, as people might correct them."""
    folder.mkdir()
    (folder / "dataset.json").write_text(json.dumps({"task": "classification"}))
    (folder / "recordings.csv").write_text("recording,label\n" + text)
    return folder


def test_images_against_their_data_set(tmp_path):
    scores, notes = score_files(images(tmp_path / "data"), masks(tmp_path / "pred", SAID))
    assert (scores["segment"]["f1@50"], scores["count"]["matched"]) == (1, 4)
    assert scores["segment"]["panoptic"]["per_class"]["b"]["sq"] == pytest.approx((1 + 2 / 3) / 2)
    assert notes == ("all together: train, test (--split test scores one of them)",)
    one, _ = score_files(tmp_path / "data", tmp_path / "pred", split="test")
    assert one["segment"]["panoptic"]["per_class"]["b"]["sq"] == pytest.approx(2 / 3)


def test_predicted_objects_are_kept_apart_as_they_were_written(tmp_path):
    halves = np.where(TRUE == 1, 1 + (np.arange(8) > 2), 0) + 4 * (TRUE == 2)
    masks(tmp_path / "pred", TRUE, predicted_instances=(TRUE, halves))
    scores, _ = score_files(images(tmp_path / "data"), tmp_path / "pred", split="test")
    assert (scores["count"]["predicted"], scores["segment"]["errors"]["fragmentation"]) == (3, 1)


def test_corrected_predictions_are_a_reference_too(tmp_path):
    masks(tmp_path / "mine", TRUE), masks(tmp_path / "pred", APART)
    scores, _ = score_files(tmp_path / "mine", tmp_path / "pred")
    assert (scores["count"]["reference"], scores["count"]["predicted"]) == (4, 3)
    (tmp_path / "a" / "segments").mkdir(parents=True), (tmp_path / "b" / "segments").mkdir(parents=True)
    for place, rows in (("a", "x,2,5,P\nx,5,9,P\n"), ("b", "x,2,9,P\n")):
        (tmp_path / place / "segments" / "x.csv").write_text("recording,start,end,label\n" + rows)
        (tmp_path / place / "segments" / "empty.csv").write_text("recording,start,end,label\n")
    scores, _ = score_files(tmp_path / "a", tmp_path / "b")
    assert (scores["count"]["reference"], scores["count"]["predicted"]) == (2, 1)
    assert set(scores["count"]["per_recording"]) == {"x", "empty"}


def test_whole_images_against_their_data_set(tmp_path):
    data = beasts(tmp_path / "data", {"p": ["cat"], "q": ["dog"], "r": ["owl"], "s": ["owl"]})
    scores, notes = score_files(data, table(tmp_path / "pred", "p,cat\nq,owl\nr,owl\n"))
    assert scores["step"]["accuracy"] == pytest.approx(2 / 3)
    assert scores["step"]["per_class"]["owl"]["precision"] == 0.5
    assert notes == ("3 of 4 recordings of the reference are predicted; the others are left out",)
    assert (scores.segment, scores.count) == (None, None)


def test_labels_are_told_by_their_names_not_their_order(tmp_path):
    data = beasts(tmp_path / "data", {"p": ["cat"], "q": ["owl"]})
    turned = Labels(("owl", "dog", "cat"), None)
    prob = (np.array([0.1, 0.2, 0.7]), np.array([0.8, 0.1, 0.1]))
    said = Prediction(
        names=("p", "q"), labels=turned, y_true=None, y_pred=(np.array(2), np.array(0)), y_prob=prob, rank=0
    )
    write_predictions(said, tmp_path / "pred")
    scores, _ = score_files(data, tmp_path / "pred")
    assert scores["step"]["accuracy"] == 1
    assert scores["step"]["per_class"]["cat"]["average_precision"] == 1


def test_several_labels_of_whole_images(tmp_path):
    data = beasts(tmp_path / "data", {"p": ["cat", "dog"], "q": [], "r": ["owl"]}, several=True)
    y_pred = tuple(np.array(row) for row in ([1, 0, 0], [0, 0, 0], [0, 0, 1]))
    said = Prediction(names=("p", "q", "r"), labels=BEASTS, y_true=None, y_pred=y_pred, rank=0, multilabel=True)
    write_predictions(said, tmp_path / "pred")
    scores, _ = score_files(data, tmp_path / "pred")
    assert scores["step"]["hamming_accuracy"] == pytest.approx(8 / 9)
    assert scores["step"]["subset_accuracy"] == pytest.approx(2 / 3)
    assert scores["step"]["per_class"]["dog"]["recall"] == 0


def test_comparisons_of_images_and_of_whole_images(tmp_path):
    data = images(tmp_path / "data")
    found, _ = compare_files(data, masks(tmp_path / "1", APART), masks(tmp_path / "2", SAID), draws=20)
    assert found["segment"]["f1@50"]["difference"] == pytest.approx(1 - 6 / 7)
    assert found["count"]["predicted"]["second"] == 4
    assert "object panoptic pq" in str(found) and "pixel accuracy" in str(found)
    data = beasts(tmp_path / "beasts", {"p": ["cat"], "q": ["dog"]})
    one, other = table(tmp_path / "3", "p,cat\nq,owl\n"), table(tmp_path / "4", "p,cat\nq,dog\n")
    found, _ = compare_files(data, one, other, draws=20)
    assert found["step"]["accuracy"]["difference"] == 0.5
    assert "image accuracy" in str(found)


def test_the_table_of_images_speaks_of_pixels_and_objects(tmp_path, capsys):
    images(tmp_path / "data"), masks(tmp_path / "pred", SAID)
    assert command(["score", str(tmp_path / "data"), str(tmp_path / "pred"), "--split", "test", "--intervals"]) == 0
    told = capsys.readouterr().out
    assert told.startswith("2 predicted for 2 reference: the number is right; 2 in the right place")
    lines = [line.split() for line in told.splitlines()]
    assert ["panoptic", "quality", "0.833", "of", "segmentation", "0.833", "of", "recognition", "1.000"] in lines
    assert ["b", "0.800", "0.667", "1.000", "0.667", "1", "1", "1", "1.00", "0.0"] in lines
    assert "pixel F1" in told and "underfill pixels 3" in told and "object F1@50 1.000 to 1.000" in told
    assert "edit" not in told.replace("edit left out", "") and "step" not in told


def test_the_table_of_whole_images_speaks_of_them(tmp_path, capsys):
    beasts(tmp_path / "data", {"p": ["cat"], "q": ["dog"]}), table(tmp_path / "pred", "p,cat\nq,owl\n")
    assert command(["score", str(tmp_path / "data"), str(tmp_path / "pred"), "--by-recording"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "image  accuracy 0.500   balanced accuracy 0.500   macro F1 0.333   macro AP -"
    assert lines[1].split() == ["class", "precision", "recall", "F1", "AP"]
    assert lines[2].split() == ["cat", "1.000", "1.000", "1.000", "-"]
    assert [line.split() for line in lines[5:8]] == [["recording", "accuracy"], ["p", "1.000"], ["q", "0.000"]]
    assert command(["score", str(tmp_path / "data"), str(tmp_path / "pred"), "--json"]) == 0
    content = json.loads(capsys.readouterr().out)
    assert (content["segment"], content["count"]) == (None, None)


@pytest.mark.parametrize(
    ("labels", "y", "message"),
    [
        (CELLS, np.zeros((6, 7), int), r"pred: y: expected shape \(6, 8\), as in .*data. Received \(6, 7\)"),
        (Labels.of(["a", "z"]), SAID, r"pred: expected the labels background, a, b, as in the reference. Received"),
    ],
)
def test_predictions_that_do_not_fit_their_data_are_refused(labels, y, message, tmp_path):
    images(tmp_path / "data"), masks(tmp_path / "pred", y, labels)
    with pytest.raises(InputError, match=message):
        score_files(tmp_path / "data", tmp_path / "pred")


def test_predictions_of_another_task_or_of_other_recordings_are_refused(tmp_path):
    data = images(tmp_path / "data")
    table(tmp_path / "pred", "x,a\ny,b\n"), masks(tmp_path / "masks", SAID)
    with pytest.raises(InputError, match=r"expected predictions of segmentation \(pixels\).*Received classification"):
        score_files(data, tmp_path / "pred")
    others = beasts(tmp_path / "others", {"p": ["cat"]})
    with pytest.raises(InputError, match=r"pred: expected recordings of .*, such as \['p'\]. Received \['x', 'y'\]"):
        score_files(others, tmp_path / "pred")
