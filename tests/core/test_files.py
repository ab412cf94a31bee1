import json
from pathlib import Path

import numpy as np
import pytest

from segmend.core.files import locked, nulled, staged_file, staged_folder, write_json
from segmend.errors import OutputExistsError


def test_a_failing_block_leaves_nothing_behind(tmp_path):
    with pytest.raises(RuntimeError), staged_folder(tmp_path / "out") as stage:
        (stage / "half").write_text("half")
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


def test_a_failing_overwrite_keeps_the_old_folder(tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "old").write_text("old")
    with pytest.raises(RuntimeError), staged_folder(tmp_path / "out", overwrite=True):
        raise RuntimeError
    assert (tmp_path / "out" / "old").read_text() == "old"
    assert len(list(tmp_path.iterdir())) == 1


def test_a_folder_that_holds_files_is_refused_before_any_work(tmp_path):
    (tmp_path / "old").write_text("old")
    with pytest.raises(OutputExistsError, match="--overwrite"), staged_folder(tmp_path):
        pytest.fail("the block must not start")


def test_an_empty_folder_is_used_and_overwriting_replaces_it_whole(tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    for name in ("first", "second"):
        with staged_folder(out, overwrite=True) as stage:
            (stage / name).write_text(name)
    assert [path.name for path in out.iterdir()] == ["second"]
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path):
    path = tmp_path / "scores.json"
    write_json(path, {"f1": 0.5})
    with pytest.raises(RuntimeError), staged_file(path) as stage:
        stage.write_text("half")
        raise RuntimeError
    assert json.loads(path.read_text()) == {"f1": 0.5}
    assert [entry.name for entry in tmp_path.iterdir()] == ["scores.json"]


def test_json_holds_null_for_what_cannot_be_computed():
    content = {1: np.float64("nan"), "inf": float("inf"), "array": np.array([1.0, np.nan]), "n": np.int64(3)}
    assert nulled(content) == {"1": None, "inf": None, "array": [1.0, None], "n": 3}


def test_a_folder_that_cannot_be_replaced_is_put_back(tmp_path, monkeypatch):
    out = tmp_path / "out"
    out.mkdir()
    (out / "old.txt").write_text("old")
    usual = Path.rename

    def rename(self, target):
        if self.name.startswith(".out."):
            raise OSError(18, "another file system")
        return usual(self, target)

    monkeypatch.setattr(Path, "rename", rename)
    with pytest.raises(OSError, match="another file system"), staged_folder(out, overwrite=True) as stage:
        (stage / "new.txt").write_text("new")
    assert (out / "old.txt").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_what_appeared_meanwhile_is_not_replaced(tmp_path):
    out = tmp_path / "out"
    with pytest.raises(OutputExistsError), staged_folder(out) as stage:
        (stage / "mine.txt").write_text("mine")
        out.mkdir()
        (out / "theirs.txt").write_text("theirs")
    assert [path.name for path in out.iterdir()] == ["theirs.txt"]


def test_a_lock_is_held_by_one_and_given_back(tmp_path):
    pytest.importorskip("fcntl")
    again = locked(tmp_path / "lock")
    with locked(tmp_path / "lock"), pytest.raises(OutputExistsError, match="another process is at work"):
        again.__enter__()
    with locked(tmp_path / "lock"):
        pass


def test_what_can_neither_be_replaced_nor_put_back_is_not_deleted(tmp_path, monkeypatch):
    out = tmp_path / "out"
    out.mkdir()
    (out / "old.txt").write_text("old")
    usual = Path.rename
    monkeypatch.setattr(Path, "rename", lambda self, target: usual(self, target) if target != out else _refuse())
    with pytest.raises(OSError, match="gone"), staged_folder(out, overwrite=True):
        pass
    assert [path.read_text() for path in tmp_path.rglob("old.txt")] == ["old"]


def _refuse():
    raise OSError(5, "the disk is gone")
