import numpy as np
import pytest

from segmend.core.task import Task
from segmend.pipeline.inputs.batches import Examples
from segmend.pipeline.inputs.targets import label_axes, target_facts, task_of_facts

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


@pytest.mark.parametrize(
    ("x", "y", "output", "told", "axes"),
    [
        ((50, 2), np.array(1), (3,), None, 0),
        ((50, 2), np.array([0, 1, 1]), (3,), None, 0),
        ((50, 2), np.array([0, 1]), (3,), None, 0),
        ((50, 2), np.zeros(50), (50,), None, 1),
        ((50, 2), np.zeros(50), (3,), None, 1),
        ((50, 2), np.arange(50) % 3, (50, 3), None, 1),
        ((50, 2), np.arange(25) % 3, (3,), None, 1),
        ((50, 2), np.array(1), (50, 3), None, 1),
        ((8, 8, 3), np.array(1), (3,), None, 0),
        ((8, 8, 3), np.zeros((8, 8)), (3,), None, 0),
        ((8, 8, 3), np.zeros((8, 8)), (8, 8, 3), None, 2),
        ((50, 2), np.zeros(50), (50,), "segmentation", 1),
        ((50, 2), np.zeros(3), (3,), "multilabel-classification", 0),
        ((8, 8, 3), np.zeros((8, 8)), (3,), "segmentation", 2),
    ],
)
def test_how_many_axes_carry_labels(x, y, output, told, axes):
    assert label_axes(Examples([np.zeros(x)], [y], None), [np.zeros(output)], told) == axes


@pytest.mark.parametrize(
    ("y", "output", "axes", "form", "task"),
    [
        (np.array(2), (3,), 0, "dense", Task("classification", "multiclass", 2, 3)),
        (np.array([0, 1, 0]), (3,), 0, "one-hot", Task("classification", "multiclass", 2, 3)),
        (np.array([0, 1, 1]), (3,), 0, "multi-hot", Task("classification", "multilabel", 2, 3)),
        (np.zeros((4, 4), int), (4, 4, 3), 2, "dense", Task("segmentation", "multiclass", 2, 3)),
        (np.zeros((4, 4, 1), int), (4, 4, 3), 2, "dense", Task("segmentation", "multiclass", 2, 3)),
        (np.zeros((4, 4, 3), int), (4, 4, 3), 2, "multi-hot", Task("segmentation", "multilabel", 2, 3)),
        (np.full((4, 4, 3), -1), (4, 4, 3), 2, "one-hot", Task("segmentation", "multiclass", 2, 3)),
    ],
)
def test_forms_of_every_task(y, output, axes, form, task):
    facts = target_facts([y, y], [np.zeros(output)] * 2, axes)
    assert facts["form"] == form and facts["channels"] == 3
    assert facts["sizes"] == facts["output_sizes"] == [list(output[:-1])] * 2
    assert task_of_facts(facts, 2, 3) == task
