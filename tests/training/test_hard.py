"""Hard windows: what is looked at, what it costs, and that training draws them."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from segmend import losses
from segmend.errors import InputError
from segmend.training import HardWindows, Settings, WindowBatches, fit
from segmend.training.windows import WindowIndex


class Knows:
    """A model that is right (with 0.9) where the signal is positive, and wrong where it is negative."""

    def __init__(self, loss):
        self.loss = loss
        self.calls = []

    def predict_on_batch(self, x):
        self.calls.append(len(x))
        sure = np.where(x[..., 0] > 0, 0.9, 0.1)
        sure = sure.mean(axis=tuple(range(1, sure.ndim))) if self.whole else sure
        return np.stack([sure, sure if self.multilabel else 1 - sure], axis=-1).astype("float32")


def drawn(task, rank, hard=0.5, wrong=3):
    """Ten recordings of one window each, class 0 throughout (overlapping: both), the third of which is negative."""
    whole, multilabel = task.endswith("classification"), task.startswith("multilabel")
    size = (8,) * rank
    signals = [np.full((*size, 1), -1.0 if k == wrong else 1.0) for k in range(10)]
    of = () if whole else size
    y_true = [np.ones((*of, 2), int) if multilabel else np.zeros(of, int) for _ in range(10)]
    options = {"rank": 0 if whole else rank, "shapes": [size] * 10, "multilabel": multilabel}
    index = WindowIndex(y_true, length=8, hard=hard, **options)
    model = Knows(losses.BinaryCrossEntropy() if multilabel else losses.CrossEntropy())
    model.whole, model.multilabel = whole, multilabel
    return WindowBatches(signals, y_true, index, batch_size=4, steps=30), model


TASKS = ("segmentation", "multilabel-segmentation", "classification", "multilabel-classification")


@pytest.mark.parametrize("rank", [1, 2])
@pytest.mark.parametrize("task", TASKS)
def test_windows_of_high_loss_are_drawn_in_the_share_asked_for(task, rank):
    """Losses are log 10 in one tile and -log 0.9 in nine."""
    batches, model = drawn(task, rank)
    HardWindows(model, batches).on_epoch_end(0)
    expected = np.full(10, -np.log(0.9))
    expected[3] = np.log(10)
    np.testing.assert_allclose(batches.index.tiles.error, expected, rtol=1e-4)
    recording, _ = batches.index.draw(np.random.default_rng(0), 4000)
    share = 0.5 * np.log(10) / expected.sum() + 0.5 / 10
    assert (recording == 3).mean() == pytest.approx(share, abs=0.03)


def test_tiles_are_looked_at_in_turn_and_as_many_as_the_share_demands():
    batches, model = drawn("segmentation", 1)
    watcher = HardWindows(model, batches, share=0.04)  # two batches of four for thirty
    watcher.on_epoch_end(0)
    assert model.calls == [4, 4]
    assert np.isfinite(batches.index.tiles.error).sum() == 8
    watcher.on_epoch_end(1)
    assert np.isfinite(batches.index.tiles.error).all()


def test_a_look_every_third_epoch():
    batches, model = drawn("segmentation", 1)
    watcher = HardWindows(model, batches, share=0.01, every=3)
    for epoch in range(6):
        watcher.on_epoch_end(epoch)
    assert len(model.calls) == 2


def test_windows_that_nobody_judged_are_not_hard():
    y_true = [np.concatenate([np.zeros(8, int), np.full(8, -1)]), np.zeros(16, int)]
    index = WindowIndex(y_true, length=8, hard=0.5)
    assert list(zip(index.tiles.recording, index.tiles.first[:, 0], strict=True)) == [(0, 0), (1, 0), (1, 8)]


def test_an_index_without_hard_windows_is_refused():
    y_true = [np.zeros(8, int)]
    batches = WindowBatches([np.zeros((8, 1))], y_true, WindowIndex(y_true, length=4), batch_size=2)
    with pytest.raises(InputError, match="expected an index with a share of hard windows"):
        HardWindows(None, batches)


def test_training_looks_and_draws_what_it_gets_wrong():
    """A linear model cannot tell the class of one recording, whose signal lies: it is drawn ever more often."""
    rng = np.random.default_rng(0)
    y_true = [np.repeat(rng.integers(0, 2, 20), 10) for _ in range(10)]
    signals = [(labels[:, None] * 2.0 - 1) * (-1 if k == 3 else 1) for k, labels in enumerate(y_true)]
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((20, 1)), keras.layers.Dense(2, activation="softmax")])
    batches = WindowBatches(signals, y_true, WindowIndex(y_true, length=20, hard=0.6), batch_size=10)
    watcher = HardWindows(model, batches, share=1.0)
    fit(
        model,
        batches,
        Settings(steps=60, epochs=3, learning_rate=0.05),
        loss=losses.CrossEntropy(),
        callbacks=[watcher],
    )
    error = batches.index.tiles.error
    assert np.isfinite(error).all()
    liar = batches.index.tiles.recording == 3
    recording, _ = batches.index.draw(np.random.default_rng(0), 4000)
    share = 0.6 * error[liar].sum() / error.sum() + 0.4 / 10
    assert share > 0.2
    assert (recording == 3).mean() == pytest.approx(share, abs=0.04)
