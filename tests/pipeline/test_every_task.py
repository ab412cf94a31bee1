"""From data to page, by the command, for each task that is not segmentation of signals."""

from __future__ import annotations

import json
import re
from typing import NamedTuple

import pytest

import segmend
from segmend.cli import run as command
from segmend.pipeline.runs.training import Listener
from tests.pipeline import small_tasks

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy:DeprecationWarning")

STAGES, SHALLOW = small_tasks.STAGES, {"depth": 1}
TASKS = {
    "images": (small_tasks.images, STAGES, {"kind": "segmentation", "labels": "multiclass", "rank": 2}),
    "overlapping": (small_tasks.overlapping, STAGES, {"kind": "segmentation", "labels": "multilabel", "rank": 1}),
    "gestures": (
        small_tasks.gestures,
        {**SHALLOW, "steps": 150},
        {"kind": "classification", "labels": "multiclass", "rank": 1},
    ),
    "cells": (small_tasks.cells, SHALLOW, {"kind": "classification", "labels": "multiclass", "rank": 2}),
}


class Trained(NamedTuple):
    data: object
    run: object
    task: dict
    said: list


@pytest.fixture(scope="module", params=TASKS)
def trained(request, tmp_path_factory):
    """A run of each task."""
    make, size, task = TASKS[request.param]
    home, said = tmp_path_factory.mktemp(request.param), []
    listener = Listener(say=said.append, warn=said.append)
    data = make(home / "data")
    settings = {**small_tasks.SETTINGS, **size}
    run = segmend.train(data, out=home / "run", budget="5m", overrides=settings, seed=1, listener=listener)
    return Trained(data, run, task, said)


def test_training_knows_the_task_and_learns_it(trained):
    assert {key: trained.run.about["task"][key] for key in trained.task} == trained.task
    decoded = trained.run.scores["test"]["decoded"]
    assert decoded["step"]["macro_f1"] > 0.6
    if trained.task["kind"] == "segmentation":
        assert 0.5 <= decoded["count"]["ratio"] <= 2
    else:
        assert decoded["count"] is None


def test_scores_of_the_folder_are_those_of_the_run(trained, capsys):
    assert command(["score", str(trained.run.path), "--json"]) == 0
    scores = json.loads(capsys.readouterr().out)
    assert (scores["count"] is None) == (trained.task["kind"] == "classification")
    assert scores["step"]["macro_f1"] is not None


def test_diagnose_reads_the_run_and_the_model_on_its_data(trained, capsys):
    stored = json.loads((trained.run.path / "diagnosis.json").read_text())
    for arguments in ([trained.run.path], [trained.run.path / "model.keras", trained.data]):
        assert command(["diagnose", *map(str, arguments), "--json"]) in (0, 1)
        content = json.loads(capsys.readouterr().out)
        assert {key: content["task"][key] for key in trained.task} == trained.task
        assert content["judged_on"] == "val"
        assert not any("failed" in entry["because"] for entry in content["skipped"])
        assert "activation-loss-mismatch" not in {finding["rule"] for finding in content["findings"]}
        if len(arguments) == 1:
            assert content["findings"] == stored["findings"]


def test_the_report_is_whole(trained, tmp_path):
    page = tmp_path / "page.html"
    assert command(["report", str(trained.run.path), "-o", str(page)]) == 0
    text = page.read_text(encoding="utf-8")
    assert not re.search(r"built-in|object at 0x|>nan<|>None<", text)
    visible = re.sub(r"<(script|style|pre)[^>]*>.*?</\1>|<[^>]*>", " ", text, flags=re.DOTALL)
    found = re.findall(r".{60}images.{60}", " ".join(visible.split()))
    assert bool(found) == (trained.task["rank"] == 2), found


def test_mend_takes_the_run_and_the_model_on_its_data(trained, capsys, tmp_path):
    run, data = str(trained.run.path), str(trained.data)
    for name, arguments in {"run": [run], "model": [f"{run}/model.keras", data]}.items():
        out = tmp_path / name
        assert command(["mend", *arguments, "-o", str(out), "--budget", "8s", "--json"]) == 0
        content = json.loads(capsys.readouterr().out)
        assert content["verdict"] in ("helped", "nothing helped", "not proven")
        assert not any(one["failed"] for one in content["tried"] if one["trial"]["edits"].keys() <= {"decoder"})
        assert (out / "report.html").is_file()
        again = segmend.load_mended(out)
        assert {key: again.task.to_dict()[key] for key in trained.task} == trained.task
