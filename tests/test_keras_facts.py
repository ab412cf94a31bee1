"""What Keras does, where segmend was built around it: an upgrade that changes one of these is seen here at once."""

from __future__ import annotations

import keras
import numpy as np
import pytest
from keras import ops

from tests.backends import number

pytestmark = pytest.mark.filterwarnings(
    "ignore:__array__ implementation doesn't accept a copy:DeprecationWarning"  # Keras' own, with NumPy 2
)

X = np.random.default_rng(0).normal(size=(4, 6, 2)).astype("float32")
DENSE = (X[..., 0] > 0).astype("int32")
ONE_HOT = np.eye(2, dtype="float32")[DENSE]


def steps_model(loss="sparse_categorical_crossentropy", **options):
    model = keras.Sequential([keras.Input((6, 2)), keras.layers.Conv1D(2, 1, activation="softmax")])
    model.compile(keras.optimizers.SGD(0.0), loss, **options)
    return model


def probabilities(*shape):
    raw = np.random.default_rng(1).random(shape).astype("float32")
    return raw / raw.sum(axis=-1, keepdims=True)


@pytest.mark.skipif(keras.backend.backend() != "jax", reason="how it goes wrong differs between backends")
def test_class_weight_with_dense_labels_fails_on_jax():
    with pytest.raises(ValueError, match="Incompatible shapes for broadcasting"):
        steps_model().fit(X, DENSE, class_weight={0: 1.0, 1: 9.0}, verbose=0)


@pytest.mark.parametrize("y", [DENSE[..., None], ONE_HOT], ids=["(N, T, 1)", "one-hot"])
def test_class_weight_with_a_class_axis_is_a_type_error(y):
    loss = "sparse_categorical_crossentropy" if y.shape[-1] == 1 else "categorical_crossentropy"
    with pytest.raises(TypeError, match="only 0-dimensional arrays can be converted to Python scalars"):
        steps_model(loss).fit(X, y, class_weight={0: 1.0, 1: 9.0}, verbose=0)


@pytest.mark.parametrize(("labels", "factor"), [([1, 1], 1.0), ([0, 1], 9.0)])
def test_class_weight_with_multilabel_targets_silently_takes_one_class(labels, factor):
    """With both labels there, the first alone decides the weight of the sample."""
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2, activation="sigmoid")])
    model.compile(keras.optimizers.SGD(0.0), "binary_crossentropy")
    y = np.tile(np.array(labels, "float32"), (4, 1))
    plain = model.evaluate(X[:, 0], y, verbose=0)
    weighted = model.fit(X[:, 0], y, class_weight={0: 1.0, 1: 9.0}, verbose=0).history["loss"][0]
    assert weighted == pytest.approx(factor * plain, rel=1e-4)


def test_sample_weight_per_step_is_divided_by_all_steps():
    weight = np.where(np.arange(6) < 3, 1.0, 0.0)[None].repeat(4, axis=0)
    y_prob = probabilities(4, 6, 2)
    loss = keras.losses.SparseCategoricalCrossentropy()
    judged = -np.log(np.take_along_axis(y_prob, DENSE[..., None], -1)[..., 0])[:, :3]
    assert number(loss(DENSE, y_prob, sample_weight=weight)) == pytest.approx(judged.sum() / 24, rel=1e-5)


def test_dice_on_one_hot_is_one_minus_the_mean_true_probability():
    y_prob = probabilities(4, 6, 2)
    mean = np.take_along_axis(y_prob, DENSE[..., None], -1).mean()
    assert number(keras.losses.Dice()(ONE_HOT, y_prob)) == pytest.approx(1 - mean, abs=1e-6)


@pytest.mark.parametrize("loss", [keras.losses.Dice, keras.losses.Tversky])
def test_an_absent_class_predicted_perfectly_costs_one(loss):
    nothing = np.zeros((1, 6, 1), "float32")
    assert number(loss()(nothing, nothing)) == pytest.approx(1.0, abs=1e-5)


@pytest.mark.parametrize("loss", [keras.losses.Dice, keras.losses.Tversky])
def test_step_weights_do_not_reach_inside_region_losses(loss):
    y_prob = probabilities(4, 6, 2)
    weight = (np.arange(6) < 3).astype("float32")[None].repeat(4, axis=0)
    cropped = number(loss()(ONE_HOT[:, :3], y_prob[:, :3]))
    weighted = np.mean(ops.convert_to_numpy(loss()(ONE_HOT, y_prob, sample_weight=weight)))
    assert weighted != pytest.approx(cropped, abs=1e-3)


