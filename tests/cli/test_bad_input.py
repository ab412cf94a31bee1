"""What the command says of broken input: one sentence on stderr, exit code 2, and nothing left behind."""

import json
import os
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from segmend.cli import run
from tests.builders import annotation_text, make_dataset, make_predictions

ROWS = tuple((name, 5 * k, 5 * k + 3, ("P", "QRS")[k % 2]) for name in "abcd" for k in range(4))
TEXT = annotation_text(ROWS)
X = np.random.default_rng(0).normal(size=(3, 20, 2))
Y = np.repeat([[0, 1, 0, 2]] * 3, 5, axis=1)


@pytest.fixture
def said(capsys, monkeypatch):
    """Run one command: its exit code and what it printed on stdout and stderr."""
    monkeypatch.delenv("SEGMEND_TRACEBACK", raising=False)

    def call(*arguments):
        code = run([str(argument) for argument in arguments])
        return code, *capsys.readouterr()

    return call


def refusal(answer):
    """The one sentence of a refusal."""
    code, out, err = answer
    assert code == 2, err
    assert out == ""
    assert err.startswith("segmend: ")
    assert err.count("\n") == 1
    assert "internal error" not in err
    return err


def wav(channels, rate):
    body = (
        struct.pack("<IHHIIHH", 16, 1, channels, rate, 0, 2 * channels, 16) + b"data" + struct.pack("<I", 8) + bytes(8)
    )
    return b"RIFF" + struct.pack("<I", len(body) + 8) + b"WAVEfmt " + body


DAMAGED = {
    "annotations.csv": [
        ("recording,begin,end,label\n", "line 1: expected the columns"),
        ("recording,start,end,label,start\na,1,2,P,3\n", 'line 1: expected each column once. Received "start" twice'),
        (TEXT + "a,x,19,P\n", 'line 18: start: expected a number. Received "x"'),
        (TEXT + "a,18,nan,P\n", 'line 18: end: expected a number. Received "nan"'),
        (TEXT + "a,18\n", "line 18: expected 4 cells"),
        (TEXT + 'a,18,19,"P\n', "line 18: expected comma-separated cells"),
        (TEXT.encode("utf-16"), "expected UTF-8 text"),
        (None, "Received: Is a directory"),
    ],
    "dataset.json": [
        ('{"labels": ["P",', "line 1, column 17: expected JSON"),
        ("", "line 1, column 1: expected JSON"),
        ("[]", "expected a JSON object. Received list"),
        ("[" * 100_000, "nested too deeply"),
        (b'{"\xe9": 1}', "expected a JSON file. Received: other bytes than UTF-8"),
        ('{"labels": [true, false]}', "labels: expected a list of names"),
        ('{"labels": ["P", "P"]}', "labels: expected distinct names"),
        ('{"split": {"train": ["zz"]}}', 'split: train: expected recordings that are there. Received "zz"'),
        (None, "expected a JSON file. Received: Is a directory"),
    ],
    "signals/a.npy": [
        (b"", "an empty file"),
        (b"\x93NUMPY", "a truncated file"),
        (b"something else", "another format"),
        (None, "Is a directory"),
    ],
    "signals/e.wav": [
        (wav(0, 100), "expected a whole WAV file"),
        (wav(2, 0), "expected a sampling rate above 0. Received 0"),
        (b"RIFF\x24\0\0\0WAVEfmt ", "expected a whole WAV file of 44 bytes"),
    ],
}


@pytest.mark.parametrize(
    ("file", "content", "expected"),
    [(file, content, expected) for file, cases in DAMAGED.items() for content, expected in cases],
)
def test_an_unreadable_file_of_a_data_set_is_refused_by_name(file, content, expected, said, tmp_path):
    path = make_dataset(tmp_path, rows=ROWS) / file
    path.unlink(missing_ok=True)
    if content is None:
        path.mkdir()
    else:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    err = refusal(said("audit", tmp_path, "--json"))
    assert str(path) in err
    assert expected in err


