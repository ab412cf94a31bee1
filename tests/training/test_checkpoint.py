"""A training that is interrupted and goes on ends as if nothing had happened."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from segmend import losses
from segmend.augmentation import Noise
from segmend.callbacks import SegmentScore
from segmend.core.labels import Labels
from segmend.errors import InputError
from segmend.models import build
from segmend.prediction import predict
from segmend.training import HardWindows, Settings, WindowBatches, fit
from segmend.training.checkpoint import Course, read, write
from segmend.training.windows import WindowIndex
from tests.training.bursts import bursts

# Keras 3.15 hands its variables to NumPy 2.4 without the copy keyword that NumPy asks for.
pytestmark = [
    pytest.mark.backend,
    pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy:DeprecationWarning"),
]

SETTINGS = Settings(learning_rate=0.02, steps=36, epochs=6, seed=3)


class Cut(keras.callbacks.Callback):
    """Ends everything in the middle of an epoch, as losing power does."""

    def __init__(self, epoch):
        super().__init__()
        self.epoch, self.now = epoch, -1

    def on_epoch_begin(self, epoch, logs=None):
        self.now = epoch

    def on_train_batch_end(self, batch, logs=None):
        if self.now == self.epoch and batch == 2:
            raise KeyboardInterrupt


def training(checkpoint=None, callbacks=(), settings=SETTINGS, workers=1):
    """A network with dropout and batch normalisation, hard windows, augmented batches, scores at every second epoch."""
    keras.utils.set_random_seed(1)
    stages = [{"kernel": 5}, {"kernel": 3, "dilation": 2}]
    model = build({"stages": stages, "filters": 8, "norm": "batch", "dropout": 0.2}, channels=1, classes=2)
    data = [bursts(k) for k in range(2)]
    y_true = [labels for _, labels in data]
    index = WindowIndex(y_true, length=64, balanced=0.25, hard=0.25)
    signals = [signal for signal, _ in data]
    batches = WindowBatches(signals, y_true, index, batch_size=8, augment=[Noise(0.1)], workers=workers)
    score = SegmentScore(
        [bursts(9)], labels=Labels.numbered(2), predict=lambda x: predict(model, x, 64, 44, align=1), every=2
    )
    watchers = [score, HardWindows(model, batches), *callbacks]
    history = fit(model, batches, settings, loss=losses.CrossEntropy(), callbacks=watchers, checkpoint=checkpoint)
    return model, history


def alike(history, other):
    """The columns of two trainings, but for the time they took."""
    assert history.columns.keys() == other.columns.keys()
    for name in history.columns.keys() - {"seconds"}:
        np.testing.assert_array_equal(history.columns[name], other.columns[name], err_msg=name)
    assert (history.best_epoch, history.stopped_because) == (other.best_epoch, other.stopped_because)


@pytest.fixture(scope="module")
def whole():
    return training()


@pytest.mark.parametrize("epoch", [1, 4])
def test_averages_of_weights_go_on_too(epoch, tmp_path):
    settings = Settings(learning_rate=0.02, steps=36, epochs=6, seed=3, average=0.2)
    once, history = training(settings=settings)
    file = tmp_path / "training.npz"
    with pytest.raises(KeyboardInterrupt):
        training(file, [Cut(epoch)], settings)
    model, again = training(file, settings=settings)
    alike(again, history)
    for ours, theirs in zip(model.get_weights(), once.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize("epoch", [0, 1, 4, 5])
def test_an_interrupted_training_ends_in_the_same_history_and_weights(whole, epoch, tmp_path):
    file = tmp_path / "training.npz"
    with pytest.raises(KeyboardInterrupt):
        training(file, [Cut(epoch)])
    assert file.exists() == (epoch > 0)
    model, history = training(file)
    alike(history, whole[1])
    for ours, theirs in zip(model.get_weights(), whole[0].get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_two_interruptions_and_other_threads_change_nothing(whole, tmp_path):
    file = tmp_path / "training.npz"
    for epoch in (2, 4):
        with pytest.raises(KeyboardInterrupt):
            training(file, [Cut(epoch)], workers=epoch - 1)
    alike(training(file)[1], whole[1])


def test_a_training_that_had_ended_gives_its_best_weights_without_a_step(whole, tmp_path):
    file = tmp_path / "training.npz"
    training(file)
    model, history = training(file, [Cut(0)])
    alike(history, whole[1])
    for ours, theirs in zip(model.get_weights(), whole[0].get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_patience_goes_on_where_it_was(tmp_path):
    settings = Settings(learning_rate=1e-9, steps=36, epochs=12, patience=3, seed=3)
    _, once = training(settings=settings)
    assert once.stopped_because == "no better score for 3 epochs"
    file = tmp_path / "training.npz"
    with pytest.raises(KeyboardInterrupt):
        training(file, [Cut(2)], settings)
    alike(training(file, settings=settings)[1], once)


def test_timing_leaves_no_trace(whole):
    timed = Settings(learning_rate=0.02, steps=36, epochs=6, seed=3, seconds=600.0)
    alike(training(settings=timed)[1], whole[1])


def test_timing_leaves_no_trace_of_averages_either():
    settings = {"learning_rate": 0.02, "steps": 36, "epochs": 6, "seed": 3, "average": 0.2}
    _, once = training(settings=Settings(**settings))
    alike(training(settings=Settings(**settings, seconds=600.0))[1], once)


class Remembers(keras.callbacks.Callback):
    """A callback of a user, whose state is what a state may be."""

    def __init__(self, state):
        super().__init__()
        self.state = state

    def get_state(self):
        return self.state

    def set_state(self, state):
        self.state = state


def test_other_callbacks_may_come_and_go_between_two_calls(whole, tmp_path):
    file = tmp_path / "training.npz"
    with pytest.raises(KeyboardInterrupt):
        training(file, [Remembers({"a": 1}), Cut(2)])
    alike(training(file, [keras.callbacks.LambdaCallback()])[1], whole[1])


def test_states_of_callbacks_come_back(tmp_path):
    state = {"best": np.float32(0.5), "seen": {"a": [np.arange(3)], "none": None}, "pair": (1, True)}
    file = tmp_path / "training.npz"
    with pytest.raises(KeyboardInterrupt):
        training(file, [Remembers(state), Cut(1)])
    again = Remembers({})
    training(file, [again])
    assert again.state["best"] == 0.5
    np.testing.assert_array_equal(again.state["seen"]["a"][0], np.arange(3))
    assert again.state["seen"]["none"] is None
    assert again.state["pair"] == [1, True]


def test_a_state_that_cannot_be_kept_is_refused_by_name(tmp_path):
    with pytest.raises(InputError, match=r"Remembers 1/model: expected a state of arrays.* Received object"):
        training(tmp_path / "training.npz", [Remembers({"model": object()})])


def test_callbacks_know_of_a_training_that_had_ended(tmp_path):
    known = []
    told = keras.callbacks.LambdaCallback(on_train_begin=lambda _: known.append("begins"), on_train_end=known.append)
    file = tmp_path / "training.npz"
    training(file)
    training(file, [told])
    assert len(known) == 2


def test_a_callback_that_stops_training_is_said():
    class Stops(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            self.model.stop_training = epoch == 1

    assert training(callbacks=[Stops()])[1].stopped_because == "a callback stopped it"


def test_the_file_keeps_arrays_lists_and_numbers(tmp_path):
    weights = [np.array([1.5], np.float32), np.zeros((0, 2))]
    states = {"best": {"best_weights": weights, "wait": 2, "best": float("nan")}, "none": {"best_weights": None}}
    course = Course(steps=8, epochs=2, epoch=1, columns={"loss": [0.1]}, spent=3.5, states=states)
    write(tmp_path / "c.npz", course)
    back = read(tmp_path / "c.npz")
    assert (back.steps, back.epochs, back.epoch, back.columns, back.spent) == (8, 2, 1, {"loss": [0.1]}, 3.5)
    np.testing.assert_array_equal(back.states["best"]["best_weights"][0], weights[0])
    assert back.states["best"]["best_weights"][1].shape == (0, 2)
    assert back.states["best"]["wait"] == 2
    assert np.isnan(back.states["best"]["best"])
    assert back.states["none"] == {"best_weights": None}


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 torn", b"text"])
def test_what_is_no_checkpoint_is_refused_by_name(tmp_path, content):
    file = tmp_path / "c.npz"
    file.write_bytes(content)
    with pytest.raises(InputError, match=r"c\.npz: expected the checkpoint of a training"):
        read(file)
