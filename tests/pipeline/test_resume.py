"""A training that is killed and goes on ends in the same RUN."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

import segmend
from segmend.artifacts.history import History
from segmend.cli import run as command
from segmend.core.files import locked
from segmend.errors import InputError, OutputExistsError
from segmend.pipeline.runs.reserve import Afterwards
from segmend.pipeline.runs.training import Listener, Trained, Training
from segmend.pipeline.runs.unfinished import Unfinished
from segmend.planning import Values, make
from segmend.training.checkpoint import Course, write
from segmend.training.not_finite import NotFiniteError
from tests.pipeline import bursts
from tests.planning.builders import fingerprint

# Keras 3.15 hands its variables to NumPy 2.4 without the copy keyword that NumPy asks for.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy:DeprecationWarning")

SETTINGS = {**bursts.SETTINGS, "members": 2, "steps": 24, "epochs": 6}

KILLED = """
import os, signal, sys
from segmend.cli import run
from segmend.training import checkpoint

written = checkpoint.write

def write(file, course):
    written(file, course)
    if file.name == sys.argv[1]:
        os.kill(os.getpid(), signal.SIGKILL)

checkpoint.write = write
run(sys.argv[2:])
"""
"""The command, killed as soon as it has written a checkpoint of this name."""


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return bursts.write(tmp_path_factory.mktemp("bursts") / "data")


@pytest.fixture(scope="module")
def whole(data, tmp_path_factory):
    return segmend.train(data, out=tmp_path_factory.mktemp("runs") / "run", budget="5m", overrides=SETTINGS, seed=4)


@pytest.fixture(scope="module")
def killed(data, tmp_path_factory):
    """A folder in which a training was killed after the first epoch of its second network, and the call."""
    folder = tmp_path_factory.mktemp("killed")
    settings = [word for key, value in SETTINGS.items() for word in ("--set", f"{key}={json.dumps(value)}")]
    call = ["train", str(data), "-o", str(folder / "run"), "--budget", "5m", "--seed", "4", *settings]
    second = Unfinished.of(folder / "run").checkpoint(1)
    done = subprocess.run([sys.executable, "-c", KILLED, second.name, *call], stderr=subprocess.DEVNULL)
    assert done.returncode == -signal.SIGKILL
    assert second.exists()
    assert not (folder / "run").exists()
    return folder, call


@pytest.fixture
def interrupted(killed, tmp_path):
    folder, call = killed
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    return tmp_path / "run", [str(tmp_path / "run") if word == str(folder / "run") else word for word in call]


def test_after_a_kill_the_history_and_the_model_are_those_of_an_uninterrupted_run(interrupted, whole):
    out, call = interrupted
    assert command([*call, "--resume"]) == 0
    run = segmend.load_run(out)
    for name, values in whole.history.columns.items():
        if name != "seconds":
            np.testing.assert_array_equal(run.history.columns[name], values, err_msg=name)
    for ours, theirs in zip(run.model.get_weights(), whole.model.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)
    assert run.scores == whole.scores
    assert {name: run.about[name] for name in ("best_epochs", "stopped_because", "networks")} == {
        name: whole.about[name] for name in ("best_epochs", "stopped_because", "networks")
    }
    assert [path.name for path in out.parent.iterdir()] == ["run"]


def test_an_interrupted_training_is_not_lost_without_being_asked_for(interrupted, capsys):
    out, call = interrupted
    assert command(call) == 2
    assert "--resume goes on with it" in capsys.readouterr().err
    assert Unfinished.of(out).checkpoint(1).exists()
    with pytest.raises(InputError, match="one of the two"):
        Unfinished.of(out).require(overwrite=True, resume=True)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (["--set", "dropout=0.5"], "Its plan has model.dropout = "),
        (["--set", "validation.share=0.3"], "Its plan has validation.share = "),
    ],
)
def test_another_training_is_not_taken_for_it(interrupted, capsys, change, told):
    out, call = interrupted
    assert command([*call, *change, "--resume"]) == 2
    assert told in capsys.readouterr().err
    assert Unfinished.of(out).checkpoint(1).exists()


def test_other_data_are_not_taken_for_it(interrupted, data, tmp_path, capsys):
    _, call = interrupted
    other = shutil.copytree(data, tmp_path / "other")
    with (other / "annotations.csv").open("a") as file:
        file.write("r0,0,5,a\n")
    assert command([str(other) if word == str(data) else word for word in call] + ["--resume"]) == 2
    assert "Received other recordings, annotations" in capsys.readouterr().err


def test_a_run_that_is_whole_is_left_as_it_is(whole, data):
    said = []
    again = segmend.train(data, out=whole.path, resume=True, listener=Listener(say=said.append))
    assert again.about == whole.about
    assert said == [f"{whole.path} is whole: nothing to resume"]
    with pytest.raises(OutputExistsError):
        segmend.train(data, out=whole.path)


def test_where_nothing_was_begun_training_begins(data, tmp_path):
    settings = {**SETTINGS, "members": 1, "steps": 2, "epochs": 1}
    run = segmend.train(data, out=tmp_path / "run", budget="5m", overrides=settings, resume=True)
    assert run.about["epochs"] == 1
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_overwrite_begins_anew(interrupted):
    out, call = interrupted
    assert command([*call, "--set", "members=1", "--set", "epochs=1", "--set", "steps=2", "--overwrite"]) == 0
    assert segmend.load_run(out).about["networks"] == 1
    assert [path.name for path in out.parent.iterdir()] == ["run"]


def test_an_interrupted_overwrite_may_be_resumed(interrupted, whole):
    out, call = interrupted
    shutil.copytree(whole.path, out)
    os.utime(out / "run.json", (0, 0))  # it was there before the training began
    assert command([*call, "--resume"]) == 2  # it had not been asked to replace anything
    began = Unfinished.of(out).folder / "began.json"
    began.write_text(json.dumps({**json.loads(began.read_text()), "overwrite": True}))
    assert command([*call, "--resume"]) == 0
    assert segmend.load_run(out).about["networks"] == 2
    assert [path.name for path in out.parent.iterdir()] == ["run"]


def test_a_training_that_is_going_on_is_left_alone(interrupted, capsys):
    out, call = interrupted
    with locked(Unfinished.of(out).folder / "lock"):
        for how in ("--resume", "--overwrite"):
            assert command([*call, how]) == 2
            assert "another process is at work" in capsys.readouterr().err
    assert Unfinished.of(out).checkpoint(1).exists()


def test_another_version_is_not_taken_for_it(interrupted, capsys):
    out, call = interrupted
    began = Unfinished.of(out).folder / "began.json"
    told = json.loads(began.read_text())
    began.write_text(json.dumps({**told, "versions": {**told["versions"], "keras": "3.0.0"}}))
    assert command([*call, "--resume"]) == 2
    assert "It began with segmend" in capsys.readouterr().err


def numbered(number):
    """A network that was not trained, and after which nothing takes time."""
    return Trained(number, History(columns={}, best_epoch=None, stopped_because=""), Afterwards(0.0, 0.0))


def test_networks_that_were_begun_are_kept_however_little_time_is_left(data, tmp_path, monkeypatch):
    unfinished = Unfinished(tmp_path / "run", tmp_path)
    for number, spent in enumerate((130.0, 130.0, 130.0)):
        write(unfinished.checkpoint(number), Course(steps=1, epochs=1, epoch=1, spent=spent))
    monkeypatch.setattr(Training, "_member", lambda self, values, learnt, number: numbered(number))
    values = Values.of(make(fingerprint(), overrides={"members": 4}))
    started = time.monotonic() - unfinished.spent()
    training = Training(None, None, None, tmp_path, started, 600.0, Listener(), (), unfinished)
    assert [network.model for network in training._members(values, None)] == [0, 1, 2]


def test_a_network_without_a_finite_loss_costs_itself_and_not_those_before_it(tmp_path, monkeypatch):
    def member(self, values, learnt, number):
        if number == 2:
            raise NotFiniteError("training: expected a finite loss. Received one that is not")
        return numbered(number)

    monkeypatch.setattr(Training, "_member", member)
    values = Values.of(make(fingerprint(), overrides={"members": 4}))
    said, warned = [], []
    listener = Listener(say=said.append, warn=warned.append)
    training = Training(None, None, None, tmp_path, time.monotonic(), 600.0, listener)
    assert [network.model for network in training._members(values, None)] == [0, 1]
    assert said == []  # it was not the budget
    assert warned[0].startswith("network 3 is left out, and those after it: training: expected a finite loss")
