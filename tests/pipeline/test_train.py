from __future__ import annotations

import json
from typing import ClassVar

import keras
import numpy as np
import pytest

import segmend
from segmend.cli import run as command
from segmend.core.dataset import Dataset
from segmend.core.labels import Labels
from segmend.core.recording import Recording
from segmend.core.segments import Segments
from segmend.core.task import Task
from segmend.errors import InputError, OutputExistsError
from segmend.pipeline.on_files.diagnose_files import diagnose_files
from segmend.pipeline.runs.splits import annotated, with_split
from segmend.pipeline.runs.training import Listener
from segmend.planning import Values
from tests.pipeline import bursts

# Keras 3.15 hands its variables to NumPy 2.4 without the copy keyword that NumPy asks for.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy:DeprecationWarning")

HASTE = 3.0


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return bursts.write(tmp_path_factory.mktemp("bursts") / "data")


@pytest.fixture(scope="module")
def run(data, tmp_path_factory):
    out = tmp_path_factory.mktemp("runs") / "run"
    return segmend.train(data, out=out, budget="5m", overrides=bursts.SETTINGS, seed=4)


def test_a_run_holds_all_its_parts(run):
    files = {path.name for path in run.path.iterdir()}
    assert {"plan.toml", "fingerprint.json", "model.keras", "decoder.json", "history.csv"} <= files
    assert {"predictions", "scores.json", "run.json", "diagnosis.json", "report.html"} <= files
    assert run.about["labels"] == ["background", "a", "b"]
    assert run.about["split"]["test"] == ["r5"]
    assert run.about["seed"] == 4
    assert Values.of(run.plan).model.filters == 8
    assert run.plan.choices["model"]["filters"].source == "--set"
    assert len(run.history.columns["loss"]) == run.about["epochs"] == 3
    assert run.fingerprint.segments == 36
    assert run.decoder.fitted_on == "1 validation recording"
    assert run.about["networks"] == 1
    assert run.about["best_epochs"] == [int(np.argmax(run.history.columns["val_objective"])) + 1]
    assert "<title>run" in (run.path / "report.html").read_text(encoding="utf-8")


def test_members_of_different_seeds_are_averaged(data, tmp_path):
    settings = {**bursts.SETTINGS, "members": 2, "steps": 10, "epochs": 2}
    run = segmend.train(data, out=tmp_path / "run", budget="5m", overrides=settings, seed=4)
    assert run.history.columns["member"] == (1.0, 1.0, 2.0, 2.0)
    assert len(run.about["best_epochs"]) == run.about["networks"] == 2
    first, second = (run.model.get_layer(f"member{number}").get_weights() for number in (1, 2))
    assert any(not np.array_equal(a, b) for a, b in zip(first, second, strict=True))
    prediction = run.predict(data / "signals" / "r5.npy")
    np.testing.assert_allclose(prediction.y_prob[0].sum(axis=1), 1, atol=1e-5)


def test_recordings_are_standardised_alike_in_training_prediction_and_diagnosis(data, tmp_path):
    settings = {**bursts.SETTINGS, "standardize": "recording"}
    run = segmend.train(data, out=tmp_path / "run", budget="5m", overrides=settings, seed=4)
    signal = np.load(data / "signals" / "r5.npy")
    prob = run.predict(signal).y_prob[0]
    stored = np.load(run.path / "predictions" / "scores" / "r5.npy")
    np.testing.assert_allclose(prob, stored, atol=1e-5)
    np.testing.assert_allclose(
        run.predict(3 * signal + 7).y_prob[0], prob, atol=1e-3
    )  # neither level nor scale is seen
    seen = diagnose_files(run.path / "model.keras", data).chart.prediction
    np.testing.assert_allclose(seen.y_prob[0], np.load(run.path / "predictions" / "scores" / "r4.npy"), atol=1e-3)


def test_no_network_begins_that_the_budget_cannot_hold(data, tmp_path):
    said = []
    settings = {**bursts.SETTINGS, "members": 2, "steps": 100_000, "epochs": 1000}
    listener = Listener(say=said.append)
    run = segmend.train(data, out=tmp_path / "run", budget=30, overrides=settings, listener=listener)
    assert run.about["networks"] == 1
    assert said == ["the budget held 1 of 2 networks"]


def test_the_page_shows_what_was_trained_on_whatever_the_folder_says(tmp_path):
    """The folder's own annotations are another question, which this version cannot even read."""
    folder = bursts.write(tmp_path / "data")
    (folder / "annotations.csv").rename(folder / "mine.csv")
    (folder / "annotations.csv").write_text("no,such,columns\n1,2,3\n")
    settings = {**bursts.SETTINGS, "steps": 4, "epochs": 1}
    run = segmend.train(folder, out=tmp_path / "run", budget="5m", overrides=settings, annotations="mine.csv")
    page = ["report", str(run.path), "--data", str(folder)]
    assert command(page) == 2
    assert command([*page, "--annotations", "mine.csv"]) == 0


