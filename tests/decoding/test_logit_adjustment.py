import numpy as np
import pytest
from scipy.special import softmax

from segmend.core.labels import Labels
from segmend.decoding import logit_adjustment
from segmend.decoding.logit_adjustment import LogitAdjustment, calibration, labelled

FREQUENCY = np.array([0.8, 0.15, 0.05])


def _honest(seed=0, steps=20_000):
    """Labels drawn from the probabilities themselves, whose frequencies are about FREQUENCY."""
    rng = np.random.default_rng(seed)
    prob = softmax(np.log(FREQUENCY) + 1.5 * rng.normal(size=(steps, 3)), axis=1)
    return prob, (rng.random((steps, 1)) > np.cumsum(prob, axis=1)[:, :-1]).sum(axis=1)


def test_probabilities_that_are_right_need_no_bias():
    temperature, bias = calibration(*_honest())
    assert temperature == pytest.approx(1, abs=0.05)
    np.testing.assert_allclose(bias, 0, atol=0.1)


def test_weights_of_training_and_overconfidence_are_found_again():
    prob, true = _honest()
    added = np.array([-1.0, 0.5, 0.5])
    spoilt = softmax(2.5 * (np.log(prob) + added), axis=1)
    temperature, bias = calibration(spoilt, true)
    assert temperature == pytest.approx(2.5, rel=0.06)
    np.testing.assert_allclose(bias, -added, atol=0.12)


def test_weights_of_training_are_taken_back():
    prob, true = _honest()
    spoilt = softmax(2 * np.log(prob) + np.log(1 / FREQUENCY), axis=1)
    decoder = LogitAdjustment.learn([spoilt], [true], Labels.numbered(3, None), calibrated=1.0, strength=0.0)
    plain = LogitAdjustment.learn([spoilt], [true], Labels.numbered(3, None), calibrated=0.0, strength=0.0)
    best = np.argmax(prob, axis=1)
    assert np.mean(decoder.decode(spoilt) == best) > 0.98
    assert np.mean(plain.decode(spoilt) == best) < 0.9


def test_full_strength_weighs_all_classes_alike():
    prob, true = _honest()
    decoder = LogitAdjustment.learn([prob], [true], Labels.numbered(3, None), calibrated=0.0, strength=1.0)
    share = (np.bincount(true, minlength=3) + 1) / (len(true) + 3)
    np.testing.assert_array_equal(decoder.decode(prob), np.argmax(prob / share, axis=1))
    recall = [np.mean(decoder.decode(prob)[true == k] == k) for k in range(3)]
    assert min(recall) > 0.55
    assert np.mean(prob.argmax(axis=1)[true == 2] == 2) < 0.4


def test_unknown_steps_are_left_out():
    prob, true = _honest(steps=500)
    half = np.where(np.arange(500) < 250, true, -1)
    labels = Labels.numbered(3, None)
    one = LogitAdjustment.learn([prob], [half], labels, calibrated=1.0, strength=0.5)
    other = LogitAdjustment.learn([prob[:250]], [true[:250]], labels, calibrated=1.0, strength=0.5)
    np.testing.assert_allclose(one.bias, other.bias)


def test_of_many_steps_only_those_that_are_fitted_on_are_kept(monkeypatch):
    prob, true = _honest(steps=500)
    monkeypatch.setattr(logit_adjustment, "ROWS", 5)
    monkeypatch.setattr(logit_adjustment, "calibration", lambda *kept: kept)
    frequency, correction = labelled([prob], [true], 3)
    assert frequency == pytest.approx((np.bincount(true, minlength=3) + 1) / 503)
    kept = [0, 124, 249, 374, 499]
    np.testing.assert_array_equal(correction(1.0)[0], prob[kept])
    np.testing.assert_array_equal(correction(1.0)[1], true[kept])
