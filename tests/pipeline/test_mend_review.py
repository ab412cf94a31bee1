"""Labels that look wrong: a list for people, annotations without them, and a training that does without."""

import csv
import dataclasses
import json

import keras
import numpy as np
import pytest

import segmend
from segmend.artifacts.review import Doubt, Review
from segmend.cli import run as command
from segmend.core.dataset import Dataset
from segmend.core.labels import Labels
from segmend.core.recording import Recording
from segmend.core.task import Task
from segmend.core.truth import truth
from segmend.diagnosis.review import hidden
from segmend.errors import InputError
from segmend.formats.audacity import Audacity
from segmend.formats.base import Image
from segmend.formats.label_studio import LabelStudio
from segmend.formats.png import Png
from segmend.loading import load_dataset
from segmend.mending.edits import training_edit
from segmend.pipeline.results import review_files
from segmend.pipeline.retraining.practice import practice_of, without
from segmend.pipeline.retraining.workshop import Workshop

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy:DeprecationWarning")

HASTE = 3.0

LEVELS = {"low": 1.0, "high": 3.0}
STEPS = 240


def _recording(rng, swapped):
    """Segments of two levels on noise about 0, of which some carry the other's name."""
    signal, rows = rng.normal(0, 0.2, (STEPS, 1)).astype(np.float32), []
    for start in range(8, STEPS - 20, 24):
        label = ("low", "high")[int(rng.integers(2))]
        signal[start : start + 12, 0] += LEVELS[label]
        other = "low" if label == "high" else "high"
        rows.append((start, start + 12, other if swapped and rng.random() < swapped else label))
    return signal, rows


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A DATA folder in whose training part every eighth item has the wrong name, and a model that was trained on it."""
    path, rng = tmp_path_factory.mktemp("review"), np.random.default_rng(0)
    data = path / "data"
    (data / "signals").mkdir(parents=True)
    split = {"train": [f"t{k}" for k in range(16)], "val": [f"v{k}" for k in range(8)]}
    lines = ["recording,start,end,label"]
    for name in (*split["train"], *split["val"]):
        signal, rows = _recording(rng, 0.15 if name.startswith("t") else 0.0)
        np.save(data / "signals" / f"{name}.npy", signal)
        lines += [f"{name},{start},{stop},{label}" for start, stop, label in rows]
    (data / "annotations.csv").write_text("\n".join(lines) + "\n")
    described = {"sampling_rate_hz": 50, "split": split, "labels": ["low", "high"]}
    (data / "dataset.json").write_text(json.dumps(described))
    keras.utils.set_random_seed(0)
    layers = [keras.layers.Conv1D(4, 3, padding="same", activation="relu"), keras.layers.Dense(3, activation="softmax")]
    model = keras.Sequential([keras.Input((None, 1)), *layers])
    model.compile(keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy")
    model.save(path / "model.keras")
    return path


@pytest.fixture(scope="module")
def out(folder):
    """What ``segmend mend MODEL DATA`` writes."""
    arguments = [str(folder / "model.keras"), str(folder / "data"), "-o", str(folder / "out"), "--budget", "40s"]
    assert command(["mend", *arguments]) == 0
    return folder / "out"


def _wrong(data):
    """(recording, start) of the items that carry the other's name, as the signal tells."""
    return {
        (each.name, start)
        for each in data.recordings
        for start, stop, label in each.segments.rows()
        if (each.signal[start:stop].mean() > 2) != (label == 2)
    }


def test_the_table_names_the_wrong_ones(folder, out):
    with (out / "review" / "review.csv").open() as file:
        rows = list(csv.DictReader(file))
    wrong = _wrong(load_dataset(folder / "data"))
    listed = [(row["recording"], int(row["start"])) for row in rows if row["kind"] == "mislabelled"]
    assert len(wrong) > 8
    assert len(wrong & set(listed)) >= 0.8 * len(listed)
    first = rows[0]
    assert float(first["start_s"]) == pytest.approx(int(first["start"]) / 50)
    assert {first["label"], first["looks_like"]} == {"low", "high"}
    assert [row["rank"] for row in rows] == [str(k) for k in range(1, len(rows) + 1)]