def test_it_learnt_to_count(run):
    scores = run.scores["test"]["decoded"]
    assert scores["segment"]["f1@50"] >= 0.9
    assert scores["count"]["ratio"] == pytest.approx(1, abs=0.15)
    assert set(run.scores) == {"val", "test"}


def test_the_model_standardises_by_training_recordings_alone(run, data):
    signals = np.concatenate([np.load(data / "signals" / f"r{k}.npy") for k in range(4)])
    mean = run.model.get_layer("standardise").mean
    np.testing.assert_allclose(np.ravel(mean), signals.mean(axis=0), atol=1e-5)


def test_stored_predictions_are_what_the_run_predicts(run, data):
    prediction = run.predict(data / "signals" / "r5.npy")
    stored = np.load(run.path / "predictions" / "scores" / "r5.npy")
    np.testing.assert_allclose(prediction.y_prob[0], stored, atol=1e-5)


def test_scores_of_the_folder_are_the_scores_of_the_run(run, tmp_path, capsys):
    assert command(["score", str(run.path), "--json"]) == 0
    both = json.loads(capsys.readouterr().out)
    expected = [run.scores[role]["decoded"]["count"]["predicted"] for role in ("val", "test")]
    assert both["count"]["predicted"] == sum(expected)


def test_the_plan_of_a_run_trains_again(run, data, tmp_path, capsys):
    out = tmp_path / "again"
    plan = run.path / "plan.toml"
    assert (
        command(["train", str(data), "-o", str(out), "--plan", str(plan), "--set", "epochs=1", "--budget", "5m"]) == 0
    )
    assert "test: segment F1@50" in capsys.readouterr().out
    assert Values.of(segmend.load_run(out).plan).training.epochs == 1


def test_an_output_folder_that_holds_files_is_refused_before_any_work(data, tmp_path):
    (tmp_path / "keep.txt").write_text("mine")
    with pytest.raises(OutputExistsError):
        segmend.train("/nowhere", out=tmp_path)
    assert (tmp_path / "keep.txt").read_text() == "mine"


def test_a_failure_leaves_nothing_behind(data, tmp_path):
    with pytest.raises(InputError, match="expected names among"):
        segmend.train(data, out=tmp_path / "run", overrides={"architecture": "nonet"})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        ({"metric": "segment_f2@50"}, "segment_f2"),
        ({"objective": "f1"}, "f1"),
        ({"filter": 3}, 'did you mean "filters"'),
    ],
)
def test_what_cannot_be_is_refused_before_training(data, tmp_path, overrides, message):
    with pytest.raises(InputError, match=message):
        segmend.train(data, out=tmp_path / "run", overrides=overrides)


def test_samples_that_are_no_numbers_are_refused(tmp_path):
    folder = bursts.write(tmp_path / "data")
    signal = np.load(folder / "signals" / "r1.npy")
    signal[7, 1] = np.nan
    np.save(folder / "signals" / "r1.npy", signal)
    with pytest.raises(InputError, match=r'r1.npy: expected finite samples. Received nan at step 7, channel "y"'):
        segmend.train(folder, out=tmp_path / "run")


def test_annotations_that_would_falsify_a_number_are_refused(tmp_path):
    folder = bursts.write(tmp_path / "data")
    with (folder / "annotations.csv").open("a") as file:
        file.write("r0,20,30,b\n")
    with pytest.raises(InputError, match=r"annotations.csv, line"):
        segmend.train(folder, out=tmp_path / "run")


def test_recordings_without_annotation_are_left_out_with_a_warning(tmp_path):
    data = segmend.load(bursts.write(tmp_path / "data", unannotated=("r0", "r5")))
    said = []
    kept = annotated(data, said.append)
    assert [recording.name for recording in kept.recordings] == ["r1", "r2", "r3", "r4"]
    assert kept.split == {"train": ("r1", "r2", "r3"), "val": ("r4",)}
    assert said == ["left out 2 recordings without annotation: r0, r5"]
    with (
        pytest.warns(UserWarning, match="left out 2 recordings") as caught,
        pytest.raises(InputError, match="unknown key"),
    ):
        segmend.train(data, out=tmp_path / "run", overrides={"no": 1})
    assert caught[0].filename == __file__


def test_without_a_split_whole_groups_are_dealt_out(tmp_path):
    said = []
    data = with_split(segmend.load(bursts.write(tmp_path / "data", split=False)), share=0.2, seed=0, say=said.append)
    assert sorted(name for names in data.split.values() for name in names) == [f"r{k}" for k in range(6)]
    assert set(data.split) == {"train", "val", "test"}
    assert said[0].startswith("split by group: train")


