"""What ``fit`` and its callbacks do with weights and logs.

Not pinned: that ``PyDataset(use_multiprocessing=True)`` may hang on JAX, for a hang cannot be asked for, and step and
import times, which are measured in benchmarks.
"""

from __future__ import annotations

import importlib.util

import keras
import numpy as np
import pytest

from tests.keras_facts.batch import DENSE, ONE_HOT, X, steps_model

jax_only = pytest.mark.skipif(keras.backend.backend() != "jax", reason="how it goes wrong differs between backends")
RARE = {0: 1.0, 1: 9.0}


@jax_only
def test_class_weight_with_dense_labels_fails_on_jax():
    with pytest.raises(ValueError, match="Incompatible shapes for broadcasting"):
        steps_model().fit(X, DENSE, class_weight=RARE, verbose=0)


@pytest.mark.parametrize(("first", "factor"), [(0, 1.0), (1, 9.0), (2, 1.0)])
def test_class_weight_takes_the_place_in_time_for_the_class(first, factor):
    """Where it does not fail: the weight of a sequence is that of the class numbered like its largest step."""
    model = keras.Sequential([keras.Input((6, 2)), keras.layers.Flatten(), keras.layers.Dense(6, "sigmoid")])
    model.compile(keras.optimizers.SGD(0.0), "binary_crossentropy")
    y = np.tile((np.arange(6) >= first).astype("float32"), (4, 1))
    weighted = model.fit(X, y, class_weight=RARE, verbose=0).history["loss"][0]
    assert weighted == pytest.approx(factor * model.evaluate(X, y, verbose=0), rel=1e-4)


@pytest.mark.parametrize("y", [DENSE[..., None], ONE_HOT], ids=["(N, T, 1)", "one-hot"])
def test_class_weight_with_a_class_axis_is_a_type_error(y):
    loss = "sparse_categorical_crossentropy" if y.shape[-1] == 1 else "categorical_crossentropy"
    with pytest.raises(TypeError, match="only 0-dimensional arrays can be converted to Python scalars"):
        steps_model(loss).fit(X, y, class_weight=RARE, verbose=0)


@pytest.mark.parametrize(("labels", "factor"), [([1, 1], 1.0), ([0, 1], 9.0)])
def test_class_weight_with_multilabel_targets_silently_takes_one_class(labels, factor):
    """With both labels there, the first alone decides the weight of the sample."""
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2, activation="sigmoid")])
    model.compile(keras.optimizers.SGD(0.0), "binary_crossentropy")
    y = np.tile(np.array(labels, "float32"), (4, 1))
    plain = model.evaluate(X[:, 0], y, verbose=0)
    weighted = model.fit(X[:, 0], y, class_weight=RARE, verbose=0).history["loss"][0]
    assert weighted == pytest.approx(factor * plain, rel=1e-4)


@jax_only
def test_one_weight_per_sequence_fails_beside_a_loss_per_step():
    with pytest.raises(ValueError, match="Incompatible shapes for broadcasting"):
        steps_model().fit(X, DENSE, sample_weight=np.ones(4), verbose=0)


def test_larger_step_weights_are_a_larger_learning_rate():
    moved = []
    for factor in (1.0, 2.0):
        keras.utils.set_random_seed(0)
        model = steps_model()
        model.optimizer.learning_rate = 0.1
        before = model.get_weights()[0]
        model.fit(X, DENSE, sample_weight=np.full(DENSE.shape, factor), verbose=0)
        moved.append(model.get_weights()[0] - before)
    np.testing.assert_allclose(moved[1], 2 * moved[0], rtol=1e-3, atol=1e-6)


class Writer(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        logs["val_segments"] = float(epoch == 1)


def test_what_a_callback_writes_is_seen_by_those_after_it(tmp_path):
    keep = keras.callbacks.ModelCheckpoint(tmp_path / "{epoch}.keras", "val_segments", mode="max", save_best_only=True)
    stop = keras.callbacks.EarlyStopping("val_segments", mode="max", patience=1)
    history = steps_model().fit(X, DENSE, epochs=6, verbose=0, callbacks=[Writer(), keep, stop]).history
    assert history["val_segments"] == [0.0, 1.0, 0.0]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["1.keras", "2.keras"]


@pytest.mark.skipif(importlib.util.find_spec("tensorflow") is not None, reason="TensorFlow is installed")
def test_the_tensorboard_callback_needs_tensorflow(tmp_path):
    with pytest.raises(ImportError, match="tensorflow"):
        steps_model().fit(X, DENSE, verbose=0, callbacks=[keras.callbacks.TensorBoard(tmp_path)])


def test_tensorboardx_writes_without_tensorflow(tmp_path):
    package = pytest.importorskip("tensorboardX", reason="the alternative to TensorBoard is no dependency")
    with package.SummaryWriter(str(tmp_path)) as writer:
        writer.add_scalar("loss", 0.5, 0)
    assert any(tmp_path.glob("events.out.tfevents.*"))


def test_numpy_two_warns_of_the_copy_keyword():
    """The reason for the filter in pyproject.toml: when this fails, the filter can go."""
    with pytest.warns(DeprecationWarning, match="__array__ implementation doesn't accept a copy"):
        keras.Variable(1.0).numpy()
