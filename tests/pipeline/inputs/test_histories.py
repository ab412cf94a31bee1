import types
from types import SimpleNamespace

import pytest

from segmend.errors import InputError
from segmend.pipeline.inputs.histories import read_history


def test_a_keras_history_its_dict_and_its_csv_file_are_one(tmp_path):
    columns = {"loss": [1.0, float("nan")], "val_loss": [2.0, 3.0]}
    (tmp_path / "history.csv").write_text("epoch,loss,val_loss\n0,1.0,\n1,nan,3\n".replace("1.0,\n", "1.0,2\n"))
    wanted = {"loss": (1.0, None), "val_loss": (2.0, 3.0)}
    for history in (columns, types.SimpleNamespace(history=columns), tmp_path / "history.csv"):
        assert read_history(history).columns == wanted


def test_none_and_a_history_pass_through():
    history = read_history({"loss": [1.0]})
    assert read_history(None) is None and read_history(history) is history


@pytest.mark.parametrize(
    ("history", "words"),
    [
        (
            {"loss": [1.0] * 10, "val_loss": [1.0] * 7},
            r"val_loss: expected a value for each of 10 epochs, or .* Received 7",
        ),
        ({"loss": ["bad"]}, 'loss: expected a number. Received "bad"'),
        ("/nowhere/history.csv", "which is not there"),
        (3, "Received int"),
    ],
)
def test_what_is_no_history_is_refused(history, words):
    with pytest.raises(InputError, match=words):
        read_history(history)


def test_what_fit_was_asked_for_is_kept():
    params = {"verbose": 0, "epochs": 50, "steps": 7}
    read = read_history(SimpleNamespace(history={"loss": [1.0, 0.5]}, params=params))
    assert (read.planned_epochs, read.steps_per_epoch) == (50, 7)
    assert read_history({"loss": [1.0]}).planned_epochs is None


def _fitted(tmp_path, epochs, *, first=0, separator=","):
    """What Keras says of one training in its History and in CSVLogger's file."""
    import keras
    import numpy as np

    layers = [keras.Input((2,)), keras.layers.Dense(1, kernel_initializer="zeros")]
    model = keras.Sequential(layers)
    model.compile("sgd", "mse")
    x, y = np.ones((4, 2), "float32"), np.ones((4, 1), "float32")
    log = keras.callbacks.CSVLogger(tmp_path / "log.csv", separator=separator)
    asked = {"epochs": epochs, "initial_epoch": first, "validation_data": (x, y), "verbose": 0, "callbacks": [log]}
    return model.fit(x, y, validation_freq=3, **asked), tmp_path / "log.csv"


@pytest.mark.parametrize(("epochs", "first", "separator"), [(7, 0, ","), (7, 2, ";")])
def test_validation_every_third_epoch_lands_in_its_epochs(tmp_path, epochs, first, separator):
    history, log = _fitted(tmp_path, epochs, first=first, separator=separator)
    losses = [*history.history["val_loss"]]
    wanted = tuple(losses.pop(0) if epoch % 3 == 0 else None for epoch in range(first + 1, epochs + 1))
    assert None in wanted and not losses
    for read in (read_history(history), read_history(log)):
        assert read.columns["val_loss"] == pytest.approx(wanted)
        assert read.columns["loss"] == pytest.approx(history.history["loss"])


@pytest.mark.parametrize(
    ("epochs", "values", "places"),
    [(6, 3, (1, 3, 5)), (7, 2, (2, 5)), (10, 2, (4, 9)), (5, 1, (4,)), (5, 0, ()), (37, 3, (9, 19, 29))],
)
def test_a_dict_without_numbers_of_epochs_takes_the_likeliest_validation_that_fits(epochs, values, places):
    (column,) = [read_history({"loss": [1.0] * epochs, "val_loss": [2.0] * values}).columns["val_loss"]]
    assert tuple(k for k, value in enumerate(column) if value is not None) == places


def test_scores_of_each_class_are_left_out(tmp_path):
    (tmp_path / "log.csv").write_text('epoch,f1,loss\n0,"""[0.5, 0.25]""",1.0\n')
    assert read_history(tmp_path / "log.csv").columns == {"loss": (1.0,)}
    assert read_history({"f1": [[0.5, 0.25]], "loss": [1.0]}).columns == {"loss": (1.0,)}