def test_the_split_shares_out_every_class_and_says_so():
    def recording(number, rare):
        rows = [(0, 50, 1), *([(50, 60, 2)] if rare else [])]
        name = f"r{number}"
        return Recording(name=name, signal=np.zeros((100, 1)), segments=Segments.from_rows(rows), group=name)

    data = Dataset(
        recordings=tuple(recording(k, rare=k in (0, 1, 2, 3, 4)) for k in range(20)),
        task=Task.named("segmentation", 3),
        labels=Labels.of(["often", "rare"]),
        channels=("value",),
    )
    said = []
    split = with_split(data, share=0.2, seed=0, say=said.append).split
    rare = {role: len(set(names) & {f"r{k}" for k in range(5)}) for role, names in split.items()}
    assert rare == {"train": 3, "val": 1, "test": 1}
    assert said == [
        "split by group: train 12, val 4, test 4 groups",
        "share of time of background: train 60%, val 20%, test 20%",
        "share of time of often: train 60%, val 20%, test 20%",
        "share of time of rare: train 60%, val 20%, test 20%",
    ]


def test_two_groups_give_no_test(tmp_path):
    data = segmend.load(bursts.write(tmp_path / "data", recordings=2, split=False))
    assert set(with_split(data, share=0.2, seed=0, say=lambda line: None).split) == {"train", "val"}


def test_one_group_cannot_be_split(tmp_path):
    data = segmend.load(bursts.write(tmp_path / "data", recordings=1, split=False))
    with pytest.raises(InputError, match="expected two groups or more"):
        with_split(data, share=0.2, seed=0, say=lambda line: None)


@pytest.mark.parametrize("split", [True, False])
@pytest.mark.parametrize("overrides", [{}, {"share": 0.3}])
def test_the_reason_of_the_share_is_whether_the_data_brought_a_split(tmp_path, monkeypatch, split, overrides):
    plans = []

    def training(data, facts, plan, *others):
        plans.append(plan)
        raise InputError("that will do")

    monkeypatch.setattr("segmend.pipeline.train.Training", training)
    folder = bursts.write(tmp_path / "data", split=split)
    with pytest.raises(InputError, match="that will do"):
        segmend.train(folder, out=tmp_path / "run", overrides=overrides)
    choice = plans[0].choices["validation"]["share"]
    if overrides:
        assert (choice.value, choice.because) == (0.3, "set by hand; planned was 0.2")
    else:
        assert choice.because.startswith("not used" if split else "held out by group")
        assert choice == segmend.plan(folder).choices["validation"]["share"]


def test_a_class_that_the_split_keeps_from_training_is_named(tmp_path):
    folder = bursts.write(tmp_path / "data")
    rows = (folder / "annotations.csv").read_text().splitlines()
    kept = [row for row in rows if not row.endswith(",b") or row.startswith("r5")]
    (folder / "annotations.csv").write_text("\n".join(kept) + "\n")
    with (
        pytest.warns(UserWarning, match="has no segments of b") as caught,
        pytest.raises(InputError, match="unknown key"),
    ):
        segmend.train(folder, out=tmp_path / "run", overrides={"no": 1})
    assert [str(each.message).partition(" ")[0] for each in caught] == ["train", "val"]
    assert caught[0].filename == __file__


def test_callbacks_see_the_scores_of_every_epoch_of_every_network(data, tmp_path):
    class Seen(keras.callbacks.Callback):
        rows: ClassVar[list[tuple[int, float]]] = []

        def on_epoch_end(self, epoch, logs=None):
            self.rows.append((epoch, logs["val_objective"]))

    settings = {**bursts.SETTINGS, "members": 2, "steps": 4, "epochs": 2}
    run = segmend.train(data, out=tmp_path / "run", budget="5m", overrides=settings, callbacks=[Seen()])
    assert [epoch for epoch, _ in Seen.rows] == [0, 1, 0, 1]
    assert [score for _, score in Seen.rows] == list(run.history.columns["val_objective"])


def test_logs_for_tensorboard_are_written_where_they_are_asked_for(data, tmp_path):
    few = {**bursts.SETTINGS, "steps": 2, "epochs": 1}
    settings = [word for key, value in few.items() for word in ("--set", f"{key}={json.dumps(value)}")]
    call = ["train", str(data), "-o", str(tmp_path / "run"), *settings]
    assert command([*call, "--tensorboard", str(tmp_path / "logs")]) == 0
    assert [file.name[:10] for file in (tmp_path / "logs").iterdir()] == ["events.out"]
