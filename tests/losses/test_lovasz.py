"""The Lovász extension beside the Jaccard loss of every prefix of the sorted errors, and beside its own definition."""

import itertools

import numpy as np
import pytest

from segmend.losses import Jaccard, Lovasz
from tests.backends import number

pytestmark = pytest.mark.backend

RNG = np.random.default_rng(0)
PROB = RNG.dirichlet(np.ones(3), (2, 12)).astype("float32")
Y = RNG.integers(-1, 3, (2, 12))


def jaccard_loss(there, wrong):
    """One minus the intersection over union where a set of steps is wrong."""
    said = there ^ wrong
    union = (there | said).sum()
    return 1 - (there & said).sum() / union if union else 0.0


def extension(there, error):
    """The sum over errors in falling order, each times what its step adds to the Jaccard loss."""
    wrong, before, total = np.zeros(len(there), bool), 0.0, 0.0
    for step in np.argsort(-error):
        wrong[step] = True
        now = jaccard_loss(there, wrong)
        total += error[step] * (now - before)
        before = now
    return total


def by_prefixes(y, prob, absent):
    found = []
    for labels, row in zip(y, prob, strict=True):
        for k in range(prob.shape[-1]):
            there = labels[labels >= 0] == k
            if there.any() or absent == "score":
                found.append(extension(there, np.abs(there - row[labels >= 0][:, k])))
    return np.mean(found)


@pytest.mark.parametrize("absent", ["skip", "score"])
def test_every_prefix_of_the_sorted_errors_agrees(absent):
    y = np.where(Y == 2, np.array([[2], [0]]), Y)  # class 2 is not in the second recording
    assert number(Lovasz(absent=absent)(y, PROB)) == pytest.approx(by_prefixes(y, PROB, absent), rel=1e-5)


def test_over_a_batch_it_is_one_long_recording():
    whole = number(Lovasz()(Y.reshape(1, -1), PROB.reshape(1, -1, 3)))
    assert number(Lovasz(over="batch")(Y, PROB)) == pytest.approx(whole, rel=1e-5)


@pytest.mark.parametrize("said", list(itertools.product([0, 1], repeat=4)))
def test_of_sure_predictions_it_is_one_minus_the_intersection_over_union(said):
    y, prob = np.array([[0, 1, 1, 0]]), np.eye(2, dtype="float32")[[list(said)]]
    plain = number(Jaccard(smoothing=0.0)(y, prob))
    assert number(Lovasz()(y, prob)) == pytest.approx(plain, abs=1e-6)


def test_it_is_convex_in_the_errors():
    y = np.array([[1, 1, 0, 0, 1]])
    one, other = RNG.random((2, 1, 5)).astype("float32")

    def of(present):
        return number(Lovasz(background=0)(y, np.stack([1 - present, present], axis=-1)))

    for share in (0.25, 0.5, 0.75):
        assert of(share * one + (1 - share) * other) <= share * of(one) + (1 - share) * of(other) + 1e-6
