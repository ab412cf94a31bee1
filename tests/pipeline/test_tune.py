from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

import segmend
from segmend.cli import run as command
from segmend.errors import InputError, MissingDependencyError, OutputExistsError
from segmend.pipeline.runs.training import Listener
from segmend.planning import Values, toml
from tests.pipeline import bursts, small_tasks

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy:DeprecationWarning")

TINY = {
    "filters": 4,
    "members": 1,
    "steps": 12,
    "epochs": 2,
    "batch_size": 4,
    "augment": [],
    "stages": [{"kernel": 3}],
    "length": 64,
}
KEYS = ["learning_rate", "dice"]
OPTIONS = {"overrides": TINY, "keys": KEYS, "budget": "10m"}
SLOW = {"choices": {"training": {"learning_rate": {"value": 1e-3, "because": "slow", "source": "a test"}}}}


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return bursts.write(tmp_path_factory.mktemp("bursts") / "data")


@pytest.fixture(scope="module")
def tuned(data, tmp_path_factory):
    """Four trials from a rate that learns nothing in twelve steps."""
    overrides = {**TINY, "seed": 3}
    out = tmp_path_factory.mktemp("studies") / "study"
    return segmend.tune(data, SLOW, out=out, trials=4, seed=3, **{**OPTIONS, "overrides": overrides})


def test_the_first_trial_has_the_planned_values(tuned):
    first = tuned.trials[0]
    assert first.picks == {"loss.dice": "1.0", "training.learning_rate": 1e-3}
    assert tuned.record.planned == 0
    assert [trial.number for trial in tuned.trials] == [0, 1, 2, 3]
    assert all(0.0002 <= trial.picks["training.learning_rate"] <= 0.005 for trial in tuned.trials)


def test_the_folder_holds_plan_trials_and_study(tuned):
    assert {path.name for path in tuned.path.iterdir()} == {"plan.toml", "trials.csv", "study.json", "journal.log"}
    with (tuned.path / "trials.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [row["number"] for row in rows] == ["0", "1", "2", "3"]
    head = ["number", "state", "loss.dice", "training.learning_rate", "step_accuracy", "segment_f1@50", "count_mae"]
    assert list(rows[0]) == [*head, "objective", "seconds", "because"]
    assert float(rows[0]["objective"]) == tuned.trials[0].objective
    study = json.loads((tuned.path / "study.json").read_text())
    assert study == tuned.record.to_dict()
    assert toml.loads((tuned.path / "plan.toml").read_text()) == tuned.plan


def test_the_objective_is_that_of_training_and_scores_are_of_validation_alone(tuned, data):
    """The trial of the planned values says what the same training says of the role "val"."""
    settings = {**TINY, "learning_rate": 1e-3, "seed": 3}
    run = segmend.train(data, out=tuned.path.parent / "run", budget="5m", overrides=settings)
    best = run.about["best_epochs"][0] - 1
    columns = run.history.columns
    assert tuned.trials[0].objective == pytest.approx(columns["val_objective"][best], abs=1e-6)
    for name, value in tuned.trials[0].scores.items():
        assert value == pytest.approx(columns[f"val_{name}"][best], abs=1e-6)


def test_values_change_only_where_the_best_is_confirmed(tuned):
    confirmation = tuned.record.confirmation
    better = confirmation is not None and confirmation.confirmed
    best = max(trial.objective for trial in tuned.trials if trial.state == "complete")
    assert (confirmation is None) == (best == tuned.trials[0].objective)
    assert bool(tuned.record.changes) == better
    assert ("nothing better was found" in tuned.record.verdict) != better
    sources = {f"{s}.{key}": choice.source for s, keys in tuned.plan.choices.items() for key, choice in keys.items()}
    assert {key for key, source in sources.items() if source == "tune"} == set(tuned.record.changes)
    assert sources["model.filters"] == "--set"
    assert "model.dropout" not in sources  # planned for the seconds of a trial
    assert tuned.plan.choices["training"]["learning_rate"].source in ("tune", "a test")


def test_the_plan_trains_like_any_other(tuned, data, tmp_path):
    run = segmend.train(data, tuned.plan, out=tmp_path / "run", budget="5m", overrides={"steps": 4, "epochs": 1})
    rate = tuned.plan.choices["training"]["learning_rate"].value
    assert Values.of(run.plan).training.learning_rate == rate
    assert Values.of(run.plan).model.dropout == 0.2, "as planned for 5 minutes, not for a trial's seconds"


def test_it_prints_the_front_and_the_verdict(tuned):
    text = str(tuned)
    assert "step accuracy  segment F1@50  count MAE  objective  other than planned" in text
    assert tuned.record.verdict[1:] in text
    for trial in tuned.front:
        assert f"{trial.objective:.4f}" in text


def test_a_study_that_is_done_is_only_told_again(tuned, data):
    options = {**OPTIONS, "overrides": {**TINY, "seed": 3}}
    began = (tuned.path / "journal.log").stat().st_size
    again = segmend.tune(data, SLOW, out=tuned.path, trials=4, seed=3, resume=True, **options)
    assert again.record.verdict == tuned.record.verdict
    assert again.trials == tuned.trials
    assert again.plan == tuned.plan
    assert (tuned.path / "journal.log").stat().st_size < 1.2 * began


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"keys": ["dice"]}, r"expected the keys it was begun with to resume. Received others: \['loss.dice'\]"),
        ({"objective": "count_mae"}, 'expected the objective it was begun with to resume. Received others: "-count'),
        ({"overrides": {**TINY, "filters": 5, "seed": 3}}, "expected the values it was begun with"),
        ({"trial_budget": 7}, "expected the seconds of a trial that it was begun with"),
    ],
)
def test_another_question_does_not_resume_a_study(tuned, data, changed, message):
    options = {**OPTIONS, "overrides": {**TINY, "seed": 3}, **changed}
    with pytest.raises(InputError, match=message):
        segmend.tune(data, SLOW, out=tuned.path, trials=4, seed=3, resume=True, **options)


