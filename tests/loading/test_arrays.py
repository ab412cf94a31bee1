from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import segmend
from segmend.core.truth import truth
from segmend.errors import InputError
from segmend.loading import is_dataset, load_dataset, refuse


def write(folder, **arrays):
    for name, values in arrays.items():
        np.save(folder / f"{name}.npy", np.asarray(values))
    return folder


def test_rows_are_recordings_cut_to_their_lengths(tmp_path):
    write(
        tmp_path,
        X=np.zeros((2, 6, 3)),
        y=[[0, 1, 1, 0, 2, 2], [2, 2, 0, 0, 0, 0]],
        lengths=[6, 3],
        groups=["ann", "bob"],
    )
    assert is_dataset(tmp_path)
    data = load_dataset(tmp_path)
    assert data.labels.names == ("background", "1", "2")
    assert [recording.segments.rows() for recording in data.recordings] == [[(1, 3, 1), (4, 6, 2)], [(0, 2, 2)]]
    assert [recording.steps for recording in data.recordings] == [6, 3]
    assert [recording.group for recording in data.recordings] == ["ann", "bob"]
    assert [recording.name for recording in data.recordings] == ["0", "1"]


def test_one_hot_labels_and_flat_signals(tmp_path):
    data = load_dataset(write(tmp_path, X=np.zeros((1, 3)), y=np.eye(2, dtype=int)[[[0, 1, 1]]]))
    assert data.recordings[0].segments.rows() == [(1, 3, 1)]
    assert data.channels == ("channel_0",)


def test_without_y_nothing_is_annotated(tmp_path):
    assert load_dataset(write(tmp_path, X=np.zeros((1, 3, 1)))).recordings[0].segments is None


def test_signals_stay_in_their_file(tmp_path):
    data = load_dataset(write(tmp_path, X=np.arange(12.0).reshape(2, 3, 2), y=np.zeros((2, 3), int)))
    signal = data.recordings[1].signal
    assert isinstance(signal, np.memmap)
    assert not signal.flags.owndata
    assert signal.tolist() == [[6, 7], [8, 9], [10, 11]]


def described(folder, task, **others):
    (folder / "dataset.json").write_text(json.dumps({"task": task, **others}))


@pytest.mark.parametrize(
    ("y", "labels", "classes"),
    [
        ([1, 0, 2], ("0", "1", "2"), [(1,), (0,), (2,)]),
        ([[1], [-1], [0]], ("0", "1"), [(1,), None, (0,)]),
        ([1.0, 0.0, 1.0], ("0", "1"), [(1,), (0,), (1,)]),
        (["run", "sit", "run"], ("run", "sit"), [(0,), (1,), (0,)]),
        (["run", "", "run"], ("run",), [(0,), None, (0,)]),
        ([[0, 1], [1, 0], [0, 1]], ("0", "1"), [(1,), (0,), (1,)]),
    ],
)
def test_one_label_for_each_recording_is_a_classification_without_background(tmp_path, y, labels, classes):
    data = load_dataset(write(tmp_path, X=np.zeros((3, 5, 1)), y=y))
    assert (data.task.name, data.labels.names, data.labels.background) == ("classification", labels, None)
    assert [recording.classes for recording in data.recordings] == classes
    missing = [name for name, held in zip("012", classes, strict=True) if held is None]
    assert [(problem.kind, problem.recording) for problem in data.problems] == [("not-annotated", n) for n in missing]


def test_several_labels_of_a_recording(tmp_path):
    described(tmp_path, "multilabel-classification", labels=["a", "b", "c"])
    data = load_dataset(write(tmp_path, X=np.zeros((3, 5, 1)), y=[[1, 0, 1], [0, 0, 0], [0, 1, 0]]))
    assert [recording.classes for recording in data.recordings] == [(0, 2), (), (1,)]
    assert truth(data.recordings[0], data.task, data.labels).tolist() == [1, 0, 1]
    assert not data.problems


def test_several_labels_are_known_by_the_number_of_names(tmp_path):
    data = load_dataset(write(tmp_path, X=np.zeros((2, 5, 1)), y=[[1, 1], [0, 1]]), labels=["a", "b"])
    assert (data.task.name, data.recordings[0].classes) == ("multilabel-classification", (0, 1))


