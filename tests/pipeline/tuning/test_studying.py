"""Studies whose trainings are replaced: what a study does with what comes of them."""

from __future__ import annotations

import dataclasses
import io
import itertools
import json
import math
import os
import subprocess
import sys
from types import SimpleNamespace

import pytest

import segmend
from segmend.artifacts.history import History
from segmend.cli.options import plan_in
from segmend.errors import InputError, OutputExistsError
from segmend.pipeline.tuning import journal, working
from segmend.pipeline.tuning.performing import picked
from segmend.pipeline.tuning.search import Search
from segmend.pipeline.tuning.working import work
from segmend.planning.space import space
from segmend.training.not_finite import NotFiniteError
from segmend.training.timing import TooLittleTimeError
from tests.pipeline import bursts

SCORES = ("objective", "step_accuracy", "segment_f1@50", "count_mae")


def history(value):
    return History(columns={f"val_{name}": (value,) for name in SCORES}, best_epoch=0)


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return bursts.write(tmp_path_factory.mktemp("bursts") / "data")


@pytest.fixture
def trains(monkeypatch):
    """Puts a function of plan, seconds and watchers in the place of a training; it gives the objective or an error."""

    def put(outcome):
        def trained(search, plan, seconds, watchers=()):
            found = outcome(plan, seconds, watchers)
            if isinstance(found, BaseException):
                raise found
            return history(found)

        monkeypatch.setattr(Search, "trained", trained)

    return put


def tune(data, out, **options):
    return segmend.tune(data, out=out, **{"trials": 2, "keys": ["dice"], "sampler": "random", **options})


@pytest.mark.parametrize(
    ("outcome", "message"),
    [
        (TooLittleTimeError("seconds"), "expected trials longer than the"),
        (NotFiniteError("loss: expected a number. Received nan"), "loss: expected a number"),
        (MemoryError("no room"), "no room"),
        (math.nan, "objective: expected a number of .* by the planned values. Received none"),
    ],
)
@pytest.mark.parametrize("workers", [1, 2])
def test_where_the_planned_values_are_refused_nothing_is_left_to_be_in_the_way(
    data, tmp_path, trains, monkeypatch, outcome, message, workers
):
    monkeypatch.setattr("segmend.pipeline.tuning.working._start", lambda told: Idle())
    out = tmp_path / "study"
    trains(lambda *told: outcome)
    for resume in (False, True):
        with pytest.raises((InputError, MemoryError), match=message):
            tune(data, out, workers=workers, resume=resume)
        assert not out.exists()
    trains(lambda *told: 0.5)
    assert tune(data, out, workers=workers).trials[0].objective == 0.5


def test_a_plan_of_which_nothing_was_given_is_a_file_that_trains(data, tmp_path, trains):
    trains(lambda *told: 0.5)
    found = tune(data, tmp_path / "study")
    assert "nothing better was found" in found.record.verdict
    assert found.plan.choices == found.record.changes == {}
    assert plan_in(tmp_path / "study" / "plan.toml") == found.plan


def test_the_plan_of_a_trial_can_be_made_from_the_file_of_the_study(data, tmp_path, trains):
    tried = []
    trains(lambda plan, seconds, watchers: tried.append(plan) or 0.5)
    tune(data, tmp_path / "study", trials=3, keys=["augment", "class_weights", "learning_rate"])
    study = json.loads((tmp_path / "study" / "study.json").read_text())
    assert [trial["state"] for trial in study["trials"]] == ["complete"] * 3
    for trial, plan in zip(study["trials"], tried, strict=True):
        for name, pick in trial["picks"].items():
            section, _, key = name.partition(".")
            value = study["keys"][name]["options"][pick] if isinstance(pick, str) else pytest.approx(pick, rel=0.01)
            assert plan.choices[section][key].value == value


class Idle:
    """A worker that does nothing."""

    def wait(self, timeout=None):
        return 0

    def kill(self):
        pass


def test_an_interrupted_verdict_is_reached_by_resuming(data, tmp_path, trains):
    def interrupted(plan, seconds, watchers):
        seed, dice = (plan.choices[section][key].value for section, key in (("training", "seed"), ("loss", "dice")))
        return KeyboardInterrupt() if seed else 0.8 - abs(dice - 2)

    trains(interrupted)
    with pytest.raises(KeyboardInterrupt):
        tune(data, tmp_path / "study", trials=4, sampler="grid")
    trained = []
    trains(lambda plan, seconds, watchers: trained.append(plan) or 0.8 - abs(plan.choices["loss"]["dice"].value - 2))
    found = tune(data, tmp_path / "study", trials=4, sampler="grid", resume=True)
    assert [plan.choices["training"]["seed"].value for plan in trained] == [1, 1]
    assert len(found.trials) == 4
    assert found.record.confirmation.gain == pytest.approx(1)


