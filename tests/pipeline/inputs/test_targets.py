import numpy as np
import pytest

from segmend.pipeline.inputs.targets import target_facts

OUTPUT = [np.zeros((4, 3)), np.zeros((4, 3))]


@pytest.mark.parametrize(
    ("rows", "form", "classes"),
    [
        (np.array([0, 2, 1, -1]), "dense", 3),
        (np.array([[0], [1], [1], [0]]), "dense", 2),
        (np.array([0.0, 1.0, 1.0, 0.0]), "dense", 2),
        (np.array([0.0, 0.5, 1.0, 0.0]), "fractional", 2),
        (np.array([0.0, np.nan, 1.0, 0.0]), "fractional", 2),
        (np.eye(5)[[0, 1, 2, 0]], "one-hot", 5),
        (np.array([[1, 1, 0]] * 4), "multi-hot", 3),
        (np.array([[0.2, 0.8]] * 4), "fractional", 2),
        (np.array([[2, 0]] * 4), "other", 3),
    ],
)
def test_form_and_classes(rows, form, classes):
    facts = target_facts([rows, rows], OUTPUT)
    assert (facts["form"], facts["classes"]) == (form, classes)
    assert facts["shape"] == [2, *rows.shape] and facts["dtype"] == str(rows.dtype)


def test_lengths_that_differ_are_open():
    facts = target_facts([np.zeros(4, int), np.zeros(6, int)], [np.zeros((4, 2)), np.zeros((6, 2))])
    assert facts["shape"] == [2, None] and facts["output_shape"] == [2, None, 2]
    assert facts["sizes"] == facts["output_sizes"] == [[4], [6]] and facts["channels"] == 2
