"""Scores: keys, conventions, values by hand, published tables."""

import json

import numpy as np
import pytest

from segmend.artifacts.prediction import Prediction
from segmend.core.labels import Labels
from segmend.errors import InputError
from segmend.scoring import edit, score
from tests.scoring.test_segments import steps
from tests.shared import shared

STEP_KEYS = {
    *("accuracy", "balanced_accuracy", "macro_f1", "kappa", "matthews", "expected_cost", "confusion"),
    *("micro", "macro", "weighted", "calibration", "per_class"),
}
CLASS_KEYS = {"precision", "recall", "f1", "f_beta", "iou", "average_precision", "auc"}
SEGMENT_KEYS = {"f1@10", "f1@25", "f1@50", "macro_f1@50", "edit", "covering", "per_class", "errors"}
ERROR_KEYS = {"insertion", "deletion", "fragmentation", "merge", "substitution", "overfill_steps", "underfill_steps"}
COUNT_KEYS = {
    *("reference", "predicted", "bias", "mae", "rmse", "ratio", "obo", "mae_of_mean", "matched"),
    *("mae_per_class", "per_class", "per_recording"),
}


def prediction(true, pred, classes=3, background=0, **more):
    return Prediction(
        names=tuple(f"r{k}" for k in range(len(true))),
        labels=Labels.numbered(classes, background),
        y_true=tuple(map(steps, true)),
        y_pred=tuple(map(steps, pred)),
        **more,
    )


def test_the_keys_are_those_of_the_contract():
    scores = score(prediction(["0110"], ["0110"]))
    assert set(scores.to_dict()) == {"schema", "step", "segment", "count", "conventions"}
    assert set(scores["step"]) == STEP_KEYS
    assert set(scores["step"]["per_class"]) == {"background", "1", "2"}
    assert set(scores["step"]["per_class"]["1"]) == set(scores["step"]["macro"]) == CLASS_KEYS
    assert set(scores["step"]["calibration"]) == {"ece", "classwise_ece", "brier", "log_loss"}
    assert set(scores["segment"]) == SEGMENT_KEYS
    assert set(score(prediction(["0110"], ["0110"]), tolerance=1)["segment"]) == {*SEGMENT_KEYS, "collar"}
    assert set(scores["segment"]["errors"]) == ERROR_KEYS
    assert set(scores["count"]) == COUNT_KEYS
    assert set(scores["segment"]["per_class"]) == set(scores["count"]["per_class"]) == {"1", "2"}
    assert {"background", "matching", "pooling", "zero_division"} <= set(scores["conventions"])
    assert scores["count"]["per_recording"] == {"r0": {"reference": 1, "predicted": 1}}
    assert scores.by_recording["r0"]["segment_f1@50"] == 1


def test_undefined_is_nan_in_python_and_null_in_json():
    scores = score(prediction(["0110"], ["0110"]))
    assert np.isnan(scores["step"]["per_class"]["2"]["f1"])
    content = json.loads(json.dumps(scores.to_dict(), allow_nan=False))
    assert content["step"]["per_class"]["2"]["f1"] is None
    assert content["step"]["per_class"]["1"]["average_precision"] is None
    assert content["count"]["per_class"]["2"]["ratio"] is None
    assert content["conventions"]["zero_division"] is None


def test_steps_by_hand():
    step = score(prediction(["0011"], ["0111"]))["step"]
    assert step["accuracy"] == 0.75
    assert step["per_class"]["background"] == pytest.approx(
        {"precision": 1, "recall": 0.5, "f1": 2 / 3, "f_beta": 2 / 3, "iou": 0.5}
        | {"average_precision": np.nan, "auc": np.nan},
        nan_ok=True,
    )
    assert step["per_class"]["1"]["f1"] == pytest.approx(0.8)
    assert step["macro_f1"] == pytest.approx((2 / 3 + 0.8) / 2)  # the absent class 2 is left out, the background is in


def test_a_class_that_is_only_predicted_scores_0_and_counts():
    scores = score(prediction(["0011"], ["0211"]))
    assert scores["step"]["per_class"]["2"]["f1"] == 0
    assert scores["segment"]["per_class"]["2"]["f1@50"] == 0
    assert scores["segment"]["macro_f1@50"] == 0.5


def test_counts_by_hand():
    count = score(prediction(["010102", "000000"], ["010000", "010102"]))["count"]
    assert (count["reference"], count["predicted"], count["ratio"], count["bias"]) == (3, 4, 4 / 3, 0.5)
    assert (count["mae"], count["obo"], count["mae_of_mean"]) == (2.5, 0, 1.5)
    assert score(prediction(["0101", "0101"], ["0111", "0000"]))["count"]["obo"] == 0.5
    assert count["rmse"] == pytest.approx(np.sqrt((4 + 9) / 2))
    assert count["mae_per_class"] == pytest.approx(((1 + 2) / 2 + (1 + 1) / 2) / 2)
    assert count["matched"] == 1
    assert count["per_class"]["1"] == {
        **{"reference": 2, "predicted": 3, "bias": 0.5, "mae": 1.5, "ratio": 1.5},
        "matched": 1,
    }
    assert count["per_recording"]["r1"] == {"reference": 0, "predicted": 3}


