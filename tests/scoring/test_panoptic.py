"""Panoptic quality, by hand and against plain loops."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmend.core.labels import Labels
from segmend.scoring.objects import scene
from segmend.scoring.panoptic import mean_over_classes, panoptic, per_class
from tests.scoring.objects import brute
from tests.scoring.objects.cases import images, instances


def row(text):
    return np.array([[-1 if sign == "." else int(sign) for sign in text]], np.int64)


def counts(true, pred, classes=2, **options):
    found = panoptic(scene([row(true)], [row(pred)], Labels.numbered(classes), **options))
    return [part[0, 1:].tolist() for part in (found.iou, found.tp, found.fp, found.fn)]


def test_the_threshold_itself_is_no_match():
    assert counts("1111", "1100") == [[0.0], [0], [1], [1]]
    assert counts("1110", "1100") == [[2 / 3], [1], [0], [0]]


def test_another_class_is_no_match():
    assert counts("1111", "2222", classes=3) == [[0.0, 0.0], [0, 0], [0, 1], [1, 0]]


def test_pixels_that_are_not_judged_are_taken_from_both_sides():
    assert counts("110..", "11111") == [[2 / 3], [1], [0], [0]]
    assert counts("11000.", "111111") == [[0.0], [0], [1], [1]]


def test_a_prediction_mostly_where_nothing_is_judged_is_not_false():
    assert counts("0...", "1111") == [[0.0], [0], [0], [0]]
    assert counts("00..", "1111") == [[0.0], [0], [1], [0]]
    assert counts("1....", "11111") == [[1.0], [1], [0], [0]]
    assert counts("1000.....", "111111111", reference=[row("1000.....")]) == [[0.0], [0], [0], [1]]


def test_qualities_of_classes_and_their_means():
    true, pred = row("1110220003301"), row("1100220300000")
    found = panoptic(scene([true], [pred], Labels.numbered(5)))
    quality = per_class(found.sums().sum(axis=0))
    assert quality.pq[1:4] == pytest.approx([(2 / 3) / 1.5, 1.0, 0.0])
    assert quality.sq[1:4] == pytest.approx([2 / 3, 1.0, 0.0])
    assert quality.rq[1:4] == pytest.approx([1 / 1.5, 1.0, 0.0])
    assert np.isnan([part[0] for part in quality]).all()
    assert np.isnan([part[4] for part in quality]).all()
    assert mean_over_classes(found.sums().sum(axis=0)).pq == pytest.approx((4 / 9 + 1) / 3)
    nothing = panoptic(scene([row("00")], [row("00")], Labels.numbered(2)))
    assert np.isnan(mean_over_classes(nothing.sums().sum(axis=0))).all()


@settings(max_examples=150, deadline=None)
@given(images(), st.sampled_from([1, 2]), st.booleans(), st.data())
def test_counts_agree_with_plain_loops(case, connectivity, numbered, data):
    y_true, y_pred, labels = case
    numbers = data.draw(instances(y_pred)) if numbered else None
    found = panoptic(scene(*case, connectivity=connectivity, prediction=numbers))
    for k, (true, pred) in enumerate(zip(y_true, y_pred, strict=True)):
        sides = list(brute.sides(true, pred, labels.background, connectivity, None, numbers and numbers[k]))
        for label in range(len(labels)):
            iou, *rest = brute.panoptic(*sides, label)
            assert found.iou[k, label] == pytest.approx(iou)
            assert [found.tp[k, label], found.fp[k, label], found.fn[k, label]] == rest


@settings(max_examples=100, deadline=None)
@given(images(most=3))
def test_the_quality_is_the_product_of_its_factors_and_weights_are_repetitions(case):
    found = panoptic(scene(*case))
    quality = per_class(found.sums().sum(axis=0))
    assert np.allclose(quality.pq, quality.sq * quality.rq, equal_nan=True)
    assert np.array_equal(np.isnan(quality.pq), np.isnan(quality.sq))
    draws = np.random.default_rng(0).integers(0, 3, (4, len(found)))
    weighted = mean_over_classes(draws @ found.sums()).pq
    for weights, value in zip(draws, weighted, strict=True):
        again = found.take(np.repeat(np.arange(len(found)), weights))
        assert np.allclose(mean_over_classes(again.sums().sum(axis=0)).pq, value, equal_nan=True)


@settings(max_examples=50, deadline=None)
@given(images(ignored=False))
def test_a_perfect_prediction_is_perfect(case):
    y_true, _, labels = case
    quality = mean_over_classes(panoptic(scene(y_true, y_true, labels)).sums().sum(axis=0))
    assert np.isnan(quality.pq) or list(quality) == [1.0, 1.0, 1.0]
