"""A schedule of losses takes effect in a compiled training step."""

import keras
import numpy as np
import pytest

from segmend.callbacks import LossSchedule
from segmend.errors import InputError
from segmend.losses import CrossEntropy, Dice, Ramp

pytestmark = pytest.mark.backend

X, Y = np.zeros((4, 6, 1), "float32"), np.tile([[0, 0, 1, 1, 1, 0]], (4, 1))


def compiled(loss):
    model = keras.Sequential([keras.Input((6, 1)), keras.layers.Conv1D(2, 1, activation="softmax")])
    model.compile(keras.optimizers.SGD(0.0), loss=loss)  # the model stays as it is: only the weights move the loss
    return model


def test_the_logged_loss_follows_the_line():
    model = compiled(CrossEntropy() + Ramp(0.0, 4.0, first=1, last=3) * Dice(smoothing=0.0))
    history = model.fit(X, Y, epochs=5, verbose=0, validation_data=(X, Y), callbacks=[LossSchedule()]).history
    prob = np.full((4, 6, 2), 0.5, "float32")
    base, dice = (float(loss(Y, prob)) for loss in (CrossEntropy(), Dice(smoothing=0.0)))
    expected = [base + weight * dice for weight in (0.0, 0.0, 2.0, 4.0, 4.0)]
    assert history["loss"] == pytest.approx(expected, rel=1e-5)
    assert history["val_loss"] == pytest.approx(expected, rel=1e-5)


def test_training_that_goes_on_takes_up_the_line_where_it_is():
    model = compiled(Ramp(1.0, 3.0, first=0, last=4) * CrossEntropy())
    first = model.fit(X, Y, epochs=1, verbose=0, callbacks=[LossSchedule()]).history["loss"]
    later = model.fit(X, Y, initial_epoch=2, epochs=3, verbose=0, callbacks=[LossSchedule()]).history["loss"]
    assert later[0] == pytest.approx(2 * first[0], rel=1e-5)


def test_a_saved_model_keeps_its_schedule(tmp_path):
    model = compiled(CrossEntropy() + Ramp(0.5, 1.0, first=0, last=2) * Dice())
    model.fit(X, Y, epochs=1, verbose=0)
    model.save(tmp_path / "model.keras")
    back = keras.models.load_model(tmp_path / "model.keras")
    history = back.fit(X, Y, epochs=3, verbose=0, callbacks=[LossSchedule()]).history["loss"]
    assert history == pytest.approx(model.fit(X, Y, epochs=3, verbose=0, callbacks=[LossSchedule()]).history["loss"])
    assert history[2] > history[0]


def test_a_loss_without_a_line_is_refused():
    with pytest.raises(InputError, match="LossSchedule: expected a loss with a Ramp"):
        compiled(CrossEntropy() + Dice()).fit(X, Y, epochs=1, verbose=0, callbacks=[LossSchedule()])


def test_only_a_changed_weight_makes_the_steps_again():
    model = compiled(CrossEntropy() + Ramp(0.0, 4.0, first=1, last=3) * Dice())
    model.fit(X, Y, epochs=1, verbose=0)
    before = model.train_function
    schedule = LossSchedule()
    schedule.set_model(model)
    schedule.on_epoch_begin(1)
    assert model.train_function is before
    schedule.on_epoch_begin(2)
    assert model.train_function is not before


def test_a_step_that_someone_holds_on_to_is_not_used_again():
    held = []

    class Hold(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            held.append(self.model.train_function)

    model = compiled(Ramp(0.0, 1.0, first=0, last=2) * CrossEntropy())
    history = model.fit(X, Y, epochs=3, verbose=0, callbacks=[Hold(), LossSchedule()]).history["loss"]
    assert history[1:] == pytest.approx([history[2] / 2, history[2]], rel=1e-5)