def test_several_labels_of_a_recording_need_a_word_in_dataset_json(tmp_path):
    write(tmp_path, X=np.zeros((3, 5, 1)), y=[[1, 0, 1], [0, 0, 0], [0, 1, 0]])
    with pytest.raises(InputError, match=r"several of 3 labels, .task.: .multilabel-.* or 3 .labels. .*\(3, 3\)$"):
        load_dataset(tmp_path)
    for described in ({"task": "multilabel-classification"}, {"labels": ["a", "b", "c"]}):
        (tmp_path / "dataset.json").write_text(json.dumps(described))
        data = load_dataset(tmp_path)
        assert [recording.classes for recording in data.recordings] == [(0, 2), (), (1,)]


@pytest.mark.parametrize("highest", [2, 5])
def test_too_few_steps_are_told_by_their_shape(tmp_path, highest):
    y = np.arange(12 * 60).reshape(12, 60) % highest
    shapes = r"expected class numbers of shape \(12, 64\) or \(12,\) or \(12, 64, classes\) as in X.npy.*"
    with pytest.raises(InputError, match=shapes + r"Received \(12, 60\)$"):
        load_dataset(write(tmp_path, X=np.zeros((12, 64, 1)), y=y))


def test_several_labels_at_a_step(tmp_path):
    y = np.array([[[1, 0], [1, 1], [0, 1], [0, 0], [1, 0]]])
    data = load_dataset(write(tmp_path, X=np.zeros((1, 5, 1)), y=y))
    assert (data.task.name, data.labels.background) == ("multilabel-segmentation", None)
    assert data.recordings[0].segments.rows() == [(0, 2, 0), (1, 3, 1), (4, 5, 0)]
    assert (truth(data.recordings[0], data.task, data.labels) == y[0]).all()


def test_what_lies_beyond_the_end_of_a_recording_is_not_looked_at(tmp_path):
    y = np.full((2, 4, 2), 7)
    y[0], y[1, :2] = [1, 0], [0, 1]
    data = load_dataset(write(tmp_path, X=np.zeros((2, 4, 1)), y=y, lengths=[4, 2]))
    assert data.task.name == "segmentation"
    assert data.recordings[1].segments.rows() == [(0, 2, 1)]


def test_steps_that_are_not_judged_are_neither_learnt_from_nor_scored(tmp_path):
    y = np.array([[0, 1, 1, -1, -1, 1, 0, 0], [2, 2, -1, 0, 0, 0, 0, 0]])
    data = load_dataset(write(tmp_path, X=np.random.default_rng(0).normal(size=(2, 8, 1)), y=y))
    assert data.recordings[0].segments.rows() == [(1, 3, 1), (5, 6, 1)]
    assert data.recordings[0].judged_steps == 6
    assert [truth(recording, data.task, data.labels).tolist() for recording in data.recordings] == y.tolist()
    facts = segmend.fingerprint(data)
    assert [recording.class_steps for recording in facts.recordings] == [(3, 3, 0), (5, 0, 2)]
    assert facts.steps == 13
    assert facts.classes[0].gap.p50 is None  # no gap reaches over what nobody judged


IMAGES = np.zeros((2, 3, 4, 3), np.uint8)
MASK = np.random.default_rng(0).integers(-1, 3, (2, 3, 4))


@pytest.mark.parametrize(
    ("y", "task", "background", "true"),
    [
        (MASK, "segmentation", 0, MASK),
        (MASK[..., None], "segmentation", 0, MASK),
        (np.eye(3, dtype=int)[abs(MASK)], "segmentation", 0, abs(MASK)),
        (np.stack([MASK == 1, MASK > 0], -1), "multilabel-segmentation", None, np.stack([MASK == 1, MASK > 0], -1)),
        ([1, 0], "classification", None, [1, 0]),
    ],
)
def test_images_of_every_form_of_labels(tmp_path, y, task, background, true):
    data = load_dataset(write(tmp_path, X=IMAGES, y=y))
    assert (data.task.name, data.task.rank, data.labels.background) == (task, 2, background)
    assert data.channels == ("red", "green", "blue")
    assert data.recordings[0].signal.shape == (3, 4, 3)
    found = np.stack([truth(recording, data.task, data.labels) for recording in data.recordings])
    assert (found == np.asarray(true)).all()


