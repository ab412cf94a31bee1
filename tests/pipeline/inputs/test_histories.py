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
        ({"loss": [1.0], "val_loss": [1.0, 2.0]}, "columns of one length"),
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