def test_tversky_swaps_alpha_and_beta_against_its_documentation():
    """Documented: alpha weighs false positives. With false negatives only, alpha alone must then not matter."""
    there, missed = np.array([[1.0, 1.0]], "float32"), np.array([[1.0, 0.0]], "float32")
    values = [number(keras.losses.Tversky(alpha=alpha, beta=0.5)(there, missed)) for alpha in (0.1, 0.9)]
    assert values[0] != pytest.approx(values[1], abs=1e-3)


def test_categorical_focal_takes_one_hot_only_and_a_vector_alpha():
    y_prob = probabilities(4, 6, 3)
    with pytest.raises(ValueError, match="shape"):
        keras.losses.CategoricalFocalCrossentropy()(DENSE, y_prob)
    hot = np.eye(3, dtype="float32")[DENSE]
    alone = keras.losses.CategoricalFocalCrossentropy(alpha=[1.0, 0.0, 0.0])(hot, y_prob)
    assert 0 < number(alone) < number(keras.losses.CategoricalFocalCrossentropy(alpha=[1.0, 1.0, 1.0])(hot, y_prob))


def test_binary_focal_ignores_alpha_unless_told():
    y_prob = probabilities(4, 6, 2)[..., :1]
    y_true = DENSE[..., None]
    plain = [number(keras.losses.BinaryFocalCrossentropy(alpha=alpha)(y_true, y_prob)) for alpha in (0.25, 0.9)]
    assert plain[0] == plain[1]
    told = keras.losses.BinaryFocalCrossentropy(apply_class_balancing=True, alpha=0.9)
    assert number(told(y_true, y_prob)) != pytest.approx(plain[0])


def test_generalized_cross_entropy_wants_integers_despite_its_name():
    y_prob = probabilities(4, 6, 2)
    assert np.isfinite(number(keras.losses.CategoricalGeneralizedCrossEntropy()(DENSE, y_prob)))


def test_f1_score_takes_rank_two_only():
    with pytest.raises(ValueError, match="shape"):
        keras.metrics.F1Score().update_state(ONE_HOT, probabilities(4, 6, 2))


@pytest.mark.filterwarnings("ignore:Explicitly requested dtype int64:UserWarning")
def test_iou_casts_weights_to_integers():
    metric = keras.metrics.MeanIoU(num_classes=2)
    with pytest.warns(UserWarning, match="incorrect weight due to type casting"):
        metric.update_state(DENSE, DENSE, sample_weight=np.full(DENSE.shape, 0.5, "float32"))
    assert number(metric.result()) == 0.0


def test_convolutions_drop_masks():
    masked = keras.layers.Masking()(np.zeros((1, 6, 2), "float32"))
    assert keras.src.backend.get_keras_mask(masked) is not None
    with pytest.warns(UserWarning, match="does not support masking"):
        convolved = keras.layers.Conv1D(2, 3)(masked)
    assert keras.src.backend.get_keras_mask(convolved) is None


def test_random_layers_take_sequences_for_one_image():
    """(N, T, C) is read as one image of height N: recordings leak into each other."""
    keras.utils.set_random_seed(0)
    x = np.broadcast_to(np.arange(8, dtype="float32")[:, None, None], (8, 6, 2)).copy()
    turned = ops.convert_to_numpy(keras.layers.RandomTranslation(0.5, 0.0, fill_mode="wrap")(x, training=True))
    assert np.abs(turned - x).max() > 0.5


class Writer(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        logs["val_segments"] = float(epoch == 1)


def test_what_a_callback_writes_is_seen_by_those_after_it(tmp_path):
    keep = keras.callbacks.ModelCheckpoint(tmp_path / "{epoch}.keras", "val_segments", mode="max", save_best_only=True)
    stop = keras.callbacks.EarlyStopping("val_segments", mode="max", patience=1)
    history = steps_model().fit(X, DENSE, epochs=6, verbose=0, callbacks=[Writer(), keep, stop]).history
    assert history["val_segments"] == [0.0, 1.0, 0.0]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["1.keras", "2.keras"]


def test_numpy_two_warns_of_the_copy_keyword():
    """The reason for the filter above: when this fails, the filter can go."""
    with pytest.warns(DeprecationWarning, match="__array__ implementation doesn't accept a copy"):
        keras.Variable(1.0).numpy()
