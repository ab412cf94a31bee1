from __future__ import annotations

import json
import os
import subprocess
import sys

import numpy as np
import pytest

import segmend
from segmend.cli import run as command
from segmend.core.segments import Segments
from segmend.errors import InputError
from segmend.loading.annotations import read_annotations
from segmend.pipeline.predict import predict_files
from tests.pipeline import bursts

# Keras 3.15 hands its variables to NumPy 2.4 without the copy keyword that NumPy asks for.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy:DeprecationWarning")


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("predict")
    settings = {**bursts.SETTINGS, "steps": 40, "epochs": 2}
    return segmend.train(bursts.write(folder / "data"), out=folder / "run", budget="5m", overrides=settings)


@pytest.fixture
def files(tmp_path):
    for seed, steps in ((20, 900), (21, 37)):
        np.save(tmp_path / f"new{seed}.npy", bursts.recording(seed, steps)[0])
    return [tmp_path / "new20.npy", tmp_path / "new21.npy"]


def test_the_command_writes_segments_tracks_and_scores(run, files, tmp_path, capsys):
    out = tmp_path / "pred"
    assert command(["predict", str(run.path), *map(str, files), "-o", str(out), "--probabilities"]) == 0
    assert capsys.readouterr().out.startswith("new20: ")
    scores = np.load(out / "scores" / "new20.npy")
    assert scores.shape == (900, 3)
    prediction = run.predict(files[0])
    np.testing.assert_array_equal(scores, prediction.y_prob[0])
    rows = Segments.from_steps(prediction.y_pred[0]).rows()
    assert len(rows) > 5
    header, *lines = (out / "segments" / "new20.csv").read_text().splitlines()
    assert header == "recording,start,end,label"
    assert lines == [f"new20,{start},{stop},{run.labels.names[label]}" for start, stop, label in rows]
    track = (out / "segments" / "new20.txt").read_text().splitlines()
    assert track[0] == f"{rows[0][0] / 50:g}\t{rows[0][1] / 50:g}\t{run.labels.names[rows[0][2]]}"
    assert len(track) == len(lines)


def test_a_stranger_need_not_name_a_backend(run, files, tmp_path):
    """Each verb that loads a model finds the backend that is installed by itself."""
    environment = {name: value for name, value in os.environ.items() if name != "KERAS_BACKEND"}
    environment["KERAS_HOME"] = str(tmp_path)
    out = str(tmp_path / "pred")
    for arguments in (["predict", str(run.path), str(files[1]), "-o", out], ["diagnose", str(run.path), "--json"]):
        call = [sys.executable, "-m", "segmend", *arguments]
        done = subprocess.run(call, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode in (0, 1), done.stderr
        assert "internal error" not in done.stderr


def test_a_folder_of_recordings_and_no_probabilities(run, files, tmp_path):
    out = tmp_path / "pred"
    assert command(["predict", str(run.path), str(tmp_path), "-o", str(out)]) == 0
    assert sorted(path.name for path in (out / "segments").glob("*.csv")) == ["new20.csv", "new21.csv"]
    assert not (out / "scores").exists()


def test_what_is_written_to_be_corrected_reads_back_as_the_segments(run, files, tmp_path):
    out = tmp_path / "pred"
    told = [*map(str, files), "-o", str(out), "--format", "label-studio", "--format", "audacity"]
    assert command(["predict", str(run.path), *told]) == 0
    names = [path.stem for path in files]
    tasks = json.loads((out / "label-studio.json").read_text())
    assert [task["data"]["csv"] for task in tasks] == [f"{name}.csv" for name in names]
    studio = read_annotations(out / "label-studio.json")
    for name in names:
        rows = read_annotations(out / "segments" / f"{name}.csv")
        kept = [row for row, recording in enumerate(studio.recording) if recording == name]
        track = out / "segments" / f"{name}.txt"
        every = [(studio.start[kept], studio.end[kept], [studio.label[row] for row in kept])]
        if len(rows):
            read = read_annotations(track)
            every.append((read.start, read.end, list(read.label)))
        for start, end, label in every:
            assert (start * 50).round().tolist() == rows.start.tolist()
            assert (end * 50).round().tolist() == rows.end.tolist()
            assert label == list(rows.label)


def test_only_csv_is_written_on_request(run, files, tmp_path):
    out = tmp_path / "pred"
    assert command(["predict", str(run.path), str(files[0]), "-o", str(out), "--format", "csv"]) == 0
    assert [path.name for path in (out / "segments").iterdir()] == ["new20.csv"]
    with pytest.raises(InputError, match=r'names among csv, audacity, label-studio, coco. Received "elan"'):
        predict_files(run.path, files, out=tmp_path / "other", formats=["elan"])


def test_a_data_folder_means_its_signals(run, tmp_path):
    data = bursts.write(tmp_path / "data")
    assert command(["predict", str(run.path), str(data), "-o", str(tmp_path / "pred")]) == 0
    written = {path.stem for path in (tmp_path / "pred" / "segments").glob("*.csv")}
    assert written == {path.stem for path in (data / "signals").iterdir()}


def test_an_array_is_a_recording(run, files):
    signal = np.load(files[0])
    np.testing.assert_array_equal(run.predict(signal).y_pred[0], run.predict(files[0]).y_pred[0])


def test_loading_a_run_needs_no_code_from_it(run):
    again = segmend.load_run(run.path)
    assert again.model.output_shape == (None, None, 3)
    assert "2 channels" in repr(again)


@pytest.mark.parametrize(
    ("signal", "message"),
    [
        (np.zeros((50, 3)), r"expected the 2 channels x, y, as in training. Received shape \(50, 3\)"),
        (np.zeros(50), r"expected the 2 channels x, y, as in training. Received shape \(50, 1\)"),
        (np.full((50, 2), np.inf), 'expected finite samples. Received inf at step 0, channel "x"'),
        (np.zeros((0, 2)), "expected at least one step. Received none"),
    ],
)
def test_what_does_not_fit_the_model_is_refused(run, signal, message):
    with pytest.raises(InputError, match=message):
        run.predict(signal)


def test_one_bad_file_leaves_no_folder(run, files, tmp_path, capsys):
    np.save(tmp_path / "bad.npy", np.zeros((50, 3)))
    out = tmp_path / "pred"
    assert command(["predict", str(run.path), str(files[0]), str(tmp_path / "bad.npy"), "-o", str(out)]) == 2
    assert "bad.npy: expected the 2 channels" in capsys.readouterr().err
    assert not out.exists()


def test_two_files_of_one_name_are_refused(run, files, tmp_path, capsys):
    assert command(["predict", str(run.path), str(files[0]), str(files[0]), "-o", str(tmp_path / "pred")]) == 2
    assert "expected distinct names" in capsys.readouterr().err


def test_what_is_no_run_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"expected a RUN folder with run.json"):
        segmend.load_run(tmp_path)
