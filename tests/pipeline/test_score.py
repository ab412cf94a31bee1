"""``segmend.score`` and ``segmend score``."""

import json
import subprocess
import sys

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, f1_score, roc_auc_score

import segmend
from segmend.cli import run
from segmend.errors import InputError
from tests.shared import shared

TRUE = np.array([0, 1, 1, 1, 1, 0, 2, 2, 0, 0])
PRED = np.array([0, 1, 0, 1, 1, 0, 2, 2, 0, 1])


def one_hot(row, classes=3):
    return np.eye(classes)[row]


@pytest.fixture
def predictions(tmp_path):
    """A PREDICTIONS folder of two recordings."""
    folder = tmp_path / "predictions_here"
    for shelf in ("scores", "labels"):
        (folder / shelf).mkdir(parents=True)
    for name, true, pred in (("a", TRUE, PRED), ("b", PRED[:5], PRED[:5])):
        np.save(folder / "scores" / f"{name}.npy", one_hot(pred))
        np.save(folder / "labels" / f"{name}.npy", true)
    (folder / "dataset.json").write_text(json.dumps({"labels": ["P", "Q"]}))
    return folder


@pytest.fixture
def data(tmp_path):
    """A DATA folder of three recordings, the last without annotation."""
    folder = tmp_path / "data"
    (folder / "signals").mkdir(parents=True)
    for name, steps in (("a", 10), ("b", 5), ("c", 5)):
        np.save(folder / "signals" / f"{name}.npy", np.zeros((steps, 1)))
    (folder / "annotations.csv").write_text("recording,start,end,label\na,1,5,P\na,6,8,Q\nb,0,2,P\nb,2,4,P\n")
    return folder


