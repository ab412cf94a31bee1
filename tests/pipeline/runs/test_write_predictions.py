"""What is written of a prediction comes back, for every task and rank."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from segmend.artifacts.prediction import Prediction
from segmend.core.labels import Labels
from segmend.core.segments import Segments
from segmend.errors import InputError
from segmend.loading import load_predictions
from segmend.pipeline.runs.write_predictions import write_predictions

NAMES, CLASSES = ("r1", "r2"), 3

LABELS = {True: Labels(("a", "b", "c"), None), False: Labels(("background", "b", "c"), 0)}


def prediction(rank, *, multilabel, whole=False):
    """Random numbers in the form of a task; ``rank`` is that of the recordings."""
    rng = np.random.default_rng(7)
    spatial = [] if whole else [(9, 12)[:rank], (4, 5)[:rank]]
    shapes = [(), ()] if whole else spatial
    y_prob = tuple(rng.dirichlet(np.ones(CLASSES), shape).astype(np.float32) for shape in shapes)
    numbers = (2, "classes") if multilabel else (CLASSES, "one")

    def answers():
        size = [(*shape, CLASSES) if multilabel else shape for shape in shapes]
        return tuple(np.asarray(rng.integers(0, numbers[0], shape)) for shape in size)

    y_true, y_pred = answers(), answers()
    objects = rank == 2 and not whole
    return Prediction(
        names=NAMES,
        labels=LABELS[multilabel or whole],
        y_true=y_true,
        y_pred=y_pred,
        y_prob=y_prob,
        rank=0 if whole else rank,
        data_rank=rank,
        multilabel=multilabel,
        instances=tuple(row * 2 for row in y_true) if objects else None,
        predicted_instances=tuple(row * 3 for row in y_pred) if objects else None,
        groups=("g1", "g2"),
        splits={"val": ("r1",), "test": ("r2",)},
        sampling_rate_hz=50.0 if rank == 1 else None,
    )


EVERY = [(rank, multilabel, whole) for rank in (1, 2) for multilabel in (False, True) for whole in (False, True)]
each = pytest.mark.parametrize(("rank", "multilabel", "whole"), EVERY)


def assert_alike(back, given):
    assert (back.names, back.labels, back.rank, back.multilabel) == (
        given.names,
        given.labels,
        given.rank,
        given.multilabel,
    )
    assert back.task == given.task
    for key in ("y_true", "y_pred", "y_prob", "instances", "predicted_instances"):
        one, other = getattr(back, key), getattr(given, key)
        assert (one is None) == (other is None), key
        for a, b in zip(one or (), other or (), strict=True):
            assert np.shape(a) == np.shape(b), key
            np.testing.assert_array_equal(a, b, err_msg=key)


@each
def test_a_prediction_comes_back(rank, multilabel, whole, tmp_path):
    given = prediction(rank, multilabel=multilabel, whole=whole)
    write_predictions(given, tmp_path)
    back = load_predictions(tmp_path)
    assert_alike(back, given)
    assert (back.groups, back.splits, back.sampling_rate_hz) == (given.groups, given.splits, given.sampling_rate_hz)


@each
def test_without_scores_what_was_decoded_comes_back(rank, multilabel, whole, tmp_path):
    given = dataclasses.replace(prediction(rank, multilabel=multilabel, whole=whole), y_prob=None)
    write_predictions(given, tmp_path)
    assert not (tmp_path / "scores").exists()
    assert_alike(load_predictions(tmp_path), given)


@each
def test_without_labels_nothing_is_true(rank, multilabel, whole, tmp_path):
    given = dataclasses.replace(prediction(rank, multilabel=multilabel, whole=whole), y_true=None, instances=None)
    write_predictions(given, tmp_path)
    assert_alike(load_predictions(tmp_path), given)


def test_reference_segments_that_touch_come_back_apart(tmp_path):
    table = Segments(np.array([0, 3]), np.array([3, 6]), np.array([1, 1]))
    given = prediction(1, multilabel=False)
    given = dataclasses.replace(given, reference=(table, Segments.empty()))
    write_predictions(given, tmp_path)
    assert [each.rows() for each in load_predictions(tmp_path).reference] == [[(0, 3, 1), (3, 6, 1)], []]


def test_a_name_that_names_no_file_is_refused(tmp_path):
    given = dataclasses.replace(prediction(1, multilabel=False), names=("a/b", "c"))
    with pytest.raises(InputError, match=r'expected names of recordings that can name files. Received "a/b"'):
        write_predictions(given, tmp_path / "pred")


@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        ("masks/r2.npy", np.zeros((4, 6), int), r"masks/r2.npy: expected \(4, 5\) as in the other files of r2"),
        ("masks/r2.npy", np.full((4, 5), 3), r"masks: r2: expected numbers from -1 to 2 of 3 classes. Received 3"),
        ("labels/r1.npy", np.full((9, 12), 0.5), r"labels/r1.npy: expected whole numbers. Received 0.5 at \[0, 0\]"),
        ("scores/r1.npy", np.full((9, 12, 3), np.nan), r"scores/r1.npy: expected finite scores. Received nan at"),
        ("scores/r2.npy", np.ones((4, 5, 2)), r"scores/r2.npy: expected 3 classes as in r1.npy. Received 2"),
    ],
)
def test_a_file_that_does_not_fit_the_others_is_refused(file, content, message, tmp_path):
    write_predictions(prediction(2, multilabel=False), tmp_path)
    np.save(tmp_path / file, content)
    with pytest.raises(InputError, match=message):
        load_predictions(tmp_path)


def test_a_missing_mask_is_refused(tmp_path):
    write_predictions(prediction(2, multilabel=False), tmp_path)
    (tmp_path / "masks" / "r2.npy").unlink()
    with pytest.raises(InputError, match=r"masks: expected r2.npy or an image r2, as in the other parts"):
        load_predictions(tmp_path)


@pytest.mark.parametrize(
    ("multilabel", "rows", "message"),
    [
        (False, "r1,b\nr1,c\nr2,b", r'recordings.csv: expected one row with a label for "r1". Received 2'),
        (False, "r1,b", r'recordings.csv: expected one row with a label for "r2". Received 0'),
        (True, "r1,b\n", r'recordings.csv: expected a row for "r2". Received 0'),
        (False, "r1,b\nr2,z", r'recordings.csv, line 3: expected a recording that is there.*Received "r2", "z"'),
        (False, "r1", r"recordings.csv, line 2: expected 2 cells or more. Received 1"),
    ],
)
def test_a_table_of_whole_recordings_that_does_not_fit_is_refused(multilabel, rows, message, tmp_path):
    write_predictions(prediction(1, multilabel=multilabel, whole=True), tmp_path)
    (tmp_path / "recordings.csv").write_text(f"recording,label\n{rows}\n")
    with pytest.raises(InputError, match=message):
        load_predictions(tmp_path)