def test_nothing_there_leaves_the_ratio_undefined():
    count = score(prediction(["000"], ["010"]))["count"]
    assert np.isnan(count["ratio"])
    assert count["bias"] == 1


def test_no_recordings_at_all():
    content = score(prediction([], [])).to_dict()
    assert content["step"]["accuracy"] is content["segment"]["f1@50"] is content["count"]["mae"] is None


@pytest.mark.parametrize(
    ("true", "pred", "expected"),
    [
        ("0102", "0102", 1),
        ("000", "000", 1),
        ("000", "010", 0),
        ("010101", "010000", 1 / 3),
        ("0102", "0201", 0),
        ("01020", "02000", 0.5),
        ("01.01", "01002", 0.5),  # two stretches: 1|1 against 1|2
    ],
)
def test_edit_score(true, pred, expected):
    assert score(prediction([true], [pred]))["segment"]["edit"] == pytest.approx(expected)


def test_edit_score_is_the_mean_over_recordings():
    assert score(prediction(["0102", "000"], ["0000", "000"]))["segment"]["edit"] == 0.5


def test_no_edit_score_says_why(monkeypatch):
    scores = score(prediction(["010"], ["010"]), edit=False)
    assert np.isnan(scores["segment"]["edit"])
    assert scores["conventions"]["edit"] == "not asked for"
    assert edit.MOST_CELLS > 10**9
    monkeypatch.setattr(edit, "MOST_CELLS", 0)
    scores = score(prediction(["010"], ["010"]))
    assert scores.to_dict()["segment"]["edit"] is None
    assert "left out" in scores["conventions"]["edit"]


def test_average_precision_comes_with_probabilities():
    prob = (np.array([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4], [0.7, 0.3]]),)
    ranked = score(prediction(["0101"], ["0101"], classes=2, y_prob=prob))["step"]["per_class"]["1"]
    assert ranked["average_precision"] == pytest.approx((1 + 2 / 3) / 2)
    unjudged = score(prediction(["01.1"], ["0101"], classes=2, y_prob=prob))["step"]["per_class"]["1"]
    assert unjudged["average_precision"] == 1


def test_presets_differ_where_their_conventions_do():
    # Both predictions have the first reference as their best; only the optimal matching serves the second one too.
    pair = prediction(["0011111110111100000", "011"], ["0011011111111000000", "000"])
    base, published, pooled = (score(pair, preset=name) for name in ("segmend", "lea", "ms-tcn"))
    assert base["segment"]["f1@10"] == pytest.approx(4 / 5)
    assert pooled["segment"]["f1@10"] == pytest.approx(100 * 2 / 5)
    assert published["segment"]["f1@10"] == pytest.approx(100 * (0.5 + 0) / 2)
    assert published["conventions"] == {
        "preset": "lea",
        "background": 0,
        "matching": "time order",
        "pooling": "mean of recordings",
        "step_pooling": "mean of recordings",
        "zero_division": None,
        "unit": "per cent",
        "collar": "left out: a collar needs a sampling rate, or a tolerance in steps",
        "task": {"kind": "segmentation", "labels": "multiclass", "rank": 1, "classes": 3},
    }


def test_the_published_matching_takes_the_first_of_equals():
    # The first prediction shares 2 of 8 steps with both references; were it to take the second, the last would miss.
    assert score(prediction(["1111001111"], ["0011111101"]), preset="ms-tcn")["segment"]["f1@25"] == 100


def test_refusals():
    with pytest.raises(InputError, match='did you mean "segmend"'):
        score(prediction(["0"], ["0"]), preset="segment")
    unknown = Prediction(names=("a",), labels=Labels.numbered(2), y_true=None, y_pred=(steps("01"),))
    with pytest.raises(InputError, match="y_true: expected labels to score against"):
        score(unknown)


# F1@10, F1@25, F1@50, edit, accuracy, predicted over true segments, count MAE (Lea et al., CVPR 2017, and our counts)
PUBLISHED = {
    "ed_tcn": ("68.0", "63.9", "52.6", "59.8", "64.7", "1.20", "4.4"),
    "dilated_tcn": ("52.2", "47.6", "37.4", "43.1", "59.3", "1.98", "17.6"),
    "tcnn": ("55.9", "49.6", "37.1", "46.0", "59.5", "1.45", "8.5"),
    "frame_svm": ("28.7", "22.7", "15.4", "21.4", "54.9", "4.13", "56.1"),
}


@pytest.mark.parametrize("model", PUBLISHED)
def test_the_published_table_to_the_printed_digit(model):
    folder = shared("predictions", "50salads_mid", model)
    names = sorted(file.stem for file in (folder / "labels").glob("*.npy"))
    true = tuple(np.load(folder / "labels" / f"{name}.npy").astype(int) for name in names)
    pred = tuple(np.load(folder / "scores" / f"{name}.npy").argmax(axis=1) for name in names)
    found = score(Prediction(names=tuple(names), labels=Labels.numbered(18), y_true=true, y_pred=pred), preset="lea")
    segment, count = found["segment"], found["count"]
    printed = [f"{segment[key]:.1f}" for key in ("f1@10", "f1@25", "f1@50", "edit")]
    printed += [f"{found['step']['accuracy']:.1f}", f"{count['ratio']:.2f}", f"{count['mae']:.1f}"]
    assert tuple(printed) == PUBLISHED[model]