@pytest.mark.parametrize(
    ("name", "values", "expected"),
    [
        ("y", np.where(Y == 2, np.inf, Y), "expected class numbers, or -1 (not judged). Received inf"),
        ("y", np.where(Y == 2, np.nan, Y), "expected class numbers, or -1 (not judged). Received nan"),
        ("y", Y * 100_000, "expected class numbers, or -1 (not judged). Received 100000"),
        ("y", Y[:, :9], "expected class numbers of shape (3, 20)"),
        ("lengths", np.full(3, np.nan), "expected 3 lengths from 1 to 20"),
        ("lengths", np.full(3, 9.5), "expected 3 lengths from 1 to 20"),
        ("groups", np.arange(2), "expected one group for each of 3 recordings"),
    ],
)
def test_arrays_that_are_no_labels_lengths_or_groups_are_refused(name, values, expected, said, tmp_path):
    for part, array in {"X": X, "y": Y, name: values}.items():
        np.save(tmp_path / f"{part}.npy", array)
    err = refusal(said("audit", tmp_path, "--json"))
    assert f"{name}.npy: {expected}" in err


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        ("a,19,18,P", "empty-segment"),
        ("a,18,30,P", "beyond-end"),
        ("a,2,9,P", "overlap"),
        ("a,18,19,T", "unknown-label"),
        ("a,18,19,", "unknown-label"),
        ("zz,1,2,P", "unknown-recording"),
    ],
)
def test_audit_reports_what_train_refuses(row, kind, said, tmp_path):
    data = make_dataset(tmp_path / "data", rows=f"{TEXT}{row}\n", description={"labels": ["P", "QRS"]})
    code, out, _ = said("audit", data, "--json")
    finding = next(each for each in json.loads(out)["findings"] if each["rule"] == "invalid-annotations")
    assert code == 1
    assert finding["severity"] == "error"
    assert kind in json.dumps(finding["evidence"])
    assert "annotations.csv, line" in refusal(said("train", data, "-o", tmp_path / "run"))
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


@pytest.mark.parametrize(
    ("value", "kind"),
    [(np.nan, "finite samples"), (-np.inf, "finite samples"), (1e300, "samples that float32 can hold")],
)
def test_train_refuses_samples_that_are_not_finite_to_a_model(value, kind, said, tmp_path):
    data = make_dataset(tmp_path / "data", rows=ROWS)
    signal = np.load(data / "signals" / "b.npy")
    signal[7, 1] = value
    np.save(data / "signals" / "b.npy", signal)
    err = refusal(said("train", data, "-o", tmp_path / "run"))
    assert f'b.npy: expected {kind}. Received {value} at step 7, channel "channel_1"' in err


def test_huge_values_are_audited_without_a_word_on_stderr(said, tmp_path):
    make_dataset(tmp_path, rows=ROWS, signals={name: np.full((20, 2), 1e300) for name in "abcd"})
    assert said("audit", tmp_path, "--json")[2] == ""


def test_seconds_beyond_any_recording_are_a_finding(said, tmp_path):
    text = "recording,start_s,end_s,label\na,1e15,9e15,P\n"
    make_dataset(tmp_path, rows=text, description={"sampling_rate_hz": 1e9})
    code, out, err = said("audit", tmp_path, "--json")
    assert (code, err) == (1, "")
    assert "beyond-end" in out


def test_one_class_that_covers_everything_cannot_be_trained_on(said, tmp_path):
    data = make_dataset(tmp_path / "data", rows=[(name, 0, 20, "P") for name in "abcd"])
    err = refusal(said("train", data, "-o", tmp_path / "run"))
    assert "expected two classes or more, the background included. Received ['P']" in err


