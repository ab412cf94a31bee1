"""What holds for every loss: the declared ranks, any form of label, nothing from ignored steps, a declared minimum."""

from __future__ import annotations

import keras
import numpy as np
import pytest
from keras import ops

from segmend import catalogue, losses
from segmend.errors import InputError
from tests.backends import gradient, number

pytestmark = pytest.mark.backend

CLASSES = 3
SPATIAL = {1: (7,), 2: (5, 4), 3: (3, 4, 2)}
REGION = [
    {},
    {"over": "batch", "smoothing": 0.0},
    {"absent": "score"},
    {"background": 0},
    {"class_weight": [1, 2, 3]},
]
OPTIONS = {
    "cross_entropy": [{}, {"class_weight": [0.5, 1.0, 4.0]}, {"label_smoothing": 0.1}, {"prior": [0.8, 0.1, 0.1]}],
    "focal": [{}, {"gamma": 0.5, "alpha": [0.2, 0.3, 0.5]}, {"class_weight": [1, 2, 3], "gamma": 0}],
    "temporal_focal": [{}, {"near": 0.2, "width": 1.0}, {"near": 1.0, "gamma": 3.0}],
    "dice": REGION,
    "generalised_dice": [{}, {"over": "batch", "smoothing": 0.5}, {"absent": "score"}, {"class_weight": [1, 2, 3]}],
    "jaccard": REGION,
    "tversky": [*REGION[:3], {"alpha": 0.9, "beta": 0.1}],
    "focal_tversky": [*REGION[:3], {"gamma": 1.5, "background": 0}],
    "smoothness": [{}, {"tau": 0.5}, {"class_weight": [1, 2, 3]}],
    "expected_cost": [{"cost": [[0, 1, 2], [5, 0, 1], [9, 1, 0]]}],
    "lovasz": [{}, {"over": "batch", "absent": "score"}, {"background": 0, "class_weight": [1, 2, 3]}],
    "ldam": [{"counts": [90, 9, 1]}, {"counts": [9, 1, 2], "margin": 2.0, "scale": 2.0, "class_weight": [1, 2, 3]}],
    "generalised_cross_entropy": [{}, {"q": 1.0}, {"q": 0.3, "class_weight": [1, 2, 3]}],
    "boundary": [{}, {"furthest": 2}, {"class_weight": [1, 2, 3]}],
    "boundary_tolerant": [{}, {"steps": 1, "class_weight": [1, 2, 3]}, {"steps": 0}],
    "topological": [{}, {"background": 0}, {"class_weight": [1, 2, 3]}],
    "transition_count": [{}, {"sharpness": 1.0, "background": 0}, {"class_weight": [1, 2, 3]}],
}
MEAN_OVER_STEPS = (
    losses.CrossEntropy,
    losses.Focal,
    losses.ExpectedCost,
    losses.GeneralisedCrossEntropy,
    losses.LDAM,
)
NEIGHBOURS_MATTER = (
    losses.TemporalFocal,
    losses.Smoothness,
    losses.Boundary,
    losses.BoundaryTolerant,
    losses.Topological,
    losses.TransitionCount,
)
KINKED = (losses.Lovasz,)  # linear between kinks: the step is short, and no two errors of the batch are nearly alike
HELD_FIXED = (losses.Smoothness,)  # no gradient to the step before, by definition: tests/losses/test_smoothness.py


def members():
    for name in catalogue.LOSSES:
        for options in OPTIONS.get(name, []):
            text = ", ".join(f"{key}={value}" for key, value in options.items())
            yield pytest.param(
                lambda name=name, options=options, **more: make(name, options, more), id=f"{name}({text})"
            )
    yield pytest.param(lambda **more: losses.CrossEntropy(**more) + 0.5 * losses.Dice(**more), id="sum")


def make(name, options, more):
    return catalogue.resolve("losses", name)(**options, **more)


MULTILABEL = {
    "binary_cross_entropy": [
        {},
        {"class_weight": [0.5, 1, 4], "positive_weight": [1, 2, 3]},
        {"label_smoothing": 0.1},
        {"prior": [0.5, 0.1, 0.01], "tau": 0.5},
    ],
    "focal": [{}, {"gamma": 0.5, "alpha": [0.25, 0.5, 0.75]}],
    "temporal_focal": [{"near": 3.0}],
    "dice": [{}, {"absent": "score"}, {"over": "batch"}],
    "generalised_dice": [{}],
    "jaccard": [{}],
    "tversky": [{}],
    "focal_tversky": [{}],
    "lovasz": [{}, {"over": "batch"}],
    "asymmetric": [{}, {"positive": 1.0, "negative": 2.0, "shift": 0.2}, {"class_weight": [0.5, 1, 4], "shift": 0.0}],
    "boundary": [{"furthest": 3}],
    "topological": [{}],
    "transition_count": [{}],
}
ALWAYS_MULTILABEL = ("binary_cross_entropy", "asymmetric")


