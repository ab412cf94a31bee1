"""Sums of losses, their weights and lines."""

import keras
import numpy as np
import pytest

from segmend.errors import InputError
from segmend.losses import CrossEntropy, Dice, ExpectedCost, Ramp, Sum

Y = np.array([[0, 1, 1]])
PROB = np.array([[[0.75, 0.25], [0.5, 0.5], [0.1, 0.9]]], "float32")


def test_expected_cost_by_hand():
    loss = ExpectedCost(cost=[[0, 2], [10, 0]])
    assert float(loss(Y, PROB)) == pytest.approx((0.25 * 2 + 0.5 * 10 + 0.1 * 10) / 3, rel=1e-5)
    assert float(ExpectedCost(cost=[[0, 2], [10, 0]], class_weight=[1, 0])(Y, PROB)) == pytest.approx(0.5 / 3, rel=1e-5)
    for cost in ([[0, 1]], [[1, 0], [0, 0]], [[0, -1], [1, 0]], [[0, np.inf], [1, 0]]):
        with pytest.raises(InputError, match="cost: expected"):
            ExpectedCost(cost=cost)
    with pytest.raises(InputError, match=r"cost: expected a table of 2 classes\. Received 3"):
        ExpectedCost(cost=np.ones((3, 3)) - np.eye(3))(Y, PROB)


def test_a_sum_is_the_sum_of_its_weighted_parts():
    total = 2 * CrossEntropy() + 0.5 * (Dice() + keras.losses.SparseCategoricalCrossentropy())
    parts = [float(loss(Y, PROB)) for loss in (CrossEntropy(), Dice(), keras.losses.SparseCategoricalCrossentropy())]
    assert total.factors == [2.0, 0.5, 0.5]
    assert float(total(Y, PROB)) == pytest.approx(2 * parts[0] + 0.5 * parts[1] + 0.5 * parts[2], rel=1e-5)


def test_weights_on_lines_are_scaled_and_moved():
    total = CrossEntropy() + 2 * (Ramp(0.0, 1.0, first=1, last=5) * Dice())
    assert total.factors == [1.0, 0.0]
    assert total.move_to(epoch=3)
    assert not total.move_to(epoch=3)
    assert total.factors == [1.0, 1.0]
    with pytest.raises(InputError, match="one Ramp for a loss"):
        Ramp(0.0, 1.0) * total
    with pytest.raises(InputError, match="first < last"):
        Ramp(0.0, 1.0, first=3, last=3)
    with pytest.raises(InputError, match="at least one loss"):
        Sum([])
