"""Pages from what the verbs return and from what they leave in folders."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import numpy as np
import pytest

from segmend import reporting
from segmend.artifacts.prediction import Prediction
from segmend.cli import run
from segmend.core.labels import Labels
from segmend.errors import InputError
from segmend.pipeline.diagnose import diagnose
from segmend.pipeline.mend import mend
from segmend.pipeline.report import write_run
from segmend.pipeline.results.page import part_of, shown_names, write_diagnosis, write_mended

NAMES = ("one", "two", "three", "<b>four</b>")


def broken(recordings=4):
    """Long items, each with one-step holes in the probabilities."""
    truth = np.array([[0] * 30 + [1] * 60 + [0] * 30 + [2] * 60 + [0] * 20] * recordings)
    prob = np.eye(3)[truth] * 0.7 + 0.1
    prob[:, 40:80:8] = [0.8, 0.1, 0.1]
    return truth, prob


def heading(page):
    return re.search(r"<h1>(.*?)</h1>", page, re.S)[1]


@pytest.fixture
def predictions(tmp_path):
    truth, prob = broken()
    folder = tmp_path / "predictions"
    for part, rows in (("labels", truth), ("scores", prob)):
        (folder / part).mkdir(parents=True)
        for name, row in zip(("a", "b", "c", "d"), rows, strict=True):
            np.save(folder / part / f"{name}.npy", row)
    (folder / "splits.json").write_text(json.dumps({"val": ["a", "b"], "test": ["c", "d"]}))
    return folder


def test_a_diagnosis_becomes_a_page_with_its_findings(tmp_path):
    truth, prob = broken()
    diagnosis = diagnose(y_true=truth, y_prob=prob, names=NAMES)
    signals = {"one": np.random.default_rng(0).normal(size=(200, 2))}
    path = write_diagnosis(diagnosis, tmp_path / "page.html", signals=signals)
    page = path.read_text(encoding="utf-8")
    assert heading(page) == "The model predicts 28 items where there are 8: 3.5 times too many."
    assert all(finding.rule in page for finding in diagnosis.findings)
    assert "What it finds" in page
    assert "&lt;b&gt;four&lt;/b&gt;" in page and "<b>four</b>" not in page


def test_a_mend_shows_before_beside_mended(tmp_path):
    truth, prob = broken(8)
    mended = mend(y_true=truth, y_prob=prob, budget="20s")
    page = write_mended(mended, tmp_path / "page.html").read_text(encoding="utf-8")
    assert heading(page) == "The model predicts 56 items where there are 16: 3.5 times too many; mended: 16."
    assert mended.certificate.verdict in page


def test_a_folder_is_refused_as_a_file_to_write(tmp_path):
    truth, prob = broken()
    with pytest.raises(InputError, match="expected a file"):
        diagnose(y_true=truth, y_prob=prob).report(tmp_path)


def test_a_page_that_cannot_be_rendered_leaves_nothing(tmp_path, monkeypatch):
    def fail(content):
        raise RuntimeError("no page")

    monkeypatch.setattr(reporting, "render", fail, raising=False)
    truth, prob = broken()
    with pytest.raises(RuntimeError, match="no page"):
        diagnose(y_true=truth, y_prob=prob).report(tmp_path / "page.html")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_shows_its_test_recordings_only(predictions):
    page = write_run(predictions).read_text(encoding="utf-8")
    assert "Timeline of c" in page and "Timeline of d" in page
    assert "Timeline of a" not in page
    assert heading(page).startswith("The model predicts 14 items where there are 4")
    assert "judged on test" in page


def test_decoded_segments_stand_beside_the_argmax(predictions):
    (predictions / "segments").mkdir()
    for name in "abcd":
        rows = f"recording,start,end,label\n{name},30,90,1\n{name},120,180,2\n"
        (predictions / "segments" / f"{name}.csv").write_text(rows)
    page = write_run(predictions).read_text(encoding="utf-8")
    assert heading(page) == "The model predicts 4 items where there are 4: exactly right; argmax: 14."


def test_test_recordings_come_before_validation_and_all():
    row = np.zeros(3, np.int64)
    given = Prediction(names=("a", "b", "c"), labels=Labels.numbered(2), y_true=(row,) * 3, y_pred=(row, row, row + 1))
    assert shown_names(given) == ("a", "b", "c")
    kept = part_of(given, ("c", "a"))
    assert kept.names == ("c", "a")
    assert kept.y_pred[0].tolist() == [1, 1, 1]


def test_the_command_writes_where_it_is_told(predictions, tmp_path, capsys):
    out = tmp_path / "pages" / "page.html"
    assert run(["report", str(predictions), "-o", str(out)]) == 0
    assert capsys.readouterr().out.strip() == str(out)
    assert out.is_file()


def test_the_command_refuses_what_is_no_run(tmp_path, capsys):
    assert run(["report", str(tmp_path)]) == 2
    assert "expected a RUN" in capsys.readouterr().err


def test_the_command_loads_no_framework(predictions):
    code = (
        "import sys; from segmend.cli import run; "
        f"assert run(['report', {str(predictions)!r}]) == 0; "
        "print({'keras', 'jax', 'sklearn', 'torch', 'tensorflow'} & set(sys.modules))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.splitlines()[-1] == "set()"