def multilabel_members():
    for name, every in MULTILABEL.items():
        more = {} if name in ALWAYS_MULTILABEL else {"multilabel": True}
        for options in every:
            text = ", ".join(f"{key}={value}" for key, value in options.items())
            yield pytest.param(
                lambda name=name, options=options | more, **rest: make(name, options, rest), id=f"{name}({text})"
            )


every_multilabel_loss = pytest.mark.parametrize("loss", list(multilabel_members()))
every_loss = pytest.mark.parametrize("loss", list(members()))
every_rank = pytest.mark.parametrize("rank", list(SPATIAL))


def batch(rank, seed=0):
    rng = np.random.default_rng(seed)
    shape = (2, *SPATIAL[rank])
    logits = rng.normal(size=(*shape, CLASSES)).astype("float32")
    y_true = rng.integers(0, CLASSES, shape)
    return y_true, logits, softmax(logits)


def is_refused(loss, rank, y_true, y_pred):
    """Whether a loss declares that it does not serve a rank; if so it must say it."""
    if loss().ranks is None or rank in loss().ranks:
        return False
    with pytest.raises(InputError, match=rf"y_true: {type(loss()).__name__} expects labels .* spatial axes\. Received"):
        loss()(y_true, y_pred)
    return True


def softmax(logits):
    raised = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return (raised / raised.sum(axis=-1, keepdims=True)).astype("float32")


def one_hot(y_true):
    return (y_true[..., None] == np.arange(CLASSES)).astype("float32")


@every_loss
@every_rank
def test_every_form_of_label_and_prediction_gives_one_number(loss, rank):
    y_true, logits, y_prob = batch(rank)
    if is_refused(loss, rank, y_true, y_prob):
        return
    expected = number(loss()(y_true, y_prob))
    assert np.isfinite(expected)
    for form in (y_true[..., None], y_true.astype("float32"), one_hot(y_true)):
        assert number(loss()(form, y_prob)) == pytest.approx(expected, abs=1e-6)
    assert number(loss(from_logits=True)(y_true, logits)) == pytest.approx(expected, abs=1e-5)


@every_loss
@every_rank
@pytest.mark.parametrize("how", ["label", "one-hot", "weight", "mask"])
def test_padded_equals_cropped(loss, rank, how):
    y_true, _, y_prob = batch(rank)
    if is_refused(loss, rank, y_true, y_prob):
        return
    keep = SPATIAL[rank][0] - 2
    expected = number(loss()(y_true[:, :keep], y_prob[:, :keep]))
    kept = np.zeros(y_true.shape, bool)
    kept[:, :keep] = True
    assert number(ignoring(loss(), y_true, y_prob, kept, how)) == pytest.approx(expected, abs=1e-6)


def ignoring(loss, y_true, y_prob, kept, how):
    if how == "label":
        return loss(np.where(kept, y_true, -1), y_prob)
    if how == "one-hot":
        return loss(one_hot(y_true) * kept[..., None], y_prob)
    if how == "weight":
        return loss(y_true, y_prob, sample_weight=kept.astype("float32"))
    y_prob = ops.convert_to_tensor(y_prob)
    keras.src.backend.set_keras_mask(y_prob, ops.convert_to_tensor(kept))
    return loss(y_true, y_prob)


@every_loss
def test_what_is_ignored_cannot_spoil_value_or_gradient(loss):
    y_true, _, y_prob = batch(1)
    y_true[:, 4:] = -1
    spoilt = y_prob.copy()
    spoilt[:, 4:] = np.nan
    assert number(loss()(y_true, spoilt)) == pytest.approx(number(loss()(y_true, y_prob)), abs=1e-6)
    slope = gradient(lambda p: loss()(y_true, p), y_prob)
    assert np.all(slope[:, 4:] == 0)
    assert np.isfinite(gradient(lambda p: loss()(y_true, p), spoilt)[:, :4]).all()


