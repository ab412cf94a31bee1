from __future__ import annotations

import json
import pathlib
import tracemalloc

import numpy as np
import pytest

from segmend.artifacts.fingerprint import Fingerprint
from segmend.artifacts.prediction import Prediction
from segmend.core.labels import Labels
from segmend.core.segments import Segments
from segmend.errors import InputError
from segmend.fingerprinting import fingerprint, of_labels
from segmend.loading import load_dataset
from tests.builders import HEARTBEATS, make_dataset
from tests.shared import shared


def test_a_small_set_by_hand(tmp_path):
    rows = [("a", 2, 5, "P"), ("a", 5, 9, "P"), ("a", 10, 12, "Q"), ("b", 0, 20, "Q")]
    facts = fingerprint(load_dataset(make_dataset(tmp_path, rows=rows, signals={n: np.eye(20, 2) for n in "ab"})))
    p, q = facts.classes
    assert (p.name, p.steps, p.segments, p.recordings, p.touching) == ("P", 7, 2, 1, 1)
    assert (p.step_share, p.segment_share) == (7 / 40, 0.5)
    assert (p.duration.p50, p.duration.max, p.gap.p50) == (3.5, 4.0, 0.0)
    assert (q.steps, q.segments, q.recordings, q.touching) == (22, 2, 2, 0)
    assert facts.background_share == 11 / 40
    assert (facts.steps, facts.segments) == (40, 4)
    assert (facts.gap.p25, facts.gap.max) == (0.25, 1.0)
    assert facts.recordings[0].class_steps == (11, 7, 2)
    assert facts.recordings[1].class_segments == (0, 0, 1)
    assert facts.recordings[0].digest == facts.recordings[1].digest
    assert facts.measured_on == "all recordings"


def test_durations_are_measured_on_train_and_signals_on_everything(tmp_path):
    split = {"train": ["a"], "val": ["b"], "test": ["c", "d"], "test_again": ["d"]}
    facts = fingerprint(load_dataset(make_dataset(tmp_path, description={"split": split})))
    assert facts.measured_on == "train"
    assert facts.segments == 2
    assert facts.steps == 20
    assert [recording.role for recording in facts.recordings] == ["train", "val", "test", "test"]
    assert facts.recordings[3].also_in == ("test_again",)
    whole = np.concatenate([np.load(file) for file in sorted((tmp_path / "signals").iterdir())])
    assert np.isclose(facts.channels[1].mean, whole[:, 1].mean())
    assert np.isclose(facts.channels[1].std, whole[:, 1].std())


def test_recordings_without_annotation_count_for_signals_only(tmp_path):
    facts = fingerprint(load_dataset(make_dataset(tmp_path, rows=HEARTBEATS[:2])))
    assert facts.steps == 20
    assert facts.recordings[1].segments is None
    assert facts.recordings[1].class_steps == ()
    assert [problem["kind"] for problem in facts.problems] == ["not-annotated"] * 3


def test_it_survives_json(tmp_path):
    facts = fingerprint(load_dataset(make_dataset(tmp_path)))
    assert Fingerprint.from_dict(json.loads(json.dumps(facts.to_dict()))) == facts


def test_what_was_written_before_neighbours_and_noise_were_told_still_loads(tmp_path):
    content = fingerprint(load_dataset(make_dataset(tmp_path))).to_dict()
    for name in ("extent", "transitions", "co_occurrence", "effective_segments"):
        del content[name]
    for each in content["classes"]:
        del each["rate"], each["per_recording"], each["effective_segments"]
    for each in content["channels"]:
        del each["noise"]
    facts = Fingerprint.from_dict(json.loads(json.dumps(content)))
    assert (facts.extent, facts.transitions, facts.channels[0].noise) == ((), (), None)