def test_audacity_and_label_studio_show_the_same_places(out):
    with (out / "review" / "review.csv").open() as file:
        places = {(row["recording"], float(row["start_s"])) for row in csv.DictReader(file)}
    tracks = [Audacity().read(path) for path in sorted((out / "review" / "audacity").iterdir())]
    assert {(name, t) for track in tracks for name, t in zip(track.recording, track.start, strict=True)} == places
    tasks = LabelStudio().read(out / "review" / "label_studio.json")
    assert {(name, t) for name, t in zip(tasks.recording, tasks.start, strict=True)} == places


def test_the_cleaned_annotations_hide_training_items_only(folder, out):
    before = load_dataset(folder / "data")
    after = load_dataset(folder / "data", annotations=out / "review" / "annotations.csv")
    wrong, hidden = _wrong(before), set()
    for own, other in zip(before.recordings, after.recordings, strict=True):
        assert own.segments.rows() == other.segments.rows()
        starts = set() if other.ignored is None else {(own.name, start) for start, _, _ in other.ignored.rows()}
        assert not starts or own.name.startswith("t")
        hidden |= starts
    assert len(hidden & wrong) >= 0.8 * len(hidden) > 6


def test_a_training_does_without_them(folder):
    data = load_dataset(folder / "data")
    (edit,) = (training_edit(remedy.edits) for remedy in _remedies(data) if remedy.name == "leave-out-the-doubted")
    practice = practice_of(data, [f"v{k}" for k in range(8)])
    learnt = practice.data.split["train"][0]
    with_less = without(practice, {learnt: [(8, 20), (32, 44)], practice.data.split["val"][0]: [(0, 4)]})
    steps = {each.name: truth(each, data.task, data.labels) for each in with_less.data.recordings}
    assert (np.flatnonzero(steps.pop(learnt) == -1) == [*range(8, 20), *range(32, 44)]).all()
    assert not any((rows == -1).any() for rows in steps.values())
    assert edit.without_doubted and not edit.rebuild and "doubted training items left out" in edit.described()
    model = keras.saving.load_model(folder / "model.keras", compile=False)
    bench = Workshop(model=model, anatomy=None, practice=practice)
    with pytest.raises(InputError, match="expected doubted training items of classes that are not rare"):
        bench.train(edit, 5.0)
    trained = dataclasses.replace(bench, doubted={learnt: [(8, 20)]}).train(edit, 5.0)
    assert trained.model is not model


def _remedies(data):
    from segmend.pipeline.audit import audit

    found = audit(data, preview=True).findings
    return [remedy for finding in found if finding.rule == "label-noise" for remedy in finding.remedies]


def test_wholes_that_are_doubted_are_left_out():
    rng = np.random.default_rng(0)
    recordings = tuple(
        Recording(name=f"r{k}", signal=rng.normal(size=(20, 1)), classes=(k % 2,), group=f"g{k}") for k in range(12)
    )
    split = {"train": tuple(each.name for each in recordings)}
    labels, task = Labels.of(["x", "y"], None), Task.named("classification", 2)
    data = Dataset(recordings=recordings, task=task, labels=labels, channels=("0",), split=split)
    practice = practice_of(data, [])
    name = practice.data.split["train"][0]
    less = without(practice, {name: [(0, 20)]})
    assert name not in less.data.split["train"] and name not in {each.name for each in less.data.recordings}
    assert len(less.data.recordings) == len(practice.data.recordings) - 1


def test_right_labels_leave_nothing_to_review(tmp_path):
    rng = np.random.default_rng(1)
    signals, rows = zip(*(_recording(rng, 0.0) for _ in range(12)), strict=True)
    truth = np.zeros((12, STEPS), int)
    for steps, own in zip(truth, rows, strict=True):
        for start, stop, label in own:
            steps[start:stop] = 1 + (label == "high")
    x = np.stack(signals)
    centres = np.array([0.0, 1.0, 3.0])

    def model(rows):
        score = -((rows - centres) ** 2) / 0.5
        return np.exp(score) / np.exp(score).sum(axis=-1, keepdims=True)

    mended = segmend.mend(model, x[:6], truth[:6], validation_data=(x[6:], truth[6:]), budget="10s")
    assert [place.kind for place in mended.review.places] == []
    mended.save(tmp_path / "out")
    assert not (tmp_path / "out" / "review").exists()


