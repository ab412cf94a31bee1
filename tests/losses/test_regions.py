"""Region losses by hand: one minus a reading of soft counts, class by class."""

import keras
import numpy as np
import pytest

from segmend.errors import InputError
from segmend.losses import Dice, FocalTversky, GeneralisedDice, Jaccard, Tversky

# One recording of four steps, two of class 1: tp = (1.2, 1.4), fp = (0.6, 0.8), fn = (0.8, 0.6).
Y = np.array([[0, 0, 1, 1]])
PROB = np.array([[[0.5, 0.5], [0.7, 0.3], [0.2, 0.8], [0.4, 0.6]]], "float32")
TP, FP, FN = np.array([1.2, 1.4]), np.array([0.6, 0.8]), np.array([0.8, 0.6])


@pytest.mark.parametrize(
    ("loss", "score"),
    [
        (Dice(smoothing=0.0), 2 * TP / (2 * TP + FP + FN)),
        (Jaccard(smoothing=0.0), TP / (TP + FP + FN)),
        (Tversky(alpha=0.3, beta=0.7, smoothing=0.0), TP / (TP + 0.3 * FP + 0.7 * FN)),
        (Dice(smoothing=1.0), (2 * TP + 1) / (2 * TP + FP + FN + 1)),
        (Jaccard(smoothing=1.0), (TP + 1) / (TP + FP + FN + 1)),
        (Tversky(alpha=0.3, beta=0.7, smoothing=1.0), (TP + 1) / (TP + 0.3 * FP + 0.7 * FN + 1)),
    ],
)
def test_by_hand(loss, score):
    assert float(loss(Y, PROB)) == pytest.approx(1 - score.mean(), rel=1e-5)


def test_tversky_holds_dice_and_jaccard():
    half = Tversky(alpha=0.5, beta=0.5, smoothing=0.5)
    assert float(half(Y, PROB)) == pytest.approx(float(Dice(smoothing=1.0)(Y, PROB)), rel=1e-5)
    whole = Tversky(alpha=1.0, beta=1.0, smoothing=1.0)
    assert float(whole(Y, PROB)) == pytest.approx(float(Jaccard()(Y, PROB)), rel=1e-5)


def test_a_larger_beta_asks_for_recall():
    timid, bold = PROB.copy(), PROB.copy()
    timid[..., 1], bold[..., 1] = 0.3, 0.7
    timid[..., 0], bold[..., 0] = 0.7, 0.3
    keen = Tversky(alpha=0.1, beta=0.9, background=0)
    assert float(keen(Y, bold)) < float(keen(Y, timid))
    shy = Tversky(alpha=0.9, beta=0.1, background=0)
    gap = float(shy(Y, timid)) - float(shy(Y, bold))
    assert gap < float(keen(Y, timid)) - float(keen(Y, bold))


def test_the_focal_power_is_of_each_class():
    expected = np.mean((1 - TP / (TP + 0.3 * FP + 0.7 * FN)) ** 0.75)
    assert float(FocalTversky(smoothing=0.0)(Y, PROB)) == pytest.approx(expected, rel=1e-5)


def test_generalised_dice_weighs_by_the_inverse_square_of_volumes():
    y = np.array([[0, 0, 0, 1]])
    weight = np.array([1 / 9, 1.0])
    tp = np.array([PROB[0, :3, 0].sum(), PROB[0, 3, 1]])
    volume = np.array([3, 1]) + PROB[0].sum(axis=0)
    expected = 1 - 2 * (weight * tp).sum() / (weight * volume).sum()
    assert float(GeneralisedDice()(y, PROB)) == pytest.approx(expected, rel=1e-5)


def test_pooled_over_classes_dice_would_be_one_minus_the_mean_probability():
    """What Keras' Dice is on one-hot labels, and ours is not."""
    hot = np.eye(2, dtype="float32")[Y]
    pooled = float(keras.losses.Dice()(hot, PROB))
    assert pooled == pytest.approx(1 - (hot * PROB).sum() / 4, rel=1e-5)
    rare = np.array([[0, 0, 0, 1]])
    assert float(Dice(smoothing=0.0)(rare, PROB)) != pytest.approx(float(keras.losses.Dice()(np.eye(2)[rare], PROB)))


def test_weights_reach_inside_the_sums():
    twice = float(Dice(smoothing=0.0)(Y, PROB, sample_weight=np.array([[1, 2, 1, 0]])))
    repeated = float(Dice(smoothing=0.0)(Y[:, [0, 1, 1, 2]], PROB[:, [0, 1, 1, 2]]))
    assert twice == pytest.approx(repeated, rel=1e-5)


def test_arguments_that_mean_nothing_are_refused():
    for loss, match in (
        (lambda: Tversky(alpha=0, beta=0), "alpha, beta"),
        (lambda: FocalTversky(gamma=0), "gamma"),
        (lambda: Dice(absent="zero"), "absent"),
        (lambda: Jaccard(over="class"), "over"),
        (lambda: Dice(smoothing=-1), "smoothing"),
    ):
        with pytest.raises(InputError, match=match):
            loss()