SCORES = np.full((30, 3), 1 / 3)
SPOILED = [
    ("scores/a.npy", np.where(SCORES == 0, 0, np.nan), "expected finite scores. Received nan at step 0, class 0"),
    ("scores/a.npy", SCORES[:9], "expected 30 steps as in labels/a.npy"),
    ("scores/a.npy", SCORES[:, :0], "expected scores of shape (steps, classes). Received (30, 0)"),
    ("scores/b.npy", SCORES[:, :2], "expected 3 classes as in a.npy. Received 2"),
    ("labels/a.npy", np.full(30, 5), "expected class numbers from 0 to 2"),
    ("labels/a.npy", np.full(30, np.inf), "expected whole class numbers. Received inf at step 0"),
    ("labels/a.npy", np.full(30, 0.5), "expected whole class numbers. Received 0.5 at step 0"),
]


@pytest.mark.parametrize(("file", "values", "expected"), SPOILED)
@pytest.mark.parametrize("verb", ["score", "diagnose", "mend", "report"])
def test_spoiled_predictions_are_refused_by_every_verb(verb, file, values, expected, said, tmp_path):
    folder = make_predictions(tmp_path / "said")
    np.save(folder / file, values)
    options = {"mend": ["-o", tmp_path / "out"], "report": ["-o", tmp_path / "page.html"]}.get(verb, [])
    assert f"{folder / file}: {expected}" in refusal(said(verb, folder, *options))
    assert [path.name for path in tmp_path.iterdir()] == ["said"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"splits": {"test": ["zz"]}}, 'splits.json: test: expected recordings with scores. Received "zz"'),
        (
            {"splits": {"one": ["a", "b"], "two": ["b"]}},
            'expected each recording in one group. Received "b" in one, two',
        ),
        ({"description": {"task": "classification"}}, "expected scores of 0 spatial axes"),
        ({"description": {"labels": ["P"]}}, "labels: expected 3 names"),
    ],
)
def test_predictions_whose_description_does_not_fit_are_refused(changes, expected, said, tmp_path):
    assert expected in refusal(said("score", make_predictions(tmp_path, **changes), "--json"))


CALLS = [
    (["plan", "DATA", "--budget", "soon"], "budget: expected a duration"),
    (["plan", "DATA", "--set", "objective=beauty"], "objective: expected names among"),
    (["plan", "DATA", "--set", "filter=3"], 'did you mean "filters"?'),
    (["plan", "DATA", "-o", "FOLDER"], "expected a file to write to. Received a folder"),
    (["plan", "DATA", "-o", "FILE"], "expected a new path. Received a file that is there"),
    (["plan", "DATA", "-o", "FILE/plan.toml"], "Received one inside of the file"),
    (["train", "DATA", "-o", "OUT", "--set", "validation.share=most"], "validation.share: expected a share"),
    (["train", "DATA", "-o", "OUT", "--set", "share=2"], "validation.share: expected a share"),
    (["train", "DATA", "-o", "OUT", "--plan", "LATIN"], "expected a plan.toml. Received: other bytes than UTF-8"),
    (["train", "DATA", "-o", "OUT", "--plan", "FOLDER"], "expected a plan.toml. Received: Is a directory"),
    (["train", "DATA", "-o", "FILE/run"], "Received one inside of the file"),
    (["train", "DATA", "-o", "DATA"], "expected an empty or new folder"),
    (["mend", "PRED", "-o", "FILE/out"], "Received one inside of the file"),
    (["mend", "PRED", "-o", "OUT", "--objective", "segment_f1@50*1" + "0" * 400], "expected finite factors"),
    (["mend", "PRED", "-o", "OUT", "--report", "FOLDER"], "expected a file to write to. Received a folder"),
    (["diagnose", "PRED", "--report", "FOLDER"], "expected a file to write to. Received a folder"),
    (["report", "PRED", "-o", "FILE/page.html"], "Received one inside of the file"),
    (["diagnose", "BROKEN.keras", "DATA"], "Received another format or a truncated file"),
    (["predict", "FOLDER", "DATA", "-o", "OUT"], "expected a RUN folder with run.json"),
]


