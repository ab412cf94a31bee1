"""``segmend.compare`` and ``segmend compare``."""

import json

import numpy as np
import pytest

import segmend
from segmend.cli import run
from segmend.errors import InputError
from segmend.scoring.uncertainty import ranking

TRUE = [np.array([0, 1, 1, 1, 0, 2, 2, 0])] * 7
BROKEN = [np.array([0, 1, 0, 1, 0, 2, 2, 0])] * 3 + TRUE[3:]
LEAF = {"first", "second", "difference", "interval", "excludes_zero"}


@pytest.fixture
def folders(tmp_path):
    """A reference and two predictions as labels/NAME.npy, of seven recordings of seven persons."""
    for name, rows in (("true", TRUE), ("broken", BROKEN), ("right", TRUE)):
        (tmp_path / name / "labels").mkdir(parents=True)
        for k, row in enumerate(rows):
            np.save(tmp_path / name / "labels" / f"r{k}.npy", row)
    (tmp_path / "true" / "dataset.json").write_text(json.dumps({"labels": ["P", "Q"]}))
    return tmp_path / "true", tmp_path / "broken", tmp_path / "right"


def printed(capsys, *arguments):
    assert run(["compare", *map(str, arguments), "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_numbers():
    found = segmend.compare(TRUE, BROKEN, TRUE, labels=["P", "Q"])
    mae = found["count"]["mae"]
    assert (mae["first"], mae["second"], mae["difference"]) == pytest.approx((3 / 7, 0, -3 / 7))
    weights = np.random.default_rng(0).multinomial(7, np.full(7, 1 / 7), size=1000)
    assert mae["interval"] == pytest.approx(np.quantile(-weights[:, :3].sum(axis=1) / 7, [0.025, 0.975]))
    assert mae["excludes_zero"]  # 2 % of draws have none of the three: (4/7)**7
    rarer = segmend.compare(TRUE, [*BROKEN[:2], *TRUE[2:]], TRUE)["count"]["mae"]
    assert (rarer["interval"][1], rarer["excludes_zero"]) == (0, False)  # 9 % have none of two
    assert set(found["segment"]["per_class"]["P"]["f1@50"]) == LEAF
    assert found["segment"]["per_class"]["Q"]["f1@50"]["interval"] == [0, 0]
    assert (found.record.unit, found.record.draws, found.record.recordings) == ("recordings", 1000, 7)


def test_swapping_the_two_swaps_the_sign():
    there, back = segmend.compare(TRUE, BROKEN, TRUE, draws=50), segmend.compare(TRUE, TRUE, BROKEN, draws=50)
    one, other = there["segment"]["f1@50"], back["segment"]["f1@50"]
    assert one["difference"] == -other["difference"] > 0
    assert one["interval"] == [-end for end in reversed(other["interval"])]


def test_probabilities_groups_and_presets_go_through():
    prob = [np.eye(3)[row] * 0.7 + 0.1 for row in BROKEN]
    groups = list("aabbbcc")
    found = segmend.compare(TRUE, y_prob_a=prob, y_prob_b=[np.eye(3)[row] for row in TRUE], groups=groups, preset="lea")
    assert found.record.unit == "recordings within groups"
    assert found["step"]["macro"]["auc"]["difference"] > 0
    assert found["step"]["accuracy"]["second"] == 100
    assert found.record.conventions["preset"] == "lea"


def test_a_class_that_only_one_predicts_is_known_to_both():
    found = segmend.compare([[0, 1, 1, 0]] * 2, [[0, 1, 1, 0]] * 2, [[0, 1, 2, 0]] * 2, draws=5)
    two = found["count"]["per_class"]["2"]["predicted"]
    assert (two["first"], two["second"]) == (0, 2)
    with pytest.raises(InputError, match=r"as many classes in both predictions\. Received 2 and 3"):
        segmend.compare([[0, 1]], y_prob_a=[np.eye(2)], y_pred_b=[[0, 2]])


def test_bad_calls_are_refused():
    with pytest.raises(InputError, match="y_pred_b, y_prob_b: expected one of them"):
        segmend.compare(TRUE, BROKEN)
    with pytest.raises(InputError, match="y_true: expected labels"):
        segmend.compare(None, BROKEN, TRUE)
    with pytest.raises(InputError, match="draws: expected"):
        segmend.compare(TRUE, BROKEN, TRUE, draws=0)


def test_the_text_has_the_main_scores():
    text = str(segmend.compare(TRUE, BROKEN, TRUE, draws=50))
    assert text.startswith("second minus first on 7 recordings; 95 % intervals, 50 draws of recordings; preset segmend")
    row = next(line for line in text.splitlines() if line.startswith("count mae "))
    assert row.split()[2:5] == ["0.43", "0.00", "-0.43"]
    assert "step macro auc" not in text
    assert "expected cost" not in text  # undefined in both


def test_fewer_draws_of_ranking_scores_are_said(monkeypatch):
    monkeypatch.setattr(ranking, "MOST_WORK", 0)
    monkeypatch.setattr(ranking, "FEWEST", 7)
    prob = [np.eye(3)[row] for row in TRUE]
    text = str(segmend.compare(TRUE, y_prob_a=prob, y_pred_b=BROKEN, draws=30))
    assert "30 draws of recordings (7 for ranking scores)" in text


def test_files(folders, capsys):
    reference, first, second = folders
    content = printed(capsys, reference, first, second, "--draws", "100", "--seed", "3", "--level", "0.9")
    assert (content["schema"], content["draws"], content["seed"], content["level"]) == (1, 100, 3, 0.9)
    assert set(content["segment"]["per_class"]) == {"P", "Q"}
    arrays = segmend.compare(TRUE, BROKEN, TRUE, labels=["P", "Q"], draws=100, seed=3, level=0.9)
    assert content["segment"] == arrays.to_dict()["segment"]
    assert run(["compare", *map(str, folders), "--draws", "20"]) == 0
    assert "per class" not in capsys.readouterr().out.replace("mae per class", "")
    assert run(["compare", *map(str, folders), "--draws", "20", "--every"]) == 0
    assert "segment per class P errors fragmentation" in capsys.readouterr().out


def test_groups_and_splits_of_the_reference(folders, capsys):
    reference, first, second = folders
    names = [f"r{k}" for k in range(7)]
    description = {
        "labels": ["P", "Q"],
        "groups": {name: f"p{k // 2}" for k, name in enumerate(names)},
        "split": {"test": names[:3]},
    }
    (reference / "dataset.json").write_text(json.dumps(description))
    content = printed(capsys, reference, first, second, "--draws", "20")
    assert (content["unit"], content["recordings"]) == ("recordings within groups", 7)
    few = printed(capsys, reference, first, second, "--draws", "20", "--split", "test")
    assert (few["recordings"], few["count"]["mae"]["first"]) == (3, 1)


def test_recordings_of_one_prediction_alone_are_left_out_and_said(folders, capsys):
    _, first, second = folders
    (second / "labels" / "r0.npy").unlink()
    assert run(["compare", *map(str, folders), "--draws", "20"]) == 0
    captured = capsys.readouterr()
    assert "6 of 7 recordings are in both predictions" in captured.err
    assert "on 6 recordings" in captured.out
    for file in (second / "labels").iterdir():
        if file.stem != "r1":
            file.unlink()
    for file in (first / "labels").iterdir():
        if file.stem == "r1":
            file.unlink()
    assert run(["compare", *map(str, folders)]) == 2
    assert "Received none of them" in capsys.readouterr().err


def test_tables_keep_touching_segments_apart(folders, capsys):
    reference, first, _ = folders
    rows = reference.parent / "rows.csv"
    whole = "".join(f"r{k},1,3,P\nr{k},3,4,P\nr{k},5,7,Q\n" for k in range(7))
    rows.write_text("recording,start,end,label\n" + whole)
    count = printed(capsys, reference, first, rows, "--draws", "20")["count"]
    assert (count["predicted"]["first"], count["predicted"]["second"]) == (17, 21)


def test_a_length_that_a_prediction_decides_is_refused(folders, capsys):
    reference = folders[0].parent / "true.csv"
    paths = []
    for name, end in (("true", 4), ("one", 5), ("two", 9)):
        paths.append(reference.parent / f"{name}.csv")
        paths[-1].write_text(f"recording,start,end,label\na,1,{end},P\n")
    assert run(["compare", *map(str, paths)]) == 2
    assert "a: expected the same steps beside both predictions. Received 5 and 9" in capsys.readouterr().err
