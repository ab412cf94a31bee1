"""Binary cross-entropy by hand, beside Keras', and where its minimum is moved on purpose."""

import keras
import numpy as np
import pytest

from segmend.errors import InputError
from segmend.losses import BinaryCrossEntropy

RNG = np.random.default_rng(0)
LOGITS = RNG.normal(size=(2, 9, 3)).astype("float32")
PROB = (1 / (1 + np.exp(-LOGITS))).astype("float32")
Y = RNG.integers(0, 2, (2, 9, 3))


@pytest.mark.parametrize("smoothing", [0.0, 0.2])
def test_it_equals_keras_where_keras_is_right(smoothing):
    own = keras.losses.BinaryCrossentropy(label_smoothing=smoothing)(Y.astype("float32"), PROB)
    assert float(BinaryCrossEntropy(label_smoothing=smoothing)(Y, PROB)) == pytest.approx(float(own), rel=1e-5)


def test_positives_and_classes_are_weighed():
    y, prob = np.array([[[1, 0]]]), np.array([[[0.5, 0.75]]], "float32")
    loss = BinaryCrossEntropy(class_weight=[1, 3], positive_weight=[5, 7])
    assert float(loss(y, prob)) == pytest.approx((5 * np.log(2) + 3 * np.log(4)) / 2, rel=1e-5)


def test_smoothed_labels_are_learnt_as_they_are_smoothed():
    target = (0.8 * Y + 0.1).astype("float32")
    loss = BinaryCrossEntropy(label_smoothing=0.2)
    best = float(loss(Y, target))
    for other in (Y.astype("float32"), PROB, np.clip(target + 0.02, 0, 1), np.clip(target - 0.02, 0, 1)):
        assert best < float(loss(Y, other))


def test_logits_of_equal_classes_are_learnt_under_a_prior():
    """With a prior the best logit of a class that is there in a share of the steps is what the prior does not say."""
    prior, share = 0.2, 0.5
    y = np.tile([[[1], [0]]], (1, 5, 1))
    logit = np.log(share / (1 - share)) - np.log(prior / (1 - prior))
    loss = BinaryCrossEntropy(prior=[prior], from_logits=True)
    best = float(loss(y, np.full(y.shape, logit, "float32")))
    assert best == pytest.approx(np.log(2), rel=1e-5)
    for other in (logit - 0.1, logit + 0.1):
        assert best < float(loss(y, np.full(y.shape, other, "float32")))


def test_one_step_with_an_unknown_label_is_left_out():
    y = Y.copy()
    y[0, 2, 1] = -1
    weight = np.ones((2, 9))
    weight[0, 2] = 0
    assert float(BinaryCrossEntropy()(y, PROB)) == pytest.approx(
        float(BinaryCrossEntropy()(Y, PROB, sample_weight=weight))
    )


def test_a_weight_for_each_class_is_asked_for_by_its_name():
    with pytest.raises(InputError, match=r"positive_weight: expected 3 weights, one for each class\. Received 2"):
        BinaryCrossEntropy(positive_weight=[1, 2])(Y, PROB)
    with pytest.raises(InputError, match=r'reduction: expected "mean", "sum" or "none"'):
        BinaryCrossEntropy(reduction="sum_over_batch_size")
