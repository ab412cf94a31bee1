"""segmend audit: what can be read is a finding, what cannot is one clear refusal."""

from __future__ import annotations

import json

import numpy as np
import pytest

from segmend.cli import run
from tests.builders import make_dataset
from tests.pipeline.test_audit import ROWS, SPLIT, noise


def _nan(folder):
    values = noise()["b"]
    values[3, 1] = np.nan
    make_dataset(folder, rows=ROWS, signals=noise(b=values))


def _flat(folder):
    make_dataset(folder, rows=ROWS, signals={name: values * [1, 0] for name, values in noise().items()})


def _copies(folder):
    same = np.random.default_rng(5).normal(size=(20, 2))
    make_dataset(folder, rows=ROWS, signals=noise(a=same, d=same), description={"split": SPLIT})


def _groups(folder):
    make_dataset(folder, rows=ROWS, description={"split": SPLIT, "groups": {"a": "ann", "c": "ann"}})


def _twice_in_split(folder):
    make_dataset(folder, rows=ROWS, description={"split": {**SPLIT, "val": ["a", "c"]}})


def _touching(folder):
    make_dataset(folder, rows=[*ROWS, ("a", 9, 11, "QRS"), ("a", 11, 13, "QRS"), ("c", 7, 9, "P")])


def _constant(folder):
    make_dataset(folder, rows=[(name, 0, 20, "P") for name in "abcd"])


def _with(*rows):
    return lambda folder: make_dataset(folder, rows=[*ROWS, *rows], description={"labels": ["P", "QRS"]})


@pytest.mark.parametrize(
    ("spoil", "rule", "severity"),
    [
        (_nan, "non-finite-signal", "error"),
        (_flat, "flat-channel", "warning"),
        (_copies, "leaked-groups", "error"),
        (_groups, "leaked-groups", "warning"),
        (_twice_in_split, "leaked-groups", "error"),
        (_touching, "touching-same-label", "warning"),
        (_constant, "constant-labels", "error"),
        (_with(("a", 3, 8, "QRS")), "invalid-annotations", "error"),
        (_with(("a", 14, 12, "P")), "invalid-annotations", "error"),
        (_with(("a", 14, 22, "P")), "invalid-annotations", "error"),
        (_with(("a", 14, 15, "U")), "invalid-annotations", "error"),
        (_with(("a", 14, 15, "")), "invalid-annotations", "error"),
        (_with(("z", 14, 15, "P")), "invalid-annotations", "error"),
        (lambda folder: make_dataset(folder, rows=ROWS[:4]), "invalid-annotations", "warning"),
    ],
)
def test_what_can_be_read_is_a_finding_and_exit_code_1(tmp_path, capsys, spoil, rule, severity):
    spoil(tmp_path)
    assert run(["audit", str(tmp_path), "--json"]) == 1
    out, err = capsys.readouterr()
    found = {finding["rule"]: finding["severity"] for finding in json.loads(out)["findings"]}
    assert found[rule] == severity
    assert set(found) <= {rule, "invalid-annotations", "too-few-segments"}
    assert not err


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda folder: (folder / "annotations.csv").write_text("a,b\n1,2\n"), "expected the columns"),
        (lambda folder: (folder / "dataset.json").write_text("{"), "dataset.json, line 1, column 2: expected JSON"),
        (lambda folder: (folder / "signals" / "b.npy").write_bytes(b"\x93NUMPY"), "b.npy: expected a whole .npy file"),
        (
            lambda folder: (folder / "signals" / "a.csv").write_text("x,y\n1,2\n"),
            "expected one file for each recording",
        ),
    ],
)
def test_the_unreadable_is_one_clear_message_and_exit_code_2(tmp_path, capsys, spoil, message):
    spoil(make_dataset(tmp_path))
    assert run(["audit", str(tmp_path)]) == 2
    out, err = capsys.readouterr()
    assert not out
    assert message in err
    assert err.count("\n") == 1
    assert "Traceback" not in err
