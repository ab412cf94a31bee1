"""A training whose loss is no number ends with what is wrong, or with the weights of an epoch before."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from segmend import losses
from segmend.callbacks import SegmentScore
from segmend.core.labels import Labels
from segmend.models import build
from segmend.prediction import predict
from segmend.training import Settings, WindowBatches, fit
from segmend.training.not_finite import NotFiniteError
from segmend.training.windows import WindowIndex
from tests.training.bursts import bursts

# Keras 3.15 hands its variables to NumPy 2.4 without the copy keyword that NumPy asks for.
pytestmark = [
    pytest.mark.backend,
    pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:.*encountered in:RuntimeWarning"),
]


class Broken(keras.losses.Loss):
    """No number, whatever the model says."""

    def call(self, y_true, y_pred):
        return keras.ops.sum(y_pred) * float("nan")


class Poison(keras.callbacks.Callback):
    """Makes the weights infinite after an epoch."""

    def on_epoch_begin(self, epoch, logs=None):
        if epoch == 2:
            self.model.set_weights([np.full_like(each, np.inf) for each in self.model.get_weights()])


def trained(rate=0.02, loss=None, signal=None, callbacks=(), checkpoint=None, kind=WindowBatches):
    keras.utils.set_random_seed(1)
    model = build({"stages": [{"kernel": 5}], "filters": 4, "norm": "none"}, channels=1, classes=2)
    own, y_true = bursts(0)
    own = own if signal is None else signal
    batches = kind([own], [y_true], WindowIndex([y_true], length=64), batch_size=8)
    score = SegmentScore([bursts(9)], labels=Labels.numbered(2), predict=lambda x: predict(model, x, 64, 44, align=1))
    settings = Settings(learning_rate=rate, steps=20, epochs=4, seed=3, warmup=0.0)
    loss = loss or losses.CrossEntropy()
    return model, fit(model, batches, settings, loss=loss, callbacks=[*callbacks, score], checkpoint=checkpoint)


def test_a_learning_rate_that_is_too_high_is_named_with_one_that_is_not(tmp_path):
    with pytest.raises(NotFiniteError, match=r"at a learning rate of 1e\+30\. .* finite at (\S+): set") as refused:
        trained(1e30, checkpoint=tmp_path / "c.npz")
    assert list(tmp_path.iterdir()) == []
    proposed = float(str(refused.value).split("finite at ")[1].split(":")[0])
    assert proposed < 1e30


def test_a_loss_that_is_never_a_number_is_named():
    with pytest.raises(NotFiniteError, match="nan for the untrained model already"):
        trained(loss=Broken())


def test_samples_that_are_no_numbers_are_counted():
    signal, _ = bursts(0)
    signal[::2] = np.nan
    with pytest.raises(NotFiniteError, match="Batch 1 holds 256 samples that are no numbers"):
        trained(signal=signal)


def test_a_sample_that_is_no_number_is_found_in_a_later_batch_of_the_epoch_that_failed():
    class Late(WindowBatches):
        def _batch(self, number):
            x, y = super()._batch(number)
            if number == 3:
                x[0, 5] = np.inf
            return x, y

    with pytest.raises(NotFiniteError, match="Batch 4 holds 1 samples"):
        trained(kind=Late)


def test_weights_of_an_epoch_before_are_kept():
    model, history = trained(callbacks=[Poison()])
    assert history.stopped_because == "the loss is not finite"
    assert history.best_epoch in (0, 1)
    assert len(history.columns["loss"]) == 3
    assert all(np.isfinite(each).all() for each in model.get_weights())
