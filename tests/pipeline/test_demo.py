"""The demo: its data are prepared rightly, and the whole story can be told."""

from __future__ import annotations

import dataclasses
import importlib.util
import itertools
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmend.errors import InputError, MissingDependencyError
from segmend.loading import load_dataset
from segmend.pipeline import demo
from segmend.pipeline.demos import data as demo_data
from segmend.pipeline.demos import starter as demo_starter
from segmend.pipeline.demos import story as demo_story


@pytest.fixture(scope="module")
def wrist() -> demo_data.Wrist:
    try:
        return demo_data.read(demo_data.find())
    except MissingDependencyError:
        pytest.skip("seglearn is not installed, which brings the recordings")


def test_sessions_hold_all_recordings_and_no_exercise_next_to_itself(wrist):
    sessions = demo_data.join(wrist, seed=0)
    assert len(sessions) == 10
    assert sum(len(session.signal) for session in sessions) == sum(len(signal) for signal in wrist.signals)
    for session in sessions:
        kinds = [exercise for _, _, exercise in session.bouts]
        assert len(kinds) == 14
        assert all(kinds.count(exercise) == 2 for exercise in wrist.exercises)
        assert all(one != other for one, other in itertools.pairwise(kinds))
        edges = [0, *(stop for _, stop, _ in session.bouts)]
        assert [start for start, _, _ in session.bouts] == edges[:-1]
        assert edges[-1] == len(session.signal)


def test_a_bout_is_one_recording_of_that_person_and_exercise(wrist):
    session = demo_data.join(wrist, seed=3)[4]
    for start, stop, exercise in session.bouts:
        own = [
            signal
            for signal, person, kind in zip(wrist.signals, wrist.person, wrist.exercise, strict=True)
            if person == 5 and wrist.exercises[kind] == exercise
        ]
        assert any(np.array_equal(session.signal[start:stop], signal) for signal in own)


def test_the_seed_decides_the_order(wrist):
    orders = [[session.bouts for session in demo_data.join(wrist, seed=seed)] for seed in (0, 0, 1)]
    assert orders[0] == orders[1] != orders[2]


def test_the_folder_loads_without_a_problem_and_nobody_is_in_two_roles(wrist, tmp_path):
    data = load_dataset(demo_data.write(wrist, demo_data.join(wrist, seed=0), tmp_path / "data"))
    assert data.problems == ()
    assert data.labels.background is None and len(data.labels) == 7
    assert {role: len(names) for role, names in data.split.items()} == {"train": 5, "val": 2, "test": 3}
    assert len({name for names in data.split.values() for name in names}) == 10


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 3), max_size=9), st.integers(0, 100))
def test_orders_have_no_neighbours_of_a_kind_or_are_refused(kinds, seed):
    most = max((kinds.count(kind) for kind in kinds), default=0)
    if most > (len(kinds) + 1) // 2:
        with pytest.raises(InputError, match="more than half"):
            demo_data.shuffled(kinds, np.random.default_rng(seed))
        return
    order = demo_data.shuffled(kinds, np.random.default_rng(seed))
    assert sorted(order.tolist()) == list(range(len(kinds)))
    drawn = [kinds[k] for k in order]
    assert all(one != other for one, other in itertools.pairwise(drawn))


def test_another_file_is_never_unpickled(tmp_path, monkeypatch):
    file = tmp_path / "watch_dataset.npy"
    np.save(file, np.array({"X": []}, dtype=object), allow_pickle=True)
    monkeypatch.setattr(np, "load", lambda *given, **more: pytest.fail("it was opened"))
    with pytest.raises(InputError, match="SHA-256"):
        demo_data.read(file)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(InputError, match="SHA-256"):
        demo_data.read(tmp_path / "none.npy")


def test_without_the_package_the_command_that_brings_it_is_named(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(MissingDependencyError, match=r'pip install "segmend\[demo\]"'):
        demo_data.find()


@pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy:DeprecationWarning")
def test_the_whole_story_is_told(wrist, tmp_path, monkeypatch):
    short = tuple(signal[::40] for signal in wrist.signals)
    monkeypatch.setattr(demo_data, "read", lambda path: dataclasses.replace(wrist, signals=short))
    monkeypatch.setattr(demo_starter, "EPOCHS", 3)
    monkeypatch.setattr(demo_starter, "WINDOW", 64)
    monkeypatch.setattr(demo_story, "MEND_S", 4.0)
    monkeypatch.setattr(demo_story, "TRAIN_S", 25.0)
    said: list[str] = []
    told = demo.demo(tmp_path / "demo", say=said.append)
    content = json.loads((tmp_path / "demo" / "demo.json").read_text())
    assert content == told.to_dict() | {"split": {role: list(names) for role, names in told.split.items()}}
    assert set(content) >= {"before", "mended", "planned", "split"}
    for name in ("before", "mended", "planned"):
        assert set(content[name]) == {"count_ratio", "segment_f1@50", "step_accuracy"}
        assert told.scores[name]["count"]["reference"] == 42
    assert any("joined" in line for line in said)
    page = (tmp_path / "demo" / "report.html").read_text(encoding="utf-8")
    assert "mended" in page and "planned" in page and "person-08" in page
    assert (tmp_path / "demo" / "run" / "plan.toml").is_file()
    assert (tmp_path / "demo" / "mended" / "certificate.json").is_file()