@every_loss
def test_a_weight_of_two_is_a_step_given_twice(loss):
    y_true, _, y_prob = batch(1)
    weight = np.ones(y_true.shape, "float32")
    weight[:, 2] = 2.0
    total = loss()(y_true, y_prob, sample_weight=weight)
    twice = np.r_[0:7, 2]
    repeated = loss()(y_true[:, twice], y_prob[:, twice])
    share = 8 / 7  # cross-entropies divide by the number of steps, and a weight is no step
    factor = share if isinstance(loss(), MEAN_OVER_STEPS) else 1.0
    if not isinstance(loss(), (losses.Sum, *NEIGHBOURS_MATTER)):
        assert number(total) == pytest.approx(factor * number(repeated), rel=1e-5)
    assert number(total) != pytest.approx(number(loss()(y_true, y_prob)), rel=1e-5)


@every_loss
def test_a_weight_per_recording_leaves_the_other_recording_alone(loss):
    y_true, _, y_prob = batch(1)
    alone = number(loss()(y_true[:1], y_prob[:1]))
    assert number(loss()(y_true, y_prob, sample_weight=np.array([1.0, 0.0]))) == pytest.approx(alone, abs=1e-6)


@every_loss
def test_the_declared_minimum(loss):
    y_true, _, y_prob = batch(1)
    perfect = one_hot(y_true)
    if loss().minimum == "regulariser":
        constant = np.broadcast_to(y_prob[:, :1], y_prob.shape).copy()
        assert number(loss()(y_true, constant)) == pytest.approx(0.0, abs=1e-6)
        return
    assert number(loss()(y_true, perfect)) < number(loss()(y_true, y_prob))
    if loss().minimum == "perfect":
        assert number(loss()(y_true, perfect)) == pytest.approx(0.0, abs=1e-6)


@every_loss
def test_the_gradient_is_that_of_finite_differences(loss):
    if isinstance(loss(), HELD_FIXED):
        return
    y_true, logits, _ = batch(1, seed=1 if isinstance(loss(), KINKED) else 0)
    y_true[1, 3] = -1

    def value(z):
        return loss(from_logits=True)(y_true, z)

    slope = gradient(value, logits)
    rng = np.random.default_rng(1)
    for _ in range(3):
        direction = rng.normal(size=logits.shape).astype("float32")
        step = 1e-3 if isinstance(loss(), KINKED) else 1e-2
        difference = (number(value(logits + step * direction)) - number(value(logits - step * direction))) / (2 * step)
        assert (slope * direction).sum() == pytest.approx(difference, rel=2e-2, abs=2e-4)


@every_loss
@pytest.mark.parametrize("labels", [0, 2, -1], ids=["no-foreground", "one-class", "nothing-judged"])
def test_an_empty_class_gives_a_finite_value_and_gradient(loss, labels):
    _, logits, _ = batch(1)
    y_true = np.full((2, 7), labels)
    assert np.isfinite(number(loss(from_logits=True)(y_true, logits)))
    assert np.isfinite(gradient(lambda z: loss(from_logits=True)(y_true, z), logits)).all()


@every_loss
def test_certain_and_wrong_gives_a_finite_value_and_gradient(loss):
    y_true, _, _ = batch(1)
    wrong = one_hot((y_true + 1) % CLASSES)
    assert np.isfinite(number(loss()(y_true, wrong)))
    assert np.isfinite(gradient(lambda p: loss()(y_true, p), wrong)).all()


@every_loss
def test_half_precision_predictions_are_summed_in_single(loss):
    y_true, _, y_prob = batch(1)
    half = y_prob.astype("float16")
    value = loss()(y_true, half)
    assert keras.backend.standardize_dtype(value.dtype) == "float32"
    assert number(value) == pytest.approx(number(loss()(y_true, half.astype("float32"))), rel=1e-5)


@every_loss
def test_labels_of_whole_recordings_are_steps_without_an_axis(loss):
    y_true, _, y_prob = batch(1)
    if not is_refused(loss, 0, y_true[:, 0], y_prob[:, 0]):
        assert np.isfinite(number(loss()(y_true[:, 0], y_prob[:, 0])))


def test_every_loss_of_the_catalogue_is_under_contract():
    assert set(catalogue.LOSSES) == set(OPTIONS) | set(MULTILABEL)


