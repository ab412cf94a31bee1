import numpy as np
import pytest

from segmend.errors import InputError
from segmend.pipeline.inputs.arrays import read_arrays

PROB = np.array([[[0.9, 0.1], [0.2, 0.8], [0.4, 0.6]]])


def test_dense_one_hot_and_trailing_axis_mean_the_same():
    dense = np.array([[0, 1, 1]])
    for y_true in (dense, dense[..., None], np.eye(2, dtype=int)[dense], dense.astype(float), [dense[0]]):
        read = read_arrays(y_true=y_true, y_prob=PROB)
        assert read.y_true is not None
        assert read.y_true[0].tolist() == [0, 1, 1]
        assert read.y_pred[0].tolist() == [0, 1, 1]


def test_one_column_is_the_probability_of_class_one():
    read = read_arrays(y_true=[np.array([0, 1])], y_prob=[np.array([0.2, 0.7])])
    assert read.y_prob is not None
    np.testing.assert_allclose(read.y_prob[0], [[0.8, 0.2], [0.3, 0.7]])
    assert read.y_pred[0].tolist() == [0, 1]


def test_recordings_of_unequal_length_come_as_lists():
    read = read_arrays(y_true=[np.zeros(2, int), np.ones(3, int)], y_pred=[np.zeros(2, int), np.ones(3, int)])
    assert [len(rows) for rows in read.y_pred] == [2, 3]
    assert read.names == ("0", "1")


@pytest.mark.parametrize("argument", ["mask", "sample_weight"])
def test_masked_steps_are_not_judged(argument):
    read = read_arrays(y_true=np.array([[0, 1, 1]]), y_prob=PROB, **{argument: np.array([[1, 0, 1]])})
    assert read.y_true is not None
    assert read.y_true[0].tolist() == [0, -1, 1]


def test_names_start_at_one_beside_a_background_and_at_zero_without():
    with_background = read_arrays(y_true=[np.array([0, 1, 2])], y_pred=[np.array([0, 1, 2])], labels=["P", "T"])
    assert with_background.labels.names == ("background", "P", "T")
    every_step = read_arrays(
        y_true=[np.array([0, 1])], y_pred=[np.array([0, 1])], labels=["rest", "stroke"], background=None
    )
    assert every_step.labels.names == ("rest", "stroke")


def refuse(match, error=InputError, **arguments):
    with pytest.raises(error, match=match):
        read_arrays(**arguments)


def test_a_refusal_names_the_array_and_both_sides():
    dense = np.array([[0, 1, 1]])
    refuse(r"y_pred, y_prob: expected one of them", y_true=dense)
    refuse(r"y_true\[0\]: expected 3 steps as in y_prob\[0\]. Received 2", y_true=dense[:, :2], y_prob=PROB)
    refuse(r"y_true: expected 1 recordings as in y_prob. Received 2", y_true=np.zeros((2, 3), int), y_prob=PROB)
    refuse(r"Received 2 at step 1", y_true=np.array([[0, 2, 1]]), y_prob=PROB)
    refuse(r"Received 0.5 at step 1", y_true=np.array([[0, 0.5, 1]]), y_prob=PROB)
    refuse(r"Received nan at step 1, class 0", y_true=dense, y_prob=np.where(PROB == 0.2, np.nan, PROB))
    refuse(r"y_true\[0\]: expected class numbers. Received dtype <U1", y_true=[np.array(["a", "b", "c"])], y_prob=PROB)
    refuse(r"groups: expected one value for each of 1", y_true=dense, y_prob=PROB, groups=[1, 2])
    refuse(r"labels: expected 1 names for the 2 classes", y_true=dense, y_prob=PROB, labels=["a", "b", "c"])
    refuse(r"task: expected one of", y_true=dense, y_prob=PROB, task="segmenting")
    refuse(r"expected 2 classes as in y_prob\[0\]", y_true=None, y_prob=[PROB[0], np.zeros((3, 4))])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"background": "0"}, "background: expected a class number or None. Received '0'"),
        ({"background": True}, "background: expected a class number or None. Received True"),
        ({"labels": "P"}, "labels: expected a list of names. Received 'P'"),
        ({"labels": ["P", "QRS", "T"]}, "labels: expected 1 names for the 2 classes of y_prob. Received 3"),
        (
            {"y_prob": [[[0.5, 0.5], [1.0], [0.0, 1.0]]]},
            r"y_prob\[0\]: expected an array. Received rows of unequal length",
        ),
        ({"y_prob": PROB[..., :0]}, r"y_prob\[0\]: expected shape \(steps, classes\). Received shape \(3, 0\)"),
        ({"y_prob": None, "y_pred": [[0, 1, 10**7]]}, r"y_pred\[0\]: expected class numbers below 4096. .* at step 2"),
    ],
)
def test_what_cannot_be_meant_is_refused_by_name(arguments, message):
    y_true = [np.array([0, 1, 1])]
    given = {
        name: [np.array(rows) for rows in value] if name == "y_pred" else value for name, value in arguments.items()
    }
    with pytest.raises(InputError, match=message):
        read_arrays(**{"y_true": y_true, "y_prob": PROB, **given})


def test_whole_recordings_have_no_background_unless_a_name_is_lacking_for_it():
    numbers, prob = np.array([0, 1, 2, 2]), np.eye(3)[[0, 1, 2, 1]]
    for said in ({"y_pred": numbers}, {"y_prob": prob}):
        assert read_arrays(y_true=numbers, **said).labels.background is None
        named = read_arrays(y_true=numbers, labels=["a", "b", "c"], **said).labels
        assert (named.names, named.background) == (("a", "b", "c"), None)
        lacking = read_arrays(y_true=numbers, labels=["b", "c"], **said).labels
        assert (lacking.names, lacking.background) == (("background", "b", "c"), 0)


def test_the_recordings_may_tell_what_labels_are_of():
    several = np.array([[1, 0, 1], [0, 0, 1]])
    whole = read_arrays(y_true=list(several), y_prob=list(several * 0.8), rank=0, data_rank=2)
    assert (whole.rank, whole.task.rank, whole.task.name) == (0, 2, "multilabel-classification")
    steps = read_arrays(y_true=list(several), y_prob=list(several * 0.8), rank=1)
    assert (steps.rank, steps.task.name, len(steps.labels)) == (1, "segmentation", 2)
