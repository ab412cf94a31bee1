"""``segmend.score`` and ``segmend score``."""

import json
import subprocess
import sys

import numpy as np
import pytest

import segmend
from segmend.cli import run
from segmend.errors import InputError, NotYetError
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
    with pytest.raises(NotYetError):
        segmend.score(TRUE, PRED)


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
