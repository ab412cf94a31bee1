"""Drawn segmentations against the probabilities of all of them."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmend.core.labels import Labels
from segmend.decoding.evidence import Shown
from segmend.decoding.kernels_posterior import NEVER, Model, anneal, draw_paths, forward, structure
from segmend.decoding.posterior import LONGEST, Prior, Weights, occurrences
from tests.decoding import brute_force

STEPS, CLASSES = 5, 3


class _Case:
    """Random weights of a recording, and the weight of any path, written from the definitions."""

    def __init__(self, seed, steps=STEPS, classes=CLASSES, longest=3):
        rng = np.random.default_rng(seed)
        self.score = rng.normal(size=(steps, classes))
        self.edge = rng.normal(size=steps)
        self.duration = rng.normal(size=(classes, longest))
        self.shown = np.full(classes, longest)
        self.slope = -rng.uniform(0.1, 0.5, classes)
        self.follow = rng.normal(size=(classes, classes))
        np.fill_diagonal(self.follow, NEVER)
        self.begin, self.end = rng.normal(size=(2, classes))
        self.occurrence = rng.normal(size=(classes, 3))

    @property
    def model(self):
        return Model(*(getattr(self, name) for name in Model._fields))

    def structure(self, path, occurrence=0.0):
        runs = brute_force.segments_of(path)
        longest = self.duration.shape[1]
        total = self.begin[runs[0][0]] + self.end[runs[-1][0]]
        for label, steps in runs:
            total += self.duration[label, min(steps, longest) - 1] + self.slope[label] * max(steps - longest, 0)
        total += sum(self.follow[a, b] for (a, _), (b, _) in itertools.pairwise(runs))
        total += sum(self.edge[t] for t in range(1, len(path)) if path[t] != path[t - 1])
        for label in range(len(self.begin)):
            often = sum(own == label for own, _ in runs)
            total += occurrence * self.occurrence[label, min(often, 2)]
        return total

    def probabilities(self, occurrence=0.0):
        steps, classes = self.score.shape
        paths = list(brute_force.every_path(steps, classes))
        weight = [self.structure(path, occurrence) + self.score[np.arange(steps), path].sum() for path in paths]
        return np.array(paths), np.exp(weight) / np.exp(weight).sum(), np.log(np.exp(weight).sum())

    def draw(self, draws):
        return draw_paths(forward(self.score, self.model), self.model, draws, np.random.default_rng(0))


def _frequencies(drawn, paths):
    code = CLASSES ** np.arange(STEPS)
    return np.bincount(drawn @ code, minlength=CLASSES**STEPS)[paths @ code] / len(drawn)


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 6), st.integers(1, 3), st.integers(1, 3), st.integers(0, 2**32 - 1))
def test_the_forward_sum_is_that_of_every_segmentation(steps, classes, longest, seed):
    case = _Case(seed, steps, classes, longest)
    top = forward(case.score, case.model).closed[:, -1] + case.end
    assert np.log(np.exp(top - top.max()).sum()) + top.max() == pytest.approx(case.probabilities()[2])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 2), min_size=1, max_size=9), st.integers(0, 2**32 - 1))
def test_structure_is_what_the_definition_says(path, seed):
    case = _Case(seed, len(path))
    found = structure(np.array(path, np.int32), case.model, 0.7)
    assert found == pytest.approx(case.structure(path, 0.7))


@pytest.mark.parametrize("seed", [0, 1])
def test_draws_are_as_frequent_as_they_are_probable(seed):
    case = _Case(seed)
    paths, probability, _ = case.probabilities()
    found = _frequencies(case.draw(20_000), paths)
    assert np.abs(found - probability).max() < 4 * np.sqrt(0.25 / 20_000)
    assert np.abs(found - probability).sum() / 2 < 0.06


@pytest.mark.parametrize("seed", [0, 1])
def test_annealed_draws_regard_how_often_a_class_occurs(seed):
    case = _Case(seed)
    paths, plain, _ = case.probabilities()
    _, wanted, _ = case.probabilities(occurrence=1.0)
    found = _frequencies(anneal(case.draw(20_000), case.model, 5, 6, np.random.default_rng(1)), paths)
    assert np.abs(plain - wanted).sum() / 2 > 0.15, "there is something to regard"
    assert np.abs(found - wanted).sum() / 2 < 0.06


def test_a_segment_longer_than_any_explicit_duration_can_be_drawn():
    prior = Prior.of([np.repeat([0, 1, 0], 5)] * 4, Labels.numbered(2), 1)
    sure = np.tile(np.log([0.999, 0.001]), (3 * LONGEST, 1))
    shown = Shown(sure, sure, np.full(len(sure), -5.0))
    options = {"emission": 1.0, "occurrence": 1.0, "draws": 8, "seed": 0}
    paths = prior.draw(shown, Weights(5.0, 5.0, 1.0, 0.0), 5.0, **options)
    assert paths.shape == (8, 3 * LONGEST)
    assert (paths == 0).mean() > 0.99


def test_occurrences_are_smoothed_counts_of_recordings():
    table = occurrences([np.array([1, 1, 2, 1]), np.array([1, 0, 1])], Labels.numbered(3))
    shared = np.array([1, 1, 2, 0, 0, 0, 0]) / 4  # class 1 twice in both, class 2 once and never
    expected = np.array([0, 0, 2, 0, 0, 0, 0]) + shared + 1 / 7
    np.testing.assert_allclose(np.exp(table[1]), expected / expected.sum(), rtol=1e-6)
    np.testing.assert_array_equal(table[0], 0.0)
