"""Losses for labels that are wrong, for classes that are rare and for negatives that abound: limits and hand values."""

import numpy as np
import pytest

from segmend.errors import InputError
from segmend.losses import LDAM, Asymmetric, BinaryCrossEntropy, CrossEntropy, Focal, GeneralisedCrossEntropy
from tests.backends import gradient, number

pytestmark = pytest.mark.backend

RNG = np.random.default_rng(0)
LOGITS = RNG.normal(size=(2, 9, 3)).astype("float32")
Y = RNG.integers(-1, 3, (2, 9))
MANY = RNG.integers(0, 2, (2, 9, 3))


def test_generalised_cross_entropy_goes_from_cross_entropy_to_the_mean_error():
    prob = np.exp(LOGITS) / np.exp(LOGITS).sum(axis=-1, keepdims=True)
    cross = number(CrossEntropy()(Y, prob))
    assert number(GeneralisedCrossEntropy(q=1e-4)(Y, prob)) == pytest.approx(cross, rel=1e-3)
    true = np.take_along_axis(prob, np.maximum(Y, 0)[..., None], -1)[..., 0][Y >= 0]
    assert number(GeneralisedCrossEntropy(q=1.0)(Y, prob)) == pytest.approx((1 - true).mean(), rel=1e-5)
    assert number(GeneralisedCrossEntropy(q=0.7)(Y, prob)) == pytest.approx(((1 - true**0.7) / 0.7).mean(), rel=1e-5)


def test_a_label_that_looks_wrong_pulls_less_than_in_cross_entropy():
    logits = np.array([[[3.0, -3.0]]], "float32")
    y = np.array([[1]])
    doubtful = 1 / (1 + np.exp(6.0))
    plain, robust = (
        gradient(lambda z, loss=loss: loss(y, z), logits)
        for loss in (CrossEntropy(from_logits=True), GeneralisedCrossEntropy(q=0.5, from_logits=True))
    )
    np.testing.assert_allclose(robust, plain * doubtful**0.5, rtol=1e-3)


def test_margins_grow_with_the_fourth_root_of_rarity():
    loss = LDAM(counts=[810_000, 10_000, 10_000], margin=1.2, scale=2.0, from_logits=True)
    lowered = LOGITS - np.eye(3)[np.maximum(Y, 0)] * np.array([0.4, 1.2, 1.2])
    scaled = 2.0 * lowered
    log_prob = scaled - np.log(np.exp(scaled).sum(axis=-1, keepdims=True))
    expected = -np.take_along_axis(log_prob, np.maximum(Y, 0)[..., None], -1)[..., 0][Y >= 0].mean()
    assert number(loss(Y, LOGITS)) == pytest.approx(expected, rel=1e-5)


def test_without_a_margin_it_is_cross_entropy():
    plain = number(CrossEntropy(from_logits=True)(Y, LOGITS))
    assert number(LDAM(counts=[5, 2, 1], margin=0.0, from_logits=True)(Y, LOGITS)) == pytest.approx(plain, rel=1e-5)


def test_without_powers_and_shift_it_is_binary_cross_entropy():
    plain = number(BinaryCrossEntropy(from_logits=True)(MANY, LOGITS))
    loss = Asymmetric(positive=0, negative=0, shift=0, from_logits=True)
    assert number(loss(MANY, LOGITS)) == pytest.approx(plain, rel=1e-5)


def test_with_equal_powers_it_is_focal():
    plain = number(Focal(gamma=3.0, multilabel=True, from_logits=True)(MANY, LOGITS))
    loss = Asymmetric(positive=3, negative=3, shift=0, from_logits=True)
    assert number(loss(MANY, LOGITS)) == pytest.approx(plain, rel=1e-5)


def test_a_negative_below_the_shift_costs_nothing():
    y, prob = np.array([[[0, 0, 1]]]), np.array([[[0.2, 0.5, 0.5]]], "float32")
    found = Asymmetric(positive=1, negative=2, shift=0.2, reduction="none")(y, prob)
    expected = [0.0, 0.3**2 * -np.log(0.7), 0.5 * -np.log(0.5)]
    np.testing.assert_allclose(np.asarray(found)[0, 0], expected, atol=1e-6)


def test_arguments_that_mean_nothing_are_refused():
    for loss, match in (
        (lambda: GeneralisedCrossEntropy(q=0), r"q: expected a power above 0 and at most 1\. Received 0"),
        (lambda: LDAM(counts=[1, 0]), r"counts: expected a number above 0 for each class\. Received \[1, 0\]"),
        (lambda: LDAM(counts=[1, 2])(Y, LOGITS), r"counts: expected 3 numbers, one for each class\. Received 2"),
        (lambda: LDAM(counts=[1, 2], margin=-1), "margin: expected a number of at least 0"),
        (lambda: LDAM(counts=[1, 2], scale=0), "scale: expected a number above 0"),
        (lambda: Asymmetric(negative=-1), "positive, negative: expected powers of at least 0"),
        (lambda: Asymmetric(shift=1), "shift: expected a probability from 0 to below 1"),
    ):
        with pytest.raises(InputError, match=match):
            loss()