@every_loss
def test_the_configuration_makes_the_same_loss(loss):
    y_true, _, y_prob = batch(2 if loss().ranks is None else max(loss().ranks))
    twin = keras.losses.deserialize(keras.losses.serialize(loss()))
    assert type(twin) is type(loss())
    assert number(twin(y_true, y_prob)) == pytest.approx(number(loss()(y_true, y_prob)), abs=1e-7)


def multilabel_batch(rank, seed=0):
    rng = np.random.default_rng(seed)
    shape = (2, *SPATIAL[rank], CLASSES)
    logits = rng.normal(size=shape).astype("float32")
    return rng.integers(0, 2, shape), logits, (1 / (1 + np.exp(-logits))).astype("float32")


@every_multilabel_loss
@every_rank
def test_overlapping_labels_in_every_form(loss, rank):
    y_true, logits, y_prob = multilabel_batch(rank)
    if is_refused(loss, rank, y_true, y_prob):
        return
    expected = number(loss()(y_true, y_prob))
    assert number(loss()(y_true.astype("float32"), y_prob)) == pytest.approx(expected, abs=1e-6)
    assert number(loss(from_logits=True)(y_true, logits)) == pytest.approx(expected, abs=1e-5)
    keep = SPATIAL[rank][0] - 2
    cropped = number(loss()(y_true[:, :keep], y_prob[:, :keep]))
    kept = np.zeros(y_true.shape[:-1], bool)
    kept[:, :keep] = True
    for how in ("weight", "mask"):
        assert number(ignoring(loss(), y_true, y_prob, kept, how)) == pytest.approx(cropped, abs=1e-6)
    assert number(loss()(np.where(kept[..., None], y_true, -1), y_prob)) == pytest.approx(cropped, abs=1e-6)


@every_multilabel_loss
def test_overlapping_labels_have_the_gradient_of_finite_differences_and_the_declared_minimum(loss):
    y_true, logits, y_prob = multilabel_batch(1)
    y_true[1, 3] = -1

    def value(z):
        return loss(from_logits=True)(y_true, z)

    direction = np.random.default_rng(1).normal(size=logits.shape).astype("float32")
    step = 1e-3 if isinstance(loss(), KINKED) else 1e-2
    difference = (number(value(logits + step * direction)) - number(value(logits - step * direction))) / (2 * step)
    assert (gradient(value, logits) * direction).sum() == pytest.approx(difference, rel=2e-2, abs=2e-4)
    perfect = np.maximum(y_true, 0).astype("float32")
    if loss().minimum == "perfect":
        assert number(loss()(y_true, perfect)) == pytest.approx(0.0, abs=1e-6)
        assert number(loss()(y_true, y_prob)) > 0.01
    twin = keras.losses.deserialize(keras.losses.serialize(loss()))
    assert number(twin(y_true, y_prob)) == pytest.approx(number(loss()(y_true, y_prob)), abs=1e-7)


@every_multilabel_loss
@pytest.mark.parametrize("labels", [0, 1, -1])
def test_overlapping_labels_that_are_all_alike_give_finite_values_and_gradients(loss, labels):
    _, logits, _ = multilabel_batch(1)
    y_true = np.full(logits.shape, labels)
    assert np.isfinite(gradient(lambda z: loss(from_logits=True)(y_true, z), logits)).all()
    assert np.isfinite(number(loss(from_logits=True)(y_true, logits)))


@pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy:DeprecationWarning")  # Keras' own
def test_a_compiled_model_trains_and_comes_back_with_its_loss(tmp_path):
    keras.utils.set_random_seed(0)
    model = keras.Sequential(
        [keras.Input((None, 2)), keras.layers.Conv1D(CLASSES, 3, padding="same", activation="softmax")]
    )
    model.compile(keras.optimizers.Adam(0.05), losses.CrossEntropy(class_weight=[1, 1, 2]) + losses.Dice())
    rng = np.random.default_rng(0)
    x = rng.normal(size=(4, 30, 2)).astype("float32")
    y = np.where(rng.random((4, 30)) < 0.1, -1, (x[..., 0] > 0) + (x[..., 1] > 1))
    history = model.fit(x, y, epochs=6, batch_size=4, verbose=0).history["loss"]
    assert history[-1] < history[0]
    model.save(tmp_path / "model.keras")
    twin = keras.models.load_model(tmp_path / "model.keras")
    assert twin.evaluate(x, y, verbose=0) == pytest.approx(model.evaluate(x, y, verbose=0), rel=1e-4)