def printed(capsys, *arguments):
    assert run(["score", *map(str, arguments), "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_arrays_lists_one_hot_and_probabilities_say_the_same():
    expected = segmend.score([TRUE], [PRED]).to_dict()
    assert segmend.score(TRUE[None], PRED[None]).to_dict() == expected
    assert segmend.score([one_hot(TRUE)], [PRED]).to_dict() == expected
    by_prob = segmend.score([TRUE], y_prob=[one_hot(PRED)]).to_dict()
    assert by_prob["segment"] == expected["segment"]
    assert by_prob["step"]["per_class"]["1"]["average_precision"] is not None


def test_numbers():
    scores = segmend.score([TRUE], [PRED], labels=["P", "Q"])
    assert scores["segment"]["per_class"]["P"]["f1@50"] == pytest.approx(2 / 4)
    assert scores["segment"]["errors"]["fragmentation"] == 1
    assert scores["segment"]["errors"]["insertion"] == 1
    assert (scores["count"]["reference"], scores["count"]["predicted"]) == (2, 4)


def test_what_is_masked_is_not_judged_and_cuts():
    mask = np.ones(10, bool)
    mask[2] = False
    scores = segmend.score([TRUE], [PRED], mask=[mask])
    assert (scores["count"]["reference"], scores["segment"]["errors"]["fragmentation"]) == (3, 0)
    ignored = TRUE.copy()
    ignored[2] = -1
    assert segmend.score([ignored], [PRED]).to_dict() == scores.to_dict()


def test_without_background_every_class_counts():
    assert segmend.score([TRUE], [PRED], background=None)["count"]["reference"] == 5


def test_bad_calls_are_refused():
    with pytest.raises(InputError, match="y_true: expected labels"):
        segmend.score(None, [PRED])
    with pytest.raises(InputError, match="expected one of them"):
        segmend.score([TRUE])
    with pytest.raises(InputError, match="preset: expected one of"):
        segmend.score([TRUE], [PRED], preset="x")
    with pytest.raises(InputError, match="sampling_rate_hz"):
        segmend.score([TRUE], [PRED], sampling_rate_hz=0)
    with pytest.raises(InputError, match="expected 9 steps"):
        segmend.score([TRUE], [PRED[:9]])


def test_labels_that_may_overlap():
    true = np.zeros((1, 8, 2), int)
    true[0, 0:4, 0] = true[0, 2:8, 1] = 1
    said = true.copy()
    said[0, 4, 1] = 0
    scores = segmend.score(true, said, labels=["left", "right"])
    assert scores["conventions"]["task"] == {"kind": "segmentation", "labels": "multilabel", "rank": 1, "classes": 2}
    assert (scores["count"]["reference"], scores["count"]["predicted"]) == (2, 3)
    assert scores["segment"]["per_class"]["right"]["errors"]["fragmentation"] == 1
    assert scores["step"]["subset_accuracy"] == pytest.approx(7 / 8)
    assert scores["step"]["hamming_accuracy"] == pytest.approx(15 / 16)
    content = scores.to_dict()
    assert (content["step"]["accuracy"], content["segment"]["edit"]) == (None, None)
    assert "no order" in content["conventions"]["edit"]


def test_images_are_scored_by_their_objects():
    true, said = np.zeros((1, 8, 8), int), np.zeros((1, 8, 8), int)
    true[0, 0:4, 0:4] = true[0, 5:8, 5:8] = 1
    said[0, 0:4, 0:1] = said[0, 0:4, 2:4] = said[0, 5:8, 4:8] = 1
    scores = segmend.score(true, said, labels=["cell"])
    assert scores["conventions"]["connectivity"] == 1
    assert (scores["count"]["reference"], scores["count"]["predicted"]) == (2, 3)
    assert scores["segment"]["errors"]["fragmentation"] == 1
    assert scores["segment"]["f1@50"] == pytest.approx(2 * 2 / 5)  # 8 of 16 pixels are half
    assert scores["segment"]["panoptic"]["pq"] == pytest.approx((9 / 12) / (1 + 2 / 2 + 1 / 2))
    assert scores["step"]["per_class"]["cell"]["precision"] == pytest.approx(21 / 24)
    content = scores.to_dict()
    assert (content["segment"]["edit"], content["conventions"]["edit"]) == (
        None,
        "left out: objects of images have no order",
    )
    halves = np.where(true[0], 1, 0)
    halves[0:4, 2:4] = 2
    halves[5:8, 5:8] = 9
    apart = segmend.score(true, said, labels=["cell"], instances_true=[halves])
    assert apart["count"]["reference"] == 3
    with pytest.raises(InputError, match=r"instances_true\[0\]: expected shape \(8, 8\)"):
        segmend.score(true, said, instances_true=[halves[:4]])
    with pytest.raises(InputError, match="instances_true: expected images"):
        segmend.score([TRUE], [PRED], instances_true=[TRUE])


def test_touching_pixels_by_corner_are_one_object_if_asked():
    corner = np.eye(3, dtype=int)[None]
    assert segmend.score(corner, corner)["count"]["reference"] == 3
    assert segmend.score(corner, corner, connectivity=2)["count"]["reference"] == 1
    with pytest.raises(InputError, match="connectivity: expected a number from 1 to 2"):
        segmend.score(corner, corner, connectivity=3)


def test_every_convention_side_by_side(predictions, capsys):
    found = segmend.compare_conventions([TRUE], y_prob=[one_hot(PRED)], sampling_rate_hz=10.0)
    assert found["segmend"].to_dict() == segmend.score([TRUE], y_prob=[one_hot(PRED)], sampling_rate_hz=10.0).to_dict()
    assert found["lea"]["segment"]["f1@50"] == pytest.approx(100 * found["segmend"]["segment"]["f1@50"])
    assert 0 < found["psds"]["segment"]["psds"]["dcase-2"] <= 1
    assert found["sed-eval"]["segment"]["collar"]["both"]["f1"] == pytest.approx(4 / 6)
    assert found["panoptic"] == "it is a convention of images. Received signals"
    assert run(["score", str(predictions), "--compare-conventions"]) == 0
    printed_ = capsys.readouterr().out
    assert all(f"{name}" in printed_ for name in ("segmend", "ms-tcn", "lea", "the sampling rate is not known"))
    content = printed(capsys, predictions, "--compare-conventions")
    assert content["presets"]["lea"]["conventions"]["preset"] == "lea"
    assert "of images" in content["presets"]["panoptic"]["because"]


def test_intervals_if_asked(predictions, capsys):
    scores = segmend.score([TRUE] * 8, [PRED, TRUE] * 4, intervals=True)
    low, high = scores.intervals["segment"]["f1@50"]
    assert low < scores["segment"]["f1@50"] < high
    assert "intervals" not in segmend.score([TRUE], [PRED]).to_dict()
    content = printed(capsys, predictions, "--intervals")
    assert content["intervals"]["unit"] == "recordings"
    assert len(content["intervals"]["count"]["mae"]) == 2
    assert run(["score", str(predictions), "--intervals"]) == 0
    assert "95 % intervals over recordings: step macro F1" in capsys.readouterr().out


def test_a_convention_that_does_not_fit_is_refused():
    with pytest.raises(InputError, match=r"preset panoptic: it is a convention of images\. Received signals"):
        segmend.score([TRUE], [PRED], preset="panoptic")
    with pytest.raises(InputError, match="preset psds: left out: it needs a score of each class"):
        segmend.score([TRUE], [PRED], preset="psds")
    with pytest.raises(InputError, match=r"preset lea: .* \(one label per step\). Received labels that overlap"):
        segmend.score(np.ones((1, 4, 2), int), np.ones((1, 4, 2), int), task="multilabel-segmentation", preset="lea")
    image = np.eye(3, dtype=int)[None]
    assert segmend.score(image, image, preset="panoptic")["segment"]["panoptic"]["pq"] == 1


def test_any_threshold_of_overlap():
    scores = segmend.score([TRUE], [PRED], labels=["P", "Q"], iou_thresholds=[40, 75])
    assert scores["segment"]["f1@40"] == pytest.approx(4 / 6)
    assert scores["segment"]["f1@75"] == pytest.approx(2 / 6)
    assert "f1@50" in scores["segment"]
    assert "f1@10" not in scores["segment"]
    assert "segment_f1@75" in scores.by_recording["0"]
    with pytest.raises(InputError, match="iou_thresholds: expected whole per cent from 1 to 100"):
        segmend.score([TRUE], [PRED], iou_thresholds=[0])


def test_collars_in_seconds_or_in_steps():
    scores = segmend.score([TRUE], [PRED], labels=["P", "Q"])
    assert "collar" not in scores["segment"]
    assert scores["conventions"]["collar"] == "left out: a collar needs a sampling rate, or a tolerance in steps"
    scores = segmend.score([TRUE], [PRED], labels=["P", "Q"], tolerance=0)
    assert scores["conventions"]["collar"] == {"tolerance": 0, "unit": "steps", "offset_share": 0.5}
    assert scores["segment"]["collar"]["onset"]["recall"] == 1
    wide = segmend.score([TRUE], [PRED], labels=["P", "Q"], tolerance=0.5, sampling_rate_hz=4.0)
    assert wide["conventions"]["collar"] == {"tolerance": 0.5, "unit": "s", "offset_share": 0.5}
    assert wide["segment"]["collar"]["per_class"]["P"]["both"]["f1"] == pytest.approx(2 / 4)
    assert wide["segment"]["covering"] == pytest.approx((1 + 4 * 2 / 4 + 1 + 2 + 2 * 1 / 2) / 10)
    with pytest.raises(InputError, match="preset sed-eval: left out: a collar needs"):
        segmend.score([TRUE], [PRED], preset="sed-eval")


def test_detection_scores_of_a_preset():
    true = np.zeros((1, 100), int)
    true[0, 10:20] = true[0, 50:60] = 1
    prob = np.zeros((1, 100, 2))
    prob[0, :, 1] = 0.1
    prob[0, 10:20, 1] = 0.9
    prob[0, :, 0] = 1 - prob[0, :, 1]
    scores = segmend.score(true, y_prob=prob, sampling_rate_hz=1.0, preset="psds", labels=["call"])
    own = scores["segment"]["psds"]
    # At the highest threshold one of two calls is found and nothing is false; below it all is one false alarm.
    assert own["per_class"]["call"]["dcase-1"] == pytest.approx(0.5)
    assert "DTC 0.7" in own["criteria"]["dcase-1"]


def test_labels_of_whole_recordings_have_a_step_level_only():
    rng = np.random.default_rng(0)
    true, prob = rng.integers(0, 3, 200), rng.dirichlet([1, 1, 1], 200)
    scores = segmend.score(true, y_prob=prob, labels=["a", "b", "c"], background=None, groups=rng.integers(0, 9, 200))
    assert scores["conventions"]["task"]["kind"] == "classification"
    assert scores["step"]["accuracy"] == accuracy_score(true, prob.argmax(axis=1))
    assert scores["step"]["macro_f1"] == pytest.approx(f1_score(true, prob.argmax(axis=1), average="macro"))
    assert scores["step"]["macro"]["auc"] == pytest.approx(roc_auc_score(true, prob, multi_class="ovr"))
    content = scores.to_dict()
    assert (content["segment"], content["count"]) == (None, None)
    assert set(scores.by_recording["7"]) == {"step_accuracy"}


def test_labels_that_overlap_in_files(tmp_path, capsys):
    for name in ("data/signals", "said/scores"):
        (tmp_path / name).mkdir(parents=True)
    np.save(tmp_path / "data" / "signals" / "a.npy", np.zeros((8, 1)))
    description = {"task": "multilabel-segmentation", "labels": ["left", "right"]}
    (tmp_path / "data" / "dataset.json").write_text(json.dumps(description))
    rows = tmp_path / "data" / "annotations.csv"
    rows.write_text("recording,start,end,label\na,0,4,left\na,2,6,right\na,6,8,right\n")
    said = np.zeros((8, 2))
    said[0:4, 0] = said[2:8, 1] = 0.9
    np.save(tmp_path / "said" / "scores" / "a.npy", said)
    content = printed(capsys, tmp_path / "data", tmp_path / "said")
    assert content["conventions"]["task"]["labels"] == "multilabel"
    assert (content["count"]["reference"], content["count"]["predicted"]) == (3, 2)
    assert content["segment"]["errors"]["merge"] == 1
    assert content["step"]["subset_accuracy"] == 1
    (tmp_path / "said" / "dataset.json").write_text(json.dumps(description))
    (tmp_path / "said" / "labels").mkdir()
    np.save(tmp_path / "said" / "labels" / "a.npy", (said > 0).astype(int))
    assert printed(capsys, tmp_path / "said")["count"]["ratio"] == 1
    rows.write_text("recording,start,end,label\na,0,4,left\na,2,6,left\n")
    assert run(["score", str(tmp_path / "data"), str(tmp_path / "said")]) == 2
    assert 'annotations.csv, line 3: recording "a": expected one label at a time' in capsys.readouterr().err


def test_a_predictions_folder(predictions, capsys):
    content = printed(capsys, predictions)
    assert content["schema"] == 1
    assert (content["count"]["reference"], content["count"]["predicted"]) == (4, 6)
    assert set(content["segment"]["per_class"]) == {"P", "Q"}
    assert "by_recording" not in content
    rows = printed(capsys, predictions, "--by-recording", "--no-edit")["by_recording"]
    assert rows["b"]["segment_f1@50"] == 1
    assert rows["b"]["edit"] is None


def test_one_role_of_a_split(predictions, data, tmp_path, capsys):
    (predictions / "splits.json").write_text('{"val": ["a"], "test": ["b"]}')
    assert printed(capsys, predictions, "--split", "test")["count"]["per_recording"].keys() == {"b"}
    assert run(["score", str(predictions)]) == 0
    assert "all together: val, test (--split test scores one of them)" in capsys.readouterr().err
    assert run(["score", str(predictions), "--split", "tets"]) == 2
    assert 'did you mean "test"?' in capsys.readouterr().err
    (data / "dataset.json").write_text('{"split": {"train": ["b"], "test": ["a"]}}')
    rows = tmp_path / "rows.csv"
    rows.write_text("recording,start,end,label\na,1,5,P\nb,0,2,P\nb,2,4,P\n")
    assert printed(capsys, data, rows, "--split", "train")["count"]["predicted"] == 2
    assert printed(capsys, data, rows, "--split", "test")["count"]["predicted"] == 1


def test_a_table_for_people(predictions, capsys):
    assert run(["score", str(predictions), "--by-recording"]) == 0
    text = capsys.readouterr().out
    assert text.startswith("6 predicted for 4 reference: 1.5 times too many; 4 in the right place")
    for word in ("macro F1", "fragmentation 1", "P ", "Q ", "preset segmend", "matching optimal"):
        assert word in text


def test_options_may_stand_between_paths(predictions, capsys):
    plain = printed(capsys, predictions / "labels", predictions, "--preset", "lea")
    assert printed(capsys, predictions / "labels", "--preset", "lea", predictions) == plain
    assert plain["count"]["predicted"] == 6


@pytest.mark.parametrize("form", ["segments", "labels", "plain", "rows"])
def test_a_data_folder_and_a_prediction(form, data, tmp_path, capsys):
    said = tmp_path / "said"
    said.mkdir()
    rows = {"a": "a,1,2,P\na,3,5,P\na,6,8,Q\na,9,10,P\n", "b": "b,0,2,P\nb,2,4,P\n"}
    if form == "segments":
        (said / "segments").mkdir()
        for name, text in rows.items():
            (said / "segments" / f"{name}.csv").write_text("recording,start,end,label\n" + text)
    elif form == "rows":
        said = tmp_path / "said.csv"
        said.write_text("recording,start,end,label\n" + "".join(rows.values()))
    else:
        shelf = said / "labels" if form == "labels" else said
        shelf.mkdir(exist_ok=True)
        np.save(shelf / "a.npy", PRED)
        np.save(shelf / "b.npy", np.array([1, 1, 1, 1, 0]))
    count = printed(capsys, data, said)["count"]
    touching = 2 if form in ("segments", "rows") else 1
    assert count["per_recording"] == {
        "a": {"reference": 2, "predicted": 4},
        "b": {"reference": 2, "predicted": touching},
    }


def test_what_is_left_out_is_said(data, tmp_path, capsys):
    for name, steps in (("a", 10), ("c", 5)):
        np.save(tmp_path / f"{name}.npy", np.zeros(steps, int))
    assert run(["score", str(data), str(tmp_path)]) == 0
    said = capsys.readouterr().err
    assert "1 of 2 predicted recordings have no reference" in said
    assert "1 of 2 recordings of the reference are predicted" in said


def test_rows_against_rows(data, tmp_path, capsys):
    other = tmp_path / "other.csv"
    other.write_text("recording,start,end,label\na,1,5,P\nb,0,4,P\n")
    count = printed(capsys, data / "annotations.csv", other)["count"]
    assert (count["reference"], count["predicted"], count["matched"]) == (4, 2, 2)


def test_seconds_need_and_use_a_rate(data, tmp_path, capsys):
    other = tmp_path / "other.csv"
    other.write_text("recording,start_s,end_s,label\na,0.1,0.5,P\na,0.6,0.8,Q\n")
    assert run(["score", str(data), str(other)]) == 2
    assert "sampling_rate_hz" in capsys.readouterr().err
    (data / "dataset.json").write_text('{"sampling_rate_hz": 10}')
    assert printed(capsys, data, other)["count"]["matched"] == 2


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("a,5,5,P", "annotations.csv, line 2"),
        ("a,5,99,P", "the end of the recording"),
        ("a,1,5,P\na,4,8,Q", "annotations.csv, line 3"),
        ("z,1,5,P", 'expected a recording of the data set. Received "z"'),
    ],
)
def test_a_reference_that_would_falsify_the_number_is_refused(rows, message, data, tmp_path, capsys):
    (data / "annotations.csv").write_text(f"recording,start,end,label\n{rows}\n")
    np.save(tmp_path / "a.npy", PRED)
    assert run(["score", str(data), str(tmp_path)]) == 2
    captured = capsys.readouterr()
    assert message in captured.err
    assert captured.out == ""
    assert captured.err.count("\n") == 1