def test_several_labels_of_an_image(tmp_path):
    described(tmp_path, "multilabel-classification")
    data = load_dataset(write(tmp_path, X=IMAGES, y=[[1, 1, 0], [0, 0, 1]]))
    assert (data.task.rank, [recording.classes for recording in data.recordings]) == (2, [(0, 1), (2,)])


def test_names_that_are_no_class_are_problems(tmp_path):
    data = load_dataset(write(tmp_path, X=np.zeros((2, 5, 1)), y=["run", "sit"]), labels=["run"])
    assert [(p.kind, p.recording, p.where) for p in data.problems] == [("unknown-label", "1", "y.npy, row 1")]
    with pytest.raises(InputError, match=r'y\.npy, row 1: .* expected a label among run. Received "sit"'):
        refuse(data)


def test_a_task_that_does_not_fit_the_labels_is_refused(tmp_path):
    write(tmp_path, X=np.zeros((2, 6, 1)), y=np.ones((2, 6, 3), int))
    described(tmp_path, "segmentation")
    with pytest.raises(InputError, match=r"expected one label at a time, as dataset.json says .* Received several"):
        load_dataset(tmp_path)
    described(tmp_path, "classification")
    with pytest.raises(InputError, match=r"expected class numbers of shape \(2,\) or \(2, classes\)"):
        load_dataset(tmp_path)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_steps_come_back_as_they_were_written(tmp_path_factory, data):
    """What ``truth`` gives is what y.npy holds, for labels that overlap and for those that do not."""
    classes = data.draw(st.integers(1, 3))
    shape = (2, data.draw(st.integers(2, 9)))
    folder = tmp_path_factory.mktemp("arrays")
    multilabel = data.draw(st.booleans())
    size = (*shape, classes) if multilabel else shape
    y = np.random.default_rng(data.draw(st.integers(0, 99))).integers(-1, 2 if multilabel else classes + 1, size)
    if multilabel:  # a step is judged or not, whatever its labels
        y[(y == -1).any(axis=-1)] = -1
    described(folder, "multilabel-segmentation" if multilabel else "segmentation", labels=list("abc"[:classes]))
    loaded = load_dataset(write(folder, X=np.zeros((*shape, 1)), y=y))
    found = np.stack([truth(recording, loaded.task, loaded.labels) for recording in loaded.recordings])
    assert (found == y).all()


@pytest.mark.parametrize(
    ("arrays", "error", "message"),
    [
        ({"y": np.zeros((2, 5), int)}, InputError, r"y\.npy: expected class numbers of shape \(2, 6\)"),
        ({"y": np.zeros((3, 6), int)}, InputError, r"y\.npy: expected class numbers of shape \(2, 6\)"),
        ({"y": np.full((2, 6, 3), 2)}, InputError, r"expected one of .* Received 2 in row 0, step 0, class 0"),
        ({"y": np.full((2, 6, 3, 1), "a")}, InputError, r"expected one class name for each of 2 recordings"),
        ({"y": np.full((2, 6), 0.5)}, InputError, r"Received 0\.5 in row 0, step 0"),
        ({"y": np.full((2, 6), -3)}, InputError, r"Received -3 in row 0, step 0"),
        ({"lengths": [6, 7]}, InputError, "expected 2 lengths from 1 to 6"),
        ({"groups": ["a"]}, InputError, "expected one group for each of 2"),
        ({"X": np.zeros((2, 6, 3, 1)), "lengths": [6, 6]}, InputError, "expected none beside images"),
        ({"X": np.zeros((2, 6, 3, 1, 1))}, InputError, "of images"),
        ({"X": np.zeros(6)}, InputError, r"expected shape \(recordings, steps, channels\)"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(tmp_path, arrays, error, message):
    write(tmp_path, X=np.zeros((2, 6, 3)), y=np.zeros((2, 6), int))
    write(tmp_path, **arrays)
    with pytest.raises(error, match=message):
        load_dataset(tmp_path)
