from __future__ import annotations

import numpy as np
import pytest

from segmend.errors import InputError
from segmend.losses import CrossEntropy, Dice, Sum
from tests.backends import number

Y = np.array([[0, 0, 0, 1], [0, 0, 0, 0]])
P1 = np.array([[0.0, 0.5, 0.0, 0.5], [0.25, 0.25, 0.0, 0.0]], "float32")
PROB = np.stack([1 - P1, P1], axis=-1)


def dice(both, there, predicted, smoothing=0.0):
    return (2 * both + smoothing) / (there + predicted + smoothing)


FIRST = dice(2.5, 3, 3), dice(0.5, 1, 1)  # background and foreground of the first recording
SECOND = dice(3.5, 4, 3.5), dice(0.0, 0, 0.5, 1e-9)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, 1 - np.mean([*FIRST, SECOND[0]])),
        ({"absent": "score"}, 1 - np.mean([*FIRST, *SECOND])),
        ({"background": 0}, 1 - FIRST[1]),
        ({"class_weight": [1, 3]}, 1 - np.average([*FIRST, SECOND[0]], weights=[1, 3, 1])),
        ({"over": "batch"}, 1 - np.mean([dice(6.0, 7, 6.5), dice(0.5, 1, 1.5)])),
    ],
    ids=str,
)
def test_hand_computed(options, expected):
    assert number(Dice(smoothing=0.0, **options)(Y, PROB)) == pytest.approx(expected, abs=1e-6)


def test_smoothing_is_added_above_and_below():
    loss = Dice(over="batch", background=0, smoothing=2.0)
    assert number(loss(Y, PROB)) == pytest.approx(1 - dice(0.5, 1, 1.5, 2.0), abs=1e-6)


def test_it_sees_imbalance_where_the_pooled_form_sees_none():
    """A class of one step in a hundred, missed: pooled Dice loses a hundredth, Dice per class a half."""
    y_true = np.zeros((1, 100), int)
    y_true[0, 50] = 1
    nothing = np.tile(np.array([1.0, 0.0], "float32"), (1, 100, 1))
    pooled = 1 - np.take_along_axis(nothing, y_true[..., None], -1).mean()
    assert pooled == pytest.approx(0.01)
    assert number(Dice(smoothing=0.0)(y_true, nothing)) == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize(
    ("options", "message"),
    [({"absent": "one"}, "absent"), ({"over": "epoch"}, "over"), ({"smoothing": -1}, "smoothing")],
)
def test_wrong_options_are_refused(options, message):
    with pytest.raises(InputError, match=f"{message}: expected"):
        Dice(**options)


def test_a_sum_adds_weighted_losses_however_it_is_written():
    cross, region = number(CrossEntropy()(Y, PROB)), number(Dice()(Y, PROB))
    for loss in (
        CrossEntropy() + 0.5 * Dice(),
        0.5 * Dice() + CrossEntropy(),
        0.5 * (CrossEntropy() * 2 + Dice()),
        Sum([CrossEntropy(), (0.5, Dice())]),
        (lambda y, p, sample_weight=None: cross) + 0.5 * Dice(),
    ):
        assert number(loss(Y, PROB)) == pytest.approx(cross + 0.5 * region, rel=1e-5)
    with pytest.raises(InputError, match="at least one loss"):
        Sum([])