def test_neighbours_sizes_and_counts_by_hand(tmp_path):
    rows = [("a", 2, 5, "P"), ("a", 5, 9, "Q"), ("a", 10, 12, "P"), ("b", 0, 16, "Q")]
    signals = {"a": np.eye(20, 2), "b": np.eye(30, 2)}
    facts = fingerprint(load_dataset(make_dataset(tmp_path, rows=rows, signals=signals)))
    assert [side.model_dump() for side in facts.extent] == [{"min": 20, "median": 25.0, "max": 30}]
    assert [(t.before, t.after, t.pairs, t.touching) for t in facts.transitions] == [("P", "Q", 1, 1), ("Q", "P", 1, 0)]
    assert (facts.classes[0].rate, facts.classes[0].per_recording.max) == (2 / 50, 2.0)
    assert facts.classes[1].effective_segments == 2.0


def test_images_and_their_objects():
    masks = (np.array([[1, 1, 0, 0], [0, 0, 0, 1]]), np.zeros((3, 4), int))
    facts = of_labels(
        Prediction(
            names=("a", "b"),
            labels=Labels.of(["cell"]),
            rank=2,
            y_true=masks,
            y_pred=masks,
        )
    )
    (cell,) = facts.classes
    assert (cell.segments, cell.steps, cell.recordings, facts.background_share) == (2, 3, 1, 17 / 20)
    assert (cell.per_recording.p50, cell.gap.p50) == (1.0, np.hypot(1.0, 2.5))
    assert [side.max for side in facts.extent] == [3, 4]
    assert facts.recordings[0].class_segments == (0, 2)


def test_bare_labels_with_and_without_tables():
    labels = Labels.of(["P"])
    steps = (np.array([0, 1, 1, 1, 1, 0, -1, -1]),)
    bare = Prediction(names=("x",), labels=labels, y_true=steps, y_pred=steps, groups=("ann",))
    facts = of_labels(bare)
    assert (facts.classes[0].segments, facts.classes[0].touching, facts.background_share) == (1, 0, 1 / 3)
    assert (facts.channels, facts.recordings[0].digest, facts.recordings[0].group) == ((), None, "ann")
    tables = (Segments.from_rows([(1, 3, 1), (3, 5, 1)]),)
    apart = of_labels(Prediction(names=("x",), labels=labels, y_true=steps, y_pred=steps, reference=tables))
    assert (apart.classes[0].segments, apart.classes[0].touching) == (2, 1)
    with pytest.raises(InputError, match="y_true"):
        of_labels(Prediction(names=("x",), labels=labels, y_true=None, y_pred=steps))


def test_memory_stays_constant(tmp_path):
    """A recording of 48 MB as float64 is measured in a fraction of that."""
    big = np.lib.format.open_memmap(_signals(tmp_path) / "a.npy", "w+", np.float32, (3_000_000, 2))
    big[::7] = 1
    del big
    data = load_dataset(tmp_path)
    tracemalloc.start()
    facts = fingerprint(data)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert facts.channels[0].max == 1.0
    assert peak < 25e6


def _signals(folder):
    (folder / "signals").mkdir()
    (folder / "annotations.csv").write_text("recording,start,end,label\na,0,5,P\n")
    return folder / "signals"


def test_ludb_holds_what_its_notes_say():
    data = load_dataset(shared("datasets", "ludb"))
    description = json.loads((data.path / "dataset.json").read_text())
    facts = fingerprint(data)
    assert facts.measured_on == "train"
    assert facts.segments == description["split_counts"]["train"]["items"]
    by_class = np.sum([recording.class_segments for recording in facts.recordings], axis=0)
    stats = description["stats"]
    assert dict(zip(facts.labels[1:], by_class[1:].tolist(), strict=True)) == stats["items_by_label"]
    steps = np.sum([recording.class_steps for recording in facts.recordings], axis=0)
    assert dict(zip(facts.labels[1:], steps[1:].tolist(), strict=True)) == {
        name: stats["steps_by_label"][name] for name in facts.labels[1:]
    }


def test_mapped_pages_do_not_stay_resident(tmp_path):
    np.lib.format.open_memmap(_signals(tmp_path) / "a.npy", "w+", np.float32, (8_000_000, 1))[::7] = 1
    data = load_dataset(tmp_path)
    before = _resident()
    fingerprint(data)
    assert _resident() - before < 25e6  # of 32 MB


def _resident():
    try:
        status = pathlib.Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        pytest.skip("this system does not tell what is resident")
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) * 1000
