"""Losses of borders beside a distance transform and plain loops."""

import numpy as np
import pytest
from scipy import ndimage

from segmend.errors import InputError
from segmend.losses import Boundary, BoundaryTolerant, CrossEntropy
from tests.backends import gradient, number

pytestmark = pytest.mark.backend

RNG = np.random.default_rng(0)


def signed(there):
    """The signed distance map of the paper: what lies between a step and the class, less one within it."""
    outside, within = ndimage.distance_transform_edt(~there), ndimage.distance_transform_edt(there)
    return np.where(there, -(within - 1), outside)


def test_boundary_is_the_papers_but_for_a_constant_and_a_scale():
    y = np.array([[0, 0, 0, 1, 1, 2, 2, 2, 2, 1, 1, 0, 0]])
    hot, furthest = np.eye(3)[y], 20
    prob = RNG.dirichlet(np.ones(3), y.shape).astype("float32")
    maps = np.stack([signed(y[0] == k) for k in range(3)], axis=-1)[np.newaxis]
    expected = (maps * (prob - hot)).mean() / (furthest + 0.5)
    assert number(Boundary(furthest)(y, prob)) == pytest.approx(expected, rel=1e-4)


def test_its_slopes_through_the_softmax_are_those_of_the_signed_distances():
    y = np.array([[0, 0, 0, 0, 1, 1, 1, 0]])
    logits = RNG.normal(size=(1, 8, 2)).astype("float32")
    prob = np.exp(logits) / np.exp(logits).sum(axis=-1, keepdims=True)
    maps = np.stack([signed(y[0] == k) for k in range(2)], axis=-1)[np.newaxis]
    expected = prob * (maps - (maps * prob).sum(axis=-1, keepdims=True)) / (16 * 10.5)
    found = gradient(lambda z: Boundary(10, from_logits=True)(y, z), logits)
    np.testing.assert_allclose(found, expected, atol=1e-6)


def test_in_images_distances_are_added_up_over_the_axes():
    y = np.zeros((1, 3, 4), int)
    y[0, 0, 0] = 1
    wrong = np.eye(2, dtype="float32")[1 - y]
    far = Boundary(furthest=9, reduction="none")(y, wrong)
    expected = np.array([[0, 0, 1, 2], [0, 1, 2, 3], [1, 2, 3, 4]]) + 0.5
    np.testing.assert_allclose(np.asarray(far)[0, :, :, 1] * 9.5, expected, rtol=1e-5)


def test_a_class_that_is_not_there_counts_at_the_cap():
    y = np.zeros((1, 6), int)
    wrong = np.eye(2, dtype="float32")[1 - y]
    assert number(Boundary(furthest=4)(y, wrong)) == pytest.approx(1.0)


def allowed_by_loops(y, reach):
    """For each step the labels that are right enough, stretch by stretch and segment by segment."""
    allowed = [{int(label)} for label in y]
    for t, label in enumerate(y):
        first = last = t
        while first > 0 and y[first - 1] == label:
            first -= 1
        while last + 1 < len(y) and y[last + 1] == label:
            last += 1
        borders = [t - first] if first > 0 and y[first - 1] >= 0 else []
        borders += [last - t] if last + 1 < len(y) and y[last + 1] >= 0 else []
        if label < 0 or not borders or min(borders) >= reach:
            continue
        middle = (last - first) / 2 if len(borders) == 2 else (last if borders == [t - first] else first) - first
        if abs(t - first - middle) < 1:
            continue
        for way in (-1, 1):
            other = t + way
            while 0 <= other < len(y) and y[other] >= 0 and abs(other - t) <= reach:
                allowed[t].add(int(y[other]))
                other += way
    return allowed


@pytest.mark.parametrize("reach", [1, 2, 4])
def test_plain_loops_agree(reach):
    y = np.repeat(RNG.integers(-1, 3, (2, 12)), RNG.integers(1, 7, 12), axis=1)
    prob = RNG.dirichlet(np.ones(3), y.shape).astype("float32")
    found = np.asarray(BoundaryTolerant(reach, reduction="none")(y, prob))
    for labels, row, values in zip(y, prob, found, strict=True):
        allowed = allowed_by_loops(labels, reach)
        expected = [0.0 if k < 0 else -np.log(row[t, sorted(allowed[t])].sum()) for t, k in enumerate(labels)]
        np.testing.assert_allclose(values, expected, atol=1e-5)


def test_without_tolerance_it_is_cross_entropy():
    y, prob = RNG.integers(-1, 3, (2, 12)), RNG.dirichlet(np.ones(3), (2, 12)).astype("float32")
    assert number(BoundaryTolerant(0)(y, prob)) == pytest.approx(number(CrossEntropy()(y, prob)), rel=1e-5)


@pytest.mark.parametrize("length", [1, 2, 3, 5])
def test_a_segment_that_vanishes_has_its_price(length):
    y = np.array([[0] * 8 + [1] * length + [0] * 8])
    prob = np.full((*y.shape, 2), [0.99, 0.01], "float32")
    assert number(BoundaryTolerant(4, reduction="sum")(y, prob)) > -np.log(0.01)


def test_a_border_that_moves_has_none():
    y = np.array([[0] * 8 + [1] * 5 + [0] * 8])
    moved = np.eye(2, dtype="float32")[np.roll(y, 1, axis=1)]
    assert number(BoundaryTolerant(2)(y, moved)) == pytest.approx(0.0, abs=1e-6)


def test_arguments_that_mean_nothing_are_refused():
    with pytest.raises(InputError, match="furthest: expected a whole number of steps above 0"):
        Boundary(0)
    with pytest.raises(InputError, match=r"steps: expected a whole number of at least 0\. Received 1\.5"):
        BoundaryTolerant(1.5)
