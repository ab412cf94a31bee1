import json

import numpy as np
import pytest

from segmend.cli import run
from tests.diagnosis.charts import LABELS, flickering, heartbeats, jittered, probabilities


@pytest.fixture
def folder(tmp_path):
    """Writes a PREDICTIONS folder of given truth and probabilities."""

    def write(truth, prob, **description):
        for part, rows in (("labels", truth), ("scores", prob)):
            (tmp_path / "pred" / part).mkdir(parents=True)
            for k, row in enumerate(rows):
                np.save(tmp_path / "pred" / part / f"r{k}.npy", row)
        content = {"labels": list(LABELS.foreground_names), "background": 0, **description}
        (tmp_path / "pred" / "dataset.json").write_text(json.dumps(content))
        return tmp_path / "pred"

    return write


def _sick(folder, **description):
    truth = heartbeats()
    said = flickering(truth, LABELS, "T")
    return folder(truth, [probabilities(s, 4, 0.6, t) for s, t in zip(said, truth, strict=True)], **description)


def test_findings_exit_with_one(folder, capsys):
    assert run(["diagnose", str(_sick(folder))]) == 1
    out, err = capsys.readouterr()
    assert "P402 over-segmentation, label T" in out and err == ""


def test_a_healthy_model_exits_with_zero(folder, capsys):
    truth = heartbeats()
    assert run(["diagnose", str(folder(truth, [probabilities(s, 4, 0.97) for s in jittered(truth)]))]) == 0
    assert "Nothing found." in capsys.readouterr().out


def test_json_is_one_object_and_nothing_else(folder, capsys):
    assert run(["diagnose", str(_sick(folder)), "--json"]) == 1
    content = json.loads(capsys.readouterr().out)
    found = {finding["rule"]: finding for finding in content["findings"]}
    assert found["over-segmentation"]["where"] == {"label": "T"}


def test_held_out_recordings_are_judged(folder, capsys):
    path = _sick(folder, split={"train": ["r0", "r1", "r2"], "val": ["r3"]})
    assert run(["diagnose", str(path), "--json"]) == 1
    content = json.loads(capsys.readouterr().out)
    assert content["judged_on"] == "val"
    found = {finding["rule"]: finding for finding in content["findings"]}
    assert found["count-bias"]["evidence"]["recordings"] == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere"], "expected a RUN, a PREDICTIONS folder, or MODEL.keras DATA"),
        (["model.keras"], "expected a DATA folder after the model"),
    ],
)
def test_wrong_calls_exit_with_two_and_one_line(arguments, words, capsys):
    assert run(["diagnose", *arguments]) == 2
    err = capsys.readouterr().err
    assert words in err and len(err.splitlines()) == 1


def test_without_labels_there_is_nothing_to_judge_by(folder, capsys):
    import shutil

    path = _sick(folder)
    shutil.rmtree(path / "labels")
    assert run(["diagnose", str(path)]) == 2
    assert "expected labels/NAME.npy to judge the predictions by" in capsys.readouterr().err


def test_a_subject_in_train_and_val_is_a_leak_that_is_seen(folder, capsys):
    split = {"train": ["r0", "r1"], "val": ["r2", "r3"]}
    path = _sick(folder, split=split, groups={"r0": "ann", "r1": "bob", "r2": "bob", "r3": "eve"})
    assert run(["diagnose", str(path), "--json"]) == 1
    assert "leaked-groups" in {finding["rule"] for finding in json.loads(capsys.readouterr().out)["findings"]}


def test_costs_of_the_folder_are_asked_about(folder, capsys):
    costs = (1 - np.eye(4)).tolist()
    costs[3] = [50, 50, 50, 0]
    run(["diagnose", str(_sick(folder, costs=costs)), "--json"])
    found = {finding["rule"] for finding in json.loads(capsys.readouterr().out)["findings"]}
    assert "cost-suboptimal" in found


def test_costs_of_another_shape_are_refused_with_the_file(folder, capsys):
    assert run(["diagnose", str(_sick(folder, costs=[[0, 1], [1, 0]]))]) == 2
    assert "dataset.json: costs: expected a table of shape (4, 4)" in capsys.readouterr().err