def test_other_data_do_not_resume_a_study(tuned, tmp_path):
    other = bursts.write(tmp_path / "data", recordings=5)
    with pytest.raises(InputError, match="expected the data it was begun with"):
        segmend.tune(other, out=tuned.path, trials=4, resume=True, **OPTIONS)


def test_a_killed_study_goes_on_where_it_was(data, tmp_path):
    out, plan = tmp_path / "study", tmp_path / "plan.toml"
    plan.write_text("[training]\nlearning_rate = 0.02\n")
    call = [str(data), "-o", str(out), "--trials", "2", "--budget", "10m", "--keys", *KEYS, "--plan", str(plan)]
    call += [word for key, value in TINY.items() for word in ("--set", f"{key}={_toml(value)}")]
    program = [sys.executable, "-m", "segmend", "tune", *call, "--verbose"]
    with subprocess.Popen(program, stderr=subprocess.PIPE, text=True, env={**os.environ}) as process:
        for line in process.stderr:
            if line.startswith("trial 1 began"):
                process.send_signal(signal.SIGKILL)
        process.wait()
    assert process.returncode == -signal.SIGKILL
    assert [path.name for path in out.iterdir() if "lock" not in path.name] == ["journal.log"]
    before = _states(out)
    assert before == ["COMPLETE", "RUNNING"]
    with (out / "journal.log").open("ab") as file:
        file.write(b'{"op_code": 6, "wor')  # a line that the process could not end
    assert command(["tune", *call]) == 2  # neither --resume nor --overwrite
    assert command(["tune", *call, "--resume", "--json"]) == 0
    study = json.loads((out / "study.json").read_text())
    assert [trial["state"] for trial in study["trials"]][:2] == ["complete", "failed"]
    assert study["trials"][1]["because"] == "its process ended before it was done"
    assert study["trials"][0]["picks"] == {"loss.dice": "1.0", "training.learning_rate": 0.02}
    assert sum(trial["state"] != "failed" for trial in study["trials"]) == 2
    assert study["trials"][2]["picks"] == study["trials"][1]["picks"]


def test_two_workers_share_a_journal(data, tmp_path):
    """The first process waits with its first trial until the second has ended one."""
    out, own, others = tmp_path / "study", set(), set()

    def wait(line):
        own.add(int(line.split()[1].rstrip(":")))
        until = time.perf_counter() + 600
        while len(own) == 1 and not others and time.perf_counter() < until:
            time.sleep(0.2)
            others.update({trial.number for trial in _trials(out) if trial.state.name == "COMPLETE"} - own)

    options = {**OPTIONS, "keys": ["dice", "learning_rate"]}
    found = segmend.tune(data, out=out, trials=3, workers=2, sampler="random", tell=wait, **options)
    assert others, "the second process trained nothing"
    assert sum(trial.state != "failed" for trial in found.trials) == 3
    assert found.record.planned == 0


def test_a_grid_larger_than_the_trials_is_said_and_equal_values_are_tried_once(data, tmp_path):
    said = []
    listener = Listener(say=said.append)
    options = {**OPTIONS, "keys": ["dice"]}
    found = segmend.tune(data, out=tmp_path / "grid", trials=2, sampler="grid", listener=listener, **options)
    assert "the grid has 4 points: 2 of them, drawn by the seed, are tried" in said
    assert found.trials[0].picks == {"loss.dice": "1.0"}
    assert found.trials[1].picks != found.trials[0].picks
    whole = segmend.tune(data, out=tmp_path / "grid", trials=9, sampler="grid", resume=True, **options)
    assert sorted(trial.picks["loss.dice"] for trial in whole.trials) == ["0.0", "0.5", "1.0", "2.0"]
    resumed = segmend.tune(data, out=tmp_path / "grid", trials=5, sampler="random", resume=True, **options)
    tried = [trial.picks["loss.dice"] for trial in resumed.trials if not trial.because.startswith("the same values")]
    assert len(resumed.trials) == 5
    assert len(tried) == len(set(tried)) == 4


