import dataclasses

import numpy as np
import pytest

from segmend.core.task import NAMES, Task
from segmend.diagnosis.rules.data.invalid_encoding import InvalidEncoding
from segmend.pipeline.inputs.targets import target_facts
from tests.diagnosis.data_seeds import share
from tests.diagnosis.rules.model.anatomies import anatomy, chart

CATEGORICAL, SPARSE, BINARY = "CategoricalCrossentropy", "SparseCategoricalCrossentropy", "BinaryCrossentropy"


def given(y, activation="softmax", loss=CATEGORICAL, units=3, axes=1, **more):
    """The chart of a model of some units that was given these labels."""
    rows = [np.asarray(each) for each in y]
    outputs = [np.zeros((*each.shape[:axes], units)) for each in rows]
    facts = target_facts(rows, outputs, axes)
    config = more.pop("config", None)
    return dataclasses.replace(
        chart(), anatomy=anatomy(activation, units=units, loss=loss, config=config), targets=facts, **more
    )


def sick():
    return given(np.random.default_rng(0).random((4, 30, 3)))


def healthy():
    return given(np.eye(3)[np.random.default_rng(0).integers(0, 3, (4, 30))])


def _only(chart):
    (finding,) = InvalidEncoding().examine(chart)
    return finding


def test_random_numbers_in_place_of_one_hot_rows():
    finding = _only(sick())
    assert finding.severity == "error" and finding.evidence["partial"] == finding.evidence["rows"] == 120
    assert "to_categorical" in finding.remedies[0].advice


def test_rows_of_several_and_of_no_class():
    rows = np.eye(3)[np.zeros((1, 10), int)]
    rows[0, 0] = 0
    assert _only(given(rows)).severity == "warning"
    assert not list(InvalidEncoding().examine(given(rows, fit_arguments={"sample_weight": [1]})))
    rows[0, 1] = [1, 1, 0]
    finding = _only(given(rows))
    assert finding.severity == "error" and "1 hold no class, 1 hold several" in finding.message


@pytest.mark.parametrize(
    ("y", "activation", "loss", "units", "said"),
    [
        ([[0, 1, 3]], "softmax", SPARSE, 3, "class numbers from 0 to 2"),
        ([[1, 2, 3]], "softmax", SPARSE, 3, "from 1 to 3"),
        ([[0, 1, -2]], "softmax", SPARSE, 3, "from -2 to 1"),
        ([[0, 255, 0]], "sigmoid", BINARY, 1, "labels of 0 and 1"),
        ([[0.0, np.nan, 1.0]], "softmax", SPARSE, 3, "1 labels are NaN"),
        ([[0.3, 1.7, 2.0]], "softmax", "", 3, "2 labels are fractions"),
        ([np.full((5, 3), 2.0)], "sigmoid", BINARY, 3, "15 labels lie outside"),
    ],
)
def test_what_cannot_be_right(y, activation, loss, units, said):
    finding = _only(given(y, activation, loss, units))
    assert finding.severity == "error" and said in finding.message


def test_counting_from_one_is_told_as_such():
    assert _only(given([[1, 2, 3]], loss=SPARSE)).remedies[0].advice == "Classes count from 0: y = y - 1."


@pytest.mark.parametrize(
    ("y", "activation", "loss", "units", "more"),
    [
        ([[0, 1, 2, -1]], "softmax", SPARSE, 3, {}),
        ([[0, 1, 2, 255]], "softmax", SPARSE, 3, {"config": {"ignore_class": 255}}),
        ([[0.0, 1.0, 2.0]], "softmax", SPARSE, 3, {}),
        ([[0.0, 0.3, 1.0]], "sigmoid", BINARY, 1, {}),
        ([np.full((5, 3), 1 / 3)], "softmax", CATEGORICAL, 3, {}),
        ([[[1, 1, 0], [0, 0, 0], [-1, -1, -1]]], "sigmoid", BINARY, 3, {}),
        ([[[1, 1, 0], [0, 0, 0]]], "softmax", BINARY, 3, {}),
        ([[[1, 0, 0], [0, 1, 0]]], "softmax", SPARSE, 3, {}),
        ([[0.2, 17.0, -3.0]], "linear", "MeanSquaredError", 1, {}),
    ],
)
def test_soft_labels_ignored_ones_and_other_questions_are_left_alone(y, activation, loss, units, more):
    assert not list(InvalidEncoding().examine(given(y, activation, loss, units, **more)))


def _labels(rng, task):
    """Right labels of any task in any form, with a model that fits them."""
    axes = task.rank if task.kind == "segmentation" else 0
    size = tuple(int(n) for n in rng.integers(4, 12, axes))
    numbers = [rng.integers(0, 3, size) for _ in range(8)]
    if task.labels == "multilabel":
        rows = [(rng.random((*size, 3)) < rng.uniform(0.02, 0.9)).astype(int) for _ in numbers]
        return rows, "sigmoid", BINARY, axes
    if rng.random() < 0.5:
        return [np.eye(3)[each] for each in numbers], "softmax", CATEGORICAL, axes
    if rng.random() < 0.3 and axes:
        numbers = [np.where(rng.random(size) < 0.1, -1, each) for each in numbers]
    return [each.astype(rng.choice(["int64", "float32"])) for each in numbers], "softmax", SPARSE, axes


def _broken(rng, rows, activation, loss):
    """The same labels with a few of them wrong, as people get them wrong."""
    rows = [np.array(each, np.float64) for each in rows]
    wide = loss != SPARSE
    if rng.random() < 0.3:
        rows[0][...] = np.nan
    elif activation == "sigmoid":
        rows[0] *= 255
        rows[0][0, ...] = 255
    elif wide:
        kind = rng.integers(3)
        rows = [
            rng.random(each.shape) if kind == 0 else np.ones(each.shape) if kind == 1 else each * 0 for each in rows
        ]
    else:
        rows = [each + rng.choice([1, 7, 100]) for each in rows]
    return rows


def test_fires_on_seeded_cases_and_is_silent_on_healthy_ones():
    rng = np.random.default_rng(0)
    tasks = [Task.named(name, 3, rank) for name in NAMES for rank in (1, 2)]
    right = [_labels(rng, tasks[k % 8]) for k in range(160)]
    charts = [given(rows, activation, loss, axes=axes) for rows, activation, loss, axes in right]
    assert share(InvalidEncoding(), charts) <= 0.01
    wrong = [given(_broken(rng, rows, a, loss), a, loss, axes=axes) for rows, a, loss, axes in right]
    assert share(InvalidEncoding(), wrong) >= 0.9