def test_planned_values_that_wait_are_trained_though_there_are_trials_enough(search, tmp_path, trains):
    with journal.quiet():
        study = journal.begin(tmp_path / "study", search)
        picks = picked(search, study.ask())  # by a worker that is killed
        study.enqueue_trial(picks)  # the sampler picks the same
        for _ in range(search.goal):
            trial = study.ask()
            picked(search, trial)
            study.tell(trial, 0.5)
        journal.give_up_unfinished(study)
        trains(lambda *told: 0.6)
        work(search, study, deadline=math.inf)
    last = study.get_trials()[-1]
    assert (last.state.name, last.value, last.user_attrs[journal.PLANNED]) == ("COMPLETE", 0.6, True)


def climbs(scores):
    """Trainings of ten epochs, each with the next score; the one that is given up reaches it all the same."""

    def outcome(plan, seconds, watchers):
        score = next(scores)
        for rungs in watchers:
            rungs.set_params({"epochs": 10})
            rungs.set_model(SimpleNamespace(stop_training=False))
            for epoch in range(10):
                if not rungs.model.stop_training:
                    rungs.on_epoch_end(epoch, {"val_objective": score})
        return score

    return outcome


@pytest.mark.parametrize(("pruner", "state"), [("median", "pruned"), ("none", "complete")])
def test_a_trial_below_the_median_is_given_up_once_four_are_complete(data, tmp_path, trains, pruner, state):
    trains(climbs(itertools.chain([0.5, 0.1, 0.5, 0.5, 0.1, 0.6], itertools.repeat(0.5))))
    found = tune(data, tmp_path / "study", trials=6, keys=["learning_rate"], pruner=pruner)
    assert [trial.state for trial in found.trials] == [*["complete"] * 4, state, "complete"]
    because = "best 0.1 after 30 % of the training, below the median of the others"
    assert found.trials[4].because == (because if state == "pruned" else "")


def test_the_planned_values_are_trained_to_the_end_however_bad_they_are(search, tmp_path, trains):
    """They come last where the process that began with them is gone."""
    few = dataclasses.replace(search, asked=dataclasses.replace(search.asked, trials=6, sampler="random"))
    few = dataclasses.replace(few, space=space(few.facts, few.plan, keys=["learning_rate"]))
    trains(climbs(iter([0.5] * 5 + [0.1])))
    with journal.quiet():
        study = journal.begin(tmp_path / "study", few)
        picked(few, study.ask())
        work(few, study, deadline=math.inf)
        journal.give_up_unfinished(study)
        work(few, study, deadline=math.inf)
    *others, last = study.get_trials()[1:]
    assert [trial.value for trial in others] == [0.5] * 5
    assert (last.state.name, last.value, last.user_attrs[journal.PLANNED]) == ("COMPLETE", 0.1, True)


@pytest.mark.parametrize("option", ["resume", "overwrite"])
def test_a_study_that_goes_on_in_another_process_is_left_alone(data, tmp_path, trains, option):
    out, refused = tmp_path / "study", []

    def meanwhile(*told):
        before = (out / journal.JOURNAL).read_bytes()
        with pytest.raises(OutputExistsError, match="another process"):
            tune(data, out, **{option: True})
        refused.append((out / journal.JOURNAL).read_bytes() == before)
        return 0.5

    trains(meanwhile)
    tune(data, out, trials=1)
    assert refused == [True]
    assert not (out / journal.LOCK).exists()


def test_overwriting_leaves_nothing_of_what_was_there(data, tmp_path, trains):
    (tmp_path / "study" / "old").mkdir(parents=True)
    (tmp_path / "study" / "old" / "file").write_text("old")
    (tmp_path / "study" / "file").write_text("old")
    trains(lambda *told: 0.5)
    tune(data, tmp_path / "study", trials=1, overwrite=True)
    names = {path.name for path in (tmp_path / "study").iterdir()}
    assert names == {"plan.toml", "trials.csv", "study.json", "journal.log"}


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (InputError("data: expected recordings. Received none"), 2, "segmend: worker: data: expected recordings. Rec"),
        (KeyboardInterrupt(), 130, ""),
    ],
)
def test_a_worker_that_ends_says_one_sentence_at_most(monkeypatch, capsys, error, code, said):
    def raises(told):
        raise error

    monkeypatch.setattr(working, "help_out", raises)
    monkeypatch.setattr("sys.stdin", io.StringIO("{}"))
    assert working.main() == code
    assert capsys.readouterr().err.startswith(said)
    assert not said or capsys.readouterr().err == ""


def test_workers_are_not_reached_by_the_keyboard(monkeypatch):
    """Else an interruption would end them before the process that waits knows of it."""
    popen, started = subprocess.Popen, []

    def sleeping(command, **options):
        started.append(popen([sys.executable, "-c", "import time; time.sleep(60)"], **options))
        return started[0]

    monkeypatch.setattr(subprocess, "Popen", sleeping)
    process = working._start({})
    try:
        assert os.getsid(process.pid) != os.getsid(0)
    finally:
        process.kill()
        process.wait()