@pytest.mark.parametrize(("call", "expected"), CALLS)
def test_a_call_that_cannot_be_served_is_refused_before_work_is_done(call, expected, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    make_dataset(tmp_path / "DATA", rows=ROWS)
    make_predictions(tmp_path / "PRED")
    (tmp_path / "FOLDER" / "inside").mkdir(parents=True)
    (tmp_path / "FILE").write_text("text")
    (tmp_path / "LATIN").write_bytes(b"# caf\xe9\n")
    (tmp_path / "BROKEN.keras").write_bytes(b"PK\x03\x04")
    before = sorted(tmp_path.rglob("*"))
    assert expected in refusal(said(*call))
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("seed", ["-1", "one", str(2**32)])
def test_a_seed_that_no_generator_takes_is_a_wrong_call(seed, said, tmp_path):
    code, _, err = said("plan", make_dataset(tmp_path, rows=ROWS), f"--seed={seed}")
    assert code == 2
    assert "--seed: expected a whole number from 0 to 4294967295" in err


@pytest.mark.parametrize("code", ["import nothing_of_that_name", "def (", "raise RuntimeError('no')"])
def test_an_import_that_does_not_run_is_refused(code, said, tmp_path):
    import zipfile

    with zipfile.ZipFile(tmp_path / "model.keras", "w") as file:
        file.writestr("config.json", "{}")
    (tmp_path / "layers.py").write_text(code)
    data = make_dataset(tmp_path / "data", rows=ROWS)
    answer = said("diagnose", tmp_path / "model.keras", data, "--import", tmp_path / "layers.py")
    assert "layers.py: expected a Python file that runs. Received" in refusal(answer)


def test_a_system_error_is_a_sentence_with_the_file(said, tmp_path, monkeypatch):
    def denied(arguments):
        raise PermissionError(13, "Permission denied", str(tmp_path))

    monkeypatch.setattr("segmend.cli._dispatch", denied)
    assert refusal(said("rules")) == f"segmend: {tmp_path}: Permission denied\n"


def test_odd_paths_and_another_folder_are_nothing_special(said, tmp_path, monkeypatch):
    make_dataset(tmp_path / "two words" / "žluťoučký 心電図", rows=ROWS)
    monkeypatch.chdir(tmp_path / "two words")
    assert said("audit", "žluťoučký 心電図", "--json")[0] == 0


@pytest.mark.parametrize("verb", ["plan", "formats"])
def test_a_closed_pipe_is_no_fault(verb, tmp_path):
    data = make_dataset(tmp_path, rows=ROWS)
    command = [sys.executable, "-m", "segmend", verb, *([str(data)] if verb == "plan" else [])]
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as closed:
        done = subprocess.run(command, stdout=closed, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_closed_stdout_is_no_fault():
    done = subprocess.run(f"{sys.executable} -m segmend rules >&-", shell=True, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full is Linux's")
def test_a_full_disk_is_a_sentence():
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "segmend", "rules"], stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert done.returncode == 2
    assert done.stderr.startswith(b"segmend: output: No space left on device\n")


ABOUT = {"labels": ["background", "P"], "background": 0, "channels": ["x", "y"], "sampling_rate_hz": None}


@pytest.mark.parametrize(
    ("about", "expected"),
    [
        ("[]", "run.json: expected a JSON object. Received list"),
        ("{", "run.json, line 1, column 2: expected JSON"),
        ("{}", "run.json: expected the key labels"),
        (json.dumps(ABOUT | {"channels": ["y", "z"]}), "a.csv: expected the channels y, z as in training"),
        (json.dumps(ABOUT), "model.keras: expected a saved Keras model. Received another format or a truncated file"),
    ],
)
def test_predict_refuses_a_damaged_run_and_channels_of_other_names(about, expected, said, tmp_path):
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "run.json").write_text(about)
    (tmp_path / "run" / "model.keras").write_bytes(b"PK\x03\x04")
    (tmp_path / "run" / "plan.toml").write_text("")
    (tmp_path / "run" / "decoder.json").write_text('{"name": "argmax", "labels": ["background", "P"], "background": 0}')
    (tmp_path / "a.csv").write_text("x,y\n1,2\n3,4\n")
    assert expected in refusal(said("predict", tmp_path / "run", tmp_path / "a.csv", "-o", tmp_path / "out"))
    assert not (tmp_path / "out").exists()
