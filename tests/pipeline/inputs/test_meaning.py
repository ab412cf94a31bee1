"""What bare arrays are taken for."""

import numpy as np
import pytest

from segmend.core.segments import Segments
from segmend.errors import InputError
from segmend.pipeline.inputs.arrays import read_arrays

RNG = np.random.default_rng(0)


def prob(*shape):
    rows = RNG.random(shape) + 1e-3
    return rows / rows.sum(axis=-1, keepdims=True)


def hot(*shape):
    return np.eye(shape[-1], dtype=int)[RNG.integers(0, shape[-1], shape[:-1])]


def overlapping(*shape):
    rows = RNG.integers(0, 2, shape)
    rows[0] = 1
    return rows


def read(y_true, y_pred=None, **more):
    found = read_arrays(y_true=y_true, y_pred=y_pred, **more)
    return found.rank, found.multilabel, len(found.labels)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        # by the probabilities
        ({"y_true": np.array([0, 2, 1]), "y_prob": prob(3, 3)}, (0, False, 3)),
        ({"y_true": hot(4, 3), "y_prob": prob(4, 3)}, (0, False, 3)),
        ({"y_true": overlapping(4, 3), "y_prob": RNG.random((4, 3)), "labels": ["a", "b", "c"]}, (0, True, 3)),
        ({"y_true": RNG.integers(0, 2, (4, 9)), "y_prob": RNG.random((4, 9))}, (1, False, 2)),
        ({"y_true": RNG.integers(0, 3, (4, 9)), "y_prob": prob(4, 9, 3)}, (1, False, 3)),
        ({"y_true": overlapping(4, 9, 3), "y_prob": RNG.random((4, 9, 3))}, (1, True, 3)),
        ({"y_true": RNG.integers(0, 2, (2, 5, 5)), "y_prob": RNG.random((2, 5, 5, 1))}, (2, False, 2)),
        ({"y_true": overlapping(2, 5, 5, 3), "y_prob": RNG.random((2, 5, 5, 3))}, (2, True, 3)),
        ({"y_true": RNG.integers(0, 3, (2, 4, 5, 6)), "y_prob": prob(2, 4, 5, 6, 3)}, (3, False, 3)),
        # by the labels
        ({"y_true": [0, 1, 1], "y_pred": [1, 1, 1]}, (0, False, 2)),
        ({"y_true": [[0, 1, 1], [0, 1]], "y_pred": [[0, 1, 0], [0, 0]]}, (1, False, 2)),
        ({"y_true": RNG.integers(0, 3, (2, 5, 5)), "y_pred": RNG.integers(0, 3, (2, 5, 5))}, (2, False, 3)),
        ({"y_true": overlapping(2, 5, 2), "y_pred": overlapping(2, 5, 2), "labels": ["a", "b"]}, (1, True, 2)),
        ({"y_true": hot(2, 5, 3), "y_pred": RNG.integers(0, 3, (2, 5))}, (1, False, 3)),
        ({"y_true": RNG.integers(0, 3, (2, 5, 1)), "y_pred": RNG.integers(0, 3, (2, 5))}, (1, False, 3)),
        # by the task
        ({"y_true": overlapping(4, 3), "y_pred": overlapping(4, 3), "task": "multilabel-classification"}, (0, True, 3)),
        ({"y_true": hot(2, 5, 3), "y_pred": hot(2, 5, 3), "task": "multilabel-segmentation"}, (1, True, 3)),
        (
            {"y_true": RNG.integers(0, 2, (2, 9)), "y_prob": RNG.random((2, 9, 1)), "task": "segmentation"},
            (1, False, 2),
        ),
    ],
)
def test_rank_and_structure(arguments, expected):
    assert read(**arguments) == expected


def test_overlapping_labels_are_decoded_at_one_half_and_ignored_whole():
    y_prob = np.array([[[0.6, 0.49], [0.2, 0.5]]])
    found = read_arrays(y_true=np.array([[[1, 1], [0, 1]]]), y_prob=y_prob, mask=np.array([[1, 0]]))
    assert found.y_pred[0].tolist() == [[1, 0], [0, 1]]
    assert found.y_true[0].tolist() == [[1, 1], [-1, -1]]
    assert found.labels.background is None


def test_what_does_not_belong_together_is_refused():
    def refuse(match, **arguments):
        with pytest.raises(InputError, match=match):
            read_arrays(**arguments)

    refuse(r"y_true: expected 2 axes .* or 3 .* Received 4", y_true=np.zeros((1, 2, 3, 4), int), y_prob=prob(1, 2, 3))
    refuse(r"y_true\[1\]: expected 1 axes as in", y_true=[np.zeros(2, int), np.zeros((2, 2), int)], y_pred=[[0, 0]] * 2)
    refuse(r"y_true\[0\]: expected shape \(4, 5\) as in", y_true=np.zeros((1, 4, 4), int), y_prob=prob(1, 4, 5, 2))
    refuse(
        r"one label per step. Received 2 labels at step 0",
        y_true=np.ones((1, 3, 2), int),
        y_prob=prob(1, 3, 2),
        task="segmentation",
    )
    refuse(r"Received 3 at \(0, 1\)", y_true=np.array([[[0, 3]]]), y_prob=prob(1, 1, 2, 2))
    refuse(
        r"expected 0 or 1 for each class",
        y_true=np.full((1, 3, 2), 2),
        y_prob=prob(1, 3, 2),
        task="multilabel-segmentation",
    )
    refuse("expected a label per step for segmentation", y_true=[0, 1], y_pred=[0, 1], task="segmentation")
    refuse(
        "labels: expected 2 names, one for each class", y_true=overlapping(1, 4, 2), y_prob=prob(1, 4, 2), labels=["a"]
    )


def test_tables_keep_touching_items_apart_and_overlaps_make_the_task_multilabel():
    touching = [Segments.from_rows([(0, 3, 1), (3, 6, 1)])]
    found = read_arrays(y_true=touching, y_pred=[Segments.from_rows([(0, 6, 1)])])
    assert (found.multilabel, found.labels.background) == (False, 0)
    assert found.reference[0].rows() == [(0, 3, 1), (3, 6, 1)]
    assert found.predicted[0].rows() == [(0, 6, 1)]
    assert found.y_true[0].tolist() == [1] * 6
    both = read_arrays(y_true=[Segments.from_rows([(0, 4, 0), (2, 6, 1)])], y_prob=[np.zeros((8, 2))])
    assert both.multilabel
    assert both.y_true[0].tolist() == [[1, 0]] * 2 + [[1, 1]] * 2 + [[0, 1]] * 2 + [[0, 0]] * 2


def test_tables_that_do_not_fit_are_refused():
    steps = [np.zeros((4, 2))]
    with pytest.raises(InputError, match=r"y_true\[0\]: expected 0 <= start < stop <= 4. Received \(2, 5\) in row 0"):
        read_arrays(y_true=[Segments.from_rows([(2, 5, 1)])], y_prob=steps)
    with pytest.raises(InputError, match=r"expected class numbers from 0 to 1\. Received 7"):
        read_arrays(y_true=[Segments.from_rows([(2, 3, 7)])], y_prob=steps, labels=["a"])
    with pytest.raises(InputError, match="y_true: expected 1 tables"):
        read_arrays(y_true=[Segments.empty()] * 2, y_prob=steps)