def test_a_prediction_that_does_not_fit_is_refused(data, tmp_path, capsys):
    cases = {
        "expected 10 steps as in the reference. Received 9": ("a", np.zeros(9, int)),
        "Received 7 at step 0": ("a", np.full(10, 7)),
        "expected recordings of": ("q", np.zeros(9, int)),
    }
    for k, (message, (name, row)) in enumerate(cases.items()):
        folder = tmp_path / str(k)
        folder.mkdir()
        np.save(folder / f"{name}.npy", row)
        assert run(["score", str(data), str(folder)]) == 2
        assert message in capsys.readouterr().err
    rows = tmp_path / "unknown.csv"
    rows.write_text("recording,start,end,label\na,1,5,PP\n")
    assert run(["score", str(data), str(rows)]) == 2
    assert 'unknown.csv, line 2: expected a label among P, Q. Received "PP"' in capsys.readouterr().err


def test_gaps_where_the_reference_has_no_background_are_refused(data, tmp_path, capsys):
    (data / "annotations.csv").write_text("recording,start,end,label\na,0,10,P\nb,0,5,Q\n")
    said = tmp_path / "said.csv"
    said.write_text("recording,start,end,label\na,0,10,P\nb,0,3,Q\n")
    assert run(["score", str(data), str(said)]) == 2
    assert 'recording "b": expected a segment at every step' in capsys.readouterr().err
    assert run(["score", str(data), str(said), "--background", "0"]) == 0


