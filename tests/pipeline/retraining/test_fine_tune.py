"""A stranger's model trained again, for each task, and what is refused."""

import keras
import numpy as np
import pytest

from segmend.core.task import Task
from segmend.errors import InputError
from segmend.mending.edits import TrainingEdit, training_edit
from segmend.pipeline.charting.patient import anatomy_of
from segmend.pipeline.retraining.fine_tune import fine_tuned, fitting_activation, values_of
from segmend.pipeline.retraining.practice import practice_of
from segmend.pipeline.runs.predicting import said_by
from tests.pipeline.runs.tasks import TASKS, dataset, named

pytestmark = pytest.mark.backend

SOME = [TASKS[0], TASKS[1], *TASKS[-4:-2]]
"""Dense and whole, signals and images, labels that exclude one another and that overlap."""

WEIGHED = {"loss.class_weights": "planned", "loss.dice": "planned"}


def _model(task, activation=None, size=None, classes=3):
    """One convolution; the class is in the signal's value."""
    conv = keras.layers.Conv1D if task.rank == 1 else keras.layers.Conv2D
    pool = keras.layers.GlobalAveragePooling1D if task.rank == 1 else keras.layers.GlobalAveragePooling2D
    last = activation or ("sigmoid" if task.labels == "multilabel" else "softmax")
    keras.utils.set_random_seed(0)
    layers = [keras.Input((*((size,) * task.rank), 1)), conv(8, 3, padding="same", activation="relu")]
    if task.kind == "classification":
        layers.append(pool())
    return keras.Sequential([*layers, keras.layers.Dense(classes, activation=last)])


def _edit(**more):
    return training_edit(
        {**WEIGHED, "training.steps": 60, "training.epochs": 3, "training.learning_rate": 0.03, **more}
    )


def _skill(said, data, names):
    """Mean probability of what is true."""
    from segmend.core.truth import truths

    kept = [each for each in data.recordings if each.name in names]
    total, count = 0.0, 0
    for rows, true in zip(said, truths(kept, data.task, data.labels), strict=True):
        if data.task.labels == "multilabel":
            total, count = total + float(np.where(true == 1, rows, 1 - rows).mean()), count + 1
        else:
            total, count = total + float(np.take_along_axis(rows, true[..., None], -1).mean()), count + 1
    return total / count


@pytest.mark.parametrize("task", SOME, ids=named)
def test_a_copy_learns_what_the_model_did_not(task):
    data = dataset(task, recordings=12)
    practice = practice_of(data, data.split["test"])
    model = _model(task)
    before = [np.array(weight) for weight in model.get_weights()]
    done = fine_tuned(model, practice, _edit(), seconds=20.0, anatomy=anatomy_of(model))
    for own, known in zip(model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(own, known)
    names = data.split["train"]
    signals = [each.signal for each in data.recordings if each.name in names]
    first = _skill(said_by(model, signals, anatomy_of(model), task), data, names)
    assert _skill(done.probabilities(signals), data, names) > first + 0.05
    assert "loss.dice: as planned" in done.changes


def test_a_wrong_activation_is_changed():
    task = Task.named("segmentation", 3)
    data = dataset(task, recordings=6)
    model = _model(task, activation="sigmoid")
    done = fine_tuned(
        model,
        practice_of(data, data.split["test"]),
        _edit(**{"training.steps": 2}),
        seconds=9.0,
        anatomy=anatomy_of(model),
    )
    assert done.model.layers[-1].activation.__name__ == "softmax"
    assert "output activation: softmax" in done.changes
    for rows in done.probabilities([each.signal for each in data.recordings]):
        np.testing.assert_allclose(rows.sum(axis=-1), 1, atol=1e-5)


def test_a_single_channel_is_told_as_two_classes_and_stays_a_sigmoid():
    task = Task.named("segmentation", 2)
    anatomy = anatomy_of(_model(task, activation="sigmoid", classes=1))
    assert fitting_activation(anatomy, task) is None
    (rows,) = said_by(_model(task, activation="sigmoid", classes=1), [np.zeros((5, 1), np.float32)], anatomy, task)
    np.testing.assert_allclose(rows.sum(axis=-1), 1, atol=1e-6)


@pytest.mark.parametrize(
    ("last", "labels", "needed"),
    [
        ("softmax", "multiclass", None),
        ("linear", "multiclass", "softmax"),
        ("sigmoid", "multiclass", "softmax"),
        ("softmax", "multilabel", "sigmoid"),
    ],
)
def test_the_activation_follows_the_task(last, labels, needed):
    task = Task.named("segmentation" if labels == "multiclass" else "multilabel-segmentation", 3)
    assert fitting_activation(anatomy_of(_model(task, activation=last)), task) == needed


def test_what_no_edit_names_stays_neutral():
    data = dataset(Task.named("segmentation", 3), recordings=8)
    practice = practice_of(data, data.split["test"])
    plain = values_of(practice, TrainingEdit(), seconds=9.0, seed=0, rate=None)
    assert plain.loss.class_weights == [1.0, 1.0, 1.0] and plain.loss.dice == 0
    assert plain.sampling.balanced == plain.sampling.transitions == plain.sampling.hard == 0
    assert not plain.sampling.augment and plain.sampling.background == 1
    asked = training_edit({**WEIGHED, "sampling.balanced": 0.25})
    weighed = values_of(practice, asked, seconds=9.0, seed=0, rate=0.5)
    assert weighed.loss.dice > 0 and weighed.sampling.balanced == 0.25
    assert weighed.training.learning_rate == 0.5
    fresh = values_of(practice, TrainingEdit(fresh=True), seconds=9.0, seed=0, rate=None)
    assert fresh.training.learning_rate > plain.training.learning_rate


def test_windows_that_are_no_squares_are_refused():
    task = Task.named("segmentation", 3, rank=2)
    data = dataset(task, recordings=6)
    model = keras.Sequential([keras.Input((16, 24, 1)), keras.layers.Conv2D(3, 1, activation="softmax")])
    with pytest.raises(InputError, match="equal sides"):
        fine_tuned(model, practice_of(data, data.split["test"]), _edit(), seconds=5.0, anatomy=anatomy_of(model))