def test_values_that_do_not_fit_together_are_pruned_with_that_reason(data, tmp_path):
    options = {**OPTIONS, "keys": ["balanced"], "overrides": {**TINY, "transitions": 0.2}}
    found = segmend.tune(data, out=tmp_path / "study", trials=3, sampler="grid", **options)
    refused = next(trial for trial in found.trials if trial.picks["sampling.balanced"] == "0.9")
    assert refused.state == "pruned"
    assert refused.because.startswith("plan: sampling: expected shares that add up to at most 1")
    assert refused.objective is None


def test_recordings_of_one_class_each_have_accuracy_and_macro_f1(tmp_path, capsys):
    folder = small_tasks.gestures(tmp_path / "data")
    settings = {"filters": 2, "members": 1, "depth": 1, "steps": 4, "epochs": 1, "batch_size": 4, "augment": []}
    sets = [word for key, value in settings.items() for word in ("--set", f"{key}={_toml(value)}")]
    call = ["tune", str(folder), "-o", str(tmp_path / "study"), "--trials", "2", "--keys", "learning_rate"]
    assert command([*call, *sets, "--json", "--objective", "macro_f1"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["scores"] == ["accuracy", "macro_f1"]
    assert set(told["trials"][0]["scores"]) == {"accuracy", "macro_f1"}
    assert told["objective"] == "macro_f1"
    assert told["out"] == str(tmp_path / "study")
    assert np.isfinite(told["trials"][0]["objective"])


@pytest.mark.parametrize("make", [small_tasks.images, small_tasks.overlapping, small_tasks.cells])
def test_every_task_is_tuned(make, tmp_path):
    own = {"depth": 1} if make is small_tasks.cells else {"stages": [{"kernel": 3}]}
    settings = {**small_tasks.SETTINGS, **own, "filters": 2, "steps": 3, "epochs": 1}
    found = segmend.tune(make(tmp_path / "data"), out=tmp_path / "study", trials=1, overrides=settings)
    assert found.record.verdict.startswith("nothing better was found in 1 trial")
    assert found.front == found.trials
    assert ("object F1@50" in str(found)) == (make is small_tasks.images)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"trials": 0}, "trials: expected a number of at least 1. Received 0"),
        ({"workers": 0}, "workers: expected a number of at least 1"),
        ({"sampler": "cmaes"}, r"sampler: expected one of \['tpe', 'random', 'grid'\]. Received \"cmaes\""),
        ({"pruner": "half"}, "pruner: expected one of"),
        ({"objective": "segment_f2@50"}, "segment_f2"),
        ({"objective": "cost"}, "expected scores that a training is judged by"),
        ({"objective": "panoptic_quality"}, "expected scores that a training is judged by"),
        ({"objective": "segment_f1@50 + count_mae"}, "expected errors with a minus"),
        ({"keys": ["seed"]}, "keys: expected names among"),
        ({"overrides": {"filters": 8}, "keys": ["filters"]}, "Received one that is set by hand"),
        ({"budget": 0.5}, "expected trials longer than the"),
        ({"trial_budget": "5m", "budget": "30s"}, "expected time to train the planned values"),
        ({"resume": True, "overwrite": True}, "either to go on or to overwrite"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_written(data, tmp_path, options, message):
    with pytest.raises(InputError, match=message):
        segmend.tune(data, out=tmp_path / "study", **{"trials": 2, **options})
    assert not (tmp_path / "study").exists()


def test_several_workers_need_a_folder(data, tmp_path):
    with pytest.raises(InputError, match="expected 1 for a data set in memory"):
        segmend.tune(segmend.load(data), out=tmp_path / "study", workers=2)


def test_a_folder_that_holds_files_is_refused_and_one_without_a_journal_not_resumed(tmp_path):
    (tmp_path / "keep.txt").write_text("mine")
    with pytest.raises(OutputExistsError):
        segmend.tune("/nowhere", out=tmp_path)
    folder = bursts.write(tmp_path / "data")
    with pytest.raises(InputError, match=r"expected a study with journal.log to resume"):
        segmend.tune(folder, out=tmp_path, resume=True)
    assert (tmp_path / "keep.txt").read_text() == "mine"


def test_without_optuna_the_command_that_brings_it_is_named(data, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "optuna", None)
    with pytest.raises(MissingDependencyError, match=r'^tune needs optuna: pip install "segmend\[tune\]"$'):
        segmend.tune(data, out=tmp_path / "study")


def _toml(value):
    if isinstance(value, list):
        return "[" + ", ".join("{" + ", ".join(f"{k} = {v}" for k, v in each.items()) + "}" for each in value) + "]"
    return str(value)


def _states(folder):
    return [trial.state.name for trial in _trials(folder)]


def _trials(folder):
    from segmend.pipeline.tuning import journal

    return journal.reopen(folder, "none").get_trials()