def test_a_reference_without_a_row_is_refused(data, tmp_path, capsys):
    said = tmp_path / "said.csv"
    said.write_text("recording,start,end,label\na,0,10,P\n")
    (data / "annotations.csv").write_text("recording,start,end,label\n")
    assert run(["score", str(data), str(said)]) == 2
    assert "expected annotated recordings. Received none" in capsys.readouterr().err


def test_folders_that_hold_nothing_to_score_are_refused(predictions, tmp_path, capsys):
    (tmp_path / "empty").mkdir()
    for arguments in ([tmp_path / "empty"], [predictions, tmp_path / "empty"], [tmp_path / "empty", predictions]):
        assert run(["score", *map(str, arguments)]) == 2
    for file in (predictions / "labels").iterdir():
        file.unlink()
    assert run(["score", str(predictions)]) == 2
    assert "to score against" in capsys.readouterr().err
    assert run(["score", str(predictions), "--preset", "nonsense"]) == 2


def test_scoring_loads_no_deep_learning_framework(predictions):
    code = (
        "import sys; from segmend.cli import run; code = run(['score', sys.argv[1]]); "
        "heavy = {'keras', 'jax', 'tensorflow', 'torch', 'sklearn'} & set(sys.modules); "
        "sys.exit(f'loaded {heavy}' if heavy else code)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(predictions)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_published_predictions_on_the_command_line(capsys):
    content = printed(capsys, shared("predictions", "50salads_mid", "ed_tcn"), "--preset", "lea")
    assert f"{content['segment']['f1@50']:.1f}" == "52.6"
    assert content["conventions"]["preset"] == "lea"


def test_real_annotations_score_perfectly_against_themselves(capsys):
    folder = shared("datasets", "oxford_steps")
    rows = "annotations_step.csv"
    count = printed(capsys, folder, folder / rows, "--annotations", rows, "--no-edit")["count"]
    assert count["reference"] == count["predicted"] == count["matched"] > 13000