def test_audit_writes_the_same_without_a_model(folder, tmp_path, capsys):
    arguments = ["audit", str(folder / "data"), "--review", str(tmp_path / "review")]
    command(arguments)
    told = capsys.readouterr().err
    with (tmp_path / "review" / "review.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert f"wrote {len(rows)} places" in told
    listed = {(row["recording"], int(row["start"])) for row in rows if row["kind"] == "mislabelled"}
    assert len(listed & _wrong(load_dataset(folder / "data"))) >= 0.8 * len(listed) > 6
    assert (tmp_path / "review" / "annotations.csv").is_file()
    assert command(arguments) == 2
    assert "review" in capsys.readouterr().err
    assert command([*arguments, "--overwrite"]) in (0, 1)


def test_audit_of_right_labels_writes_nothing(tmp_path, capsys):
    rng = np.random.default_rng(1)
    (tmp_path / "data" / "signals").mkdir(parents=True)
    lines = ["recording,start,end,label"]
    for k in range(8):
        signal, rows = _recording(rng, 0.0)
        np.save(tmp_path / "data" / "signals" / f"r{k}.npy", signal)
        lines += [f"r{k},{start},{stop},{label}" for start, stop, label in rows]
    (tmp_path / "data" / "annotations.csv").write_text("\n".join(lines) + "\n")
    command(["audit", str(tmp_path / "data"), "--review", str(tmp_path / "review")])
    assert "nothing to review" in capsys.readouterr().err
    assert not (tmp_path / "review").exists()


def test_data_that_take_no_annotations_get_none(tmp_path):
    np.save(tmp_path / "X.npy", np.zeros((4, 20, 1)))
    np.save(tmp_path / "y.npy", np.arange(4) % 2)
    data = load_dataset(tmp_path)
    first = data.recordings[0].name
    place = Doubt(
        kind="mislabelled", recording=first, start=None, stop=None, label="0", looks_like="1", told="0, not 1"
    )
    assert hidden(data, Review(places=(place,))) == {first: [(0, 20)]}
    assert review_files.cleaned(data, Review(places=(place,))) is None


def test_images_that_are_doubted_are_left_out_of_the_table(tmp_path):
    """Images with a label each: the doubted one of train is not judged, the one of val stays, rare ones stay."""
    rng = np.random.default_rng(0)
    (tmp_path / "images").mkdir()
    names = [f"i{k}" for k in range(9)]
    for name in names:
        Png().write(tmp_path / "images" / f"{name}.png", Image(rng.integers(0, 255, (6, 6, 1)).astype(np.uint8)))
    lines = [f"{name},{'xy'[k % 2]}" for k, name in enumerate(names)]
    (tmp_path / "annotations.csv").write_text("\n".join(["recording,label", *lines]))
    split = {"train": names[:6], "val": names[6:]}
    (tmp_path / "dataset.json").write_text(json.dumps({"task": "classification", "labels": ["x", "y"], "split": split}))
    data = load_dataset(tmp_path)
    places = [("i1", False), ("i3", True), ("i7", False)]
    common = {"kind": "mislabelled", "start": None, "stop": None, "label": "y", "looks_like": "x", "told": "y, not x"}
    review = Review(places=tuple(Doubt(recording=name, rare=rare, **common) for name, rare in places))
    review_files.write(review, tmp_path / "review", cleaned=review_files.cleaned(data, review))
    again = load_dataset(tmp_path, annotations=tmp_path / "review" / "annotations.csv")
    assert [each.name for each in again.recordings if not each.annotated] == ["i1"]
    assert [each.classes for each in again.recordings if each.annotated] == [
        each.classes for each in data.recordings if each.name != "i1"
    ]
    practice = practice_of(data, names[6:])
    learnt = practice.data.split["train"][0]
    assert learnt not in without(practice, {learnt: [(0, 6)]}).data.split["train"]
