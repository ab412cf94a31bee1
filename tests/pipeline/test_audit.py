"""segmend audit: figures, findings, options, real data."""

from __future__ import annotations

import json
import subprocess
import sys
import time

import numpy as np
import pytest

import segmend
from segmend.cli import run
from segmend.loading import load_dataset
from tests.builders import HEARTBEATS, make_dataset
from tests.shared import shared

ROWS = [*HEARTBEATS, ("c", 12, 15, "QRS"), ("d", 8, 11, "P")]

SPLIT = {"train": ["a", "b"], "val": ["c"], "test": ["d"]}


def noise(**spoilt):
    generator = np.random.default_rng(1)
    return {name: spoilt.get(name, generator.normal(size=(20, 2))) for name in "abcd"}


MANY = [
    (name, start, start + 2, label)
    for name in "abcd"
    for start, label in ((0, "P"), (3, "QRS"), (6, "P"), (9, "QRS"), (12, "P"), (15, "QRS"))
]


def rules(folder, **options):
    """What is found, but that tests' data are few."""
    found = [(finding.rule, finding.severity.value) for finding in segmend.audit(folder, **options).findings]
    return [each for each in found if each != ("too-few-segments", "info")]


def test_nothing_is_found_in_sound_data(tmp_path, capsys):
    assert run(["audit", str(make_dataset(tmp_path, rows=MANY))]) == 0
    assert "Nothing found." in capsys.readouterr().out


def test_json_tells_the_data_in_figures(tmp_path, capsys):
    description = {"split": SPLIT, "sampling_rate_hz": 10}
    run(["audit", str(make_dataset(tmp_path, rows=ROWS, description=description)), "--json"])
    content = json.loads(capsys.readouterr().out)
    assert {"schema", "task", "judged_on", "findings", "oracle", "checked", "skipped", "data"} == set(content)
    data = content["data"]
    assert (data["recordings"], data["groups"], data["steps"], data["seconds"], data["segments"]) == (4, 4, 80, 8, 8)
    assert data["measured_on"] == "train"
    assert data["split"] == {
        "train": {"recordings": 2, "steps": 40},
        "val": {"recordings": 1, "steps": 20},
        "test": {"recordings": 1, "steps": 20},
    }
    background, p, qrs = data["classes"]
    assert background["background"] is True
    assert (p["steps"], p["segments"], qrs["segments"]) == (12, 4, 4)
    assert p["share"] == {"all": 12 / 80, "train": 5 / 40, "val": 4 / 20, "test": 3 / 20}
    assert sum(each["share"]["train"] for each in data["classes"]) == 1
    assert p["length"]["p50"] == 2.5


def test_the_table_names_every_class_and_part(tmp_path, capsys):
    run(["audit", str(make_dataset(tmp_path, rows=ROWS, description={"split": SPLIT, "sampling_rate_hz": 10}))])
    out = capsys.readouterr().out
    assert [line.split()[0] for line in out.splitlines()[1:4]] == ["background", "P", "QRS"]
    assert "share train  share val  share test" in out.splitlines()[0]
    assert "4 recordings of 4 groups, 80 steps (8.0 s at 10 steps per" in out


def test_options_reach_the_loader(tmp_path):
    folder = make_dataset(tmp_path, rows=ROWS)
    (folder / "other.csv").write_text("recording,start,end,label\na,1,2,beat\n")
    assert segmend.audit(folder, annotations="other.csv").chart.labels.names == ("background", "beat")
    assert segmend.audit(folder, background=2).chart.labels.background == 2
    assert rules(folder, labels=["P"]) == [("invalid-annotations", "error")]


def test_a_loaded_data_set_is_as_good_as_its_folder(tmp_path):
    folder = make_dataset(tmp_path, rows=ROWS)
    assert segmend.audit(load_dataset(folder)).to_dict() == segmend.audit(folder).to_dict()
    assert segmend.fingerprint(segmend.load(folder)).segments == 8


def test_arrays_are_audited_too(tmp_path):
    signals = np.random.default_rng(0).normal(size=(2, 30, 2))
    signals[1, 4, 0] = np.nan
    np.save(tmp_path / "X.npy", signals)
    np.save(tmp_path / "y.npy", np.tile(np.repeat([0, 1, 2, 0, 1], 6), (2, 1)))
    assert rules(tmp_path) == [("non-finite-signal", "error")]


def test_data_without_annotations_can_be_looked_at(tmp_path, capsys):
    folder = make_dataset(tmp_path)
    (folder / "annotations.csv").unlink()
    assert run(["audit", str(folder)]) == 1
    assert "4 recordings without any annotation" in " ".join(capsys.readouterr().out.split())


REAL = {
    "ludb": [],
    "finch_gy6or6": [("class-imbalance", "info")],
    "gesture_phase": [("leaked-groups", "warning")],
    "rfid_bedroom": [
        ("class-imbalance", "info"),
        ("flat-channel", "warning"),
        ("flat-channel", "info"),
        ("constant-labels", "info"),
        ("split-shift", "warning"),
    ],
    "tssb": [("touching-same-label", "error"), ("constant-labels", "error")],
}


@pytest.mark.parametrize("name", REAL)
def test_real_sets(name):
    """The notes of these sets tell the same.

    Three people recur in gesture_phase, the second room of rfid_bedroom has other antennas, tssb has borders and no
    classes.
    """
    folder = shared("datasets", name)
    start = time.process_time()
    assert sorted(rules(folder)) == sorted(REAL[name])
    assert time.process_time() - start < 60


@pytest.mark.parametrize(
    ("verb", "forbidden"), [("audit", ("keras", "jax", "tensorflow", "torch", "sklearn", "scipy"))]
)
def test_no_framework_is_loaded(tmp_path, verb, forbidden):
    make_dataset(tmp_path, rows=ROWS)
    assert not _loaded([verb, str(tmp_path)], forbidden)


def test_formats_are_listed_without_numpy():
    assert not _loaded(["formats"], ("numpy", "keras", "scipy", "pydantic"))


def _loaded(arguments, names):
    code = (
        "import sys\nfrom segmend.cli import run\n"
        f"assert run({arguments!r}) == 0\nprint([name for name in {names!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1].replace("'", '"'))
