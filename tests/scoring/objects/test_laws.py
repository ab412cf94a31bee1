"""Laws, and agreement with flood fill, SciPy and one-dimensional segments, on random images."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage

from segmend.core.labels import Labels
from segmend.scoring.kinds import ERRORS, count_errors, kinds
from segmend.scoring.matching import maximum
from segmend.scoring.meetings import meet
from segmend.scoring.objects import scene
from segmend.scoring.panoptic import panoptic
from tests.cases import few
from tests.scoring.objects import brute
from tests.scoring.objects.cases import images, instances

connected = st.sampled_from([1, 2])


def plain(true, pred, labels, connectivity, *numbers):
    return list(brute.sides(true, pred, labels.background, connectivity, *numbers))


def row(objects, k):
    """What is known of an object, as a flood fill would say it."""
    box = tuple(zip(objects.low[k].tolist(), objects.high[k].tolist(), strict=True))
    return int(objects.label[k]), int(objects.size[k]), int(objects.unjudged[k]), box


def expected_row(label, inside, unjudged):
    box = tuple((min(axis), max(axis) + 1) for axis in zip(*inside, strict=True))
    return label, len(inside), unjudged, box


def assert_agrees(met, plains):
    """Objects and edges of each image equal the plain ones, whatever their order."""
    for k, (references, predictions) in enumerate(plains):
        here = [np.flatnonzero(side.recording == k) for side in (met.reference, met.prediction)]
        for objects, index, plain_side in zip(
            (met.reference, met.prediction), here, (references, predictions), strict=True
        ):
            assert Counter(row(objects, i) for i in index) == Counter(expected_row(*one) for one in plain_side)
        e = met.edges
        found = Counter(
            (row(met.reference, e.reference[i]), row(met.prediction, e.prediction[i]), int(e.steps[i]), int(e.union[i]))
            for i in np.flatnonzero(met.reference.recording[e.reference] == k)
        )
        assert found == Counter(
            (expected_row(*references[i]), expected_row(*predictions[j]), shared, union)
            for i, j, shared, union in brute.edges(references, predictions)
        )
    assert np.array_equal(met.reference.recording[met.edges.reference], met.prediction.recording[met.edges.prediction])
    order = np.lexsort((met.edges.prediction, met.edges.reference))
    assert np.array_equal(order, np.arange(len(met.edges)))


@few
@given(images(), connected)
def test_components_agree_with_flood_fill(case, connectivity):
    y_true, y_pred, labels = case
    pairs = zip(y_true, y_pred, strict=True)
    assert_agrees(scene(*case, connectivity=connectivity), [plain(t, p, labels, connectivity) for t, p in pairs])


@few
@given(images(), st.data())
def test_instances_agree_with_plain_loops(case, data):
    y_true, y_pred, labels = case
    reference, prediction = data.draw(instances(y_true)), data.draw(instances(y_pred))
    met = scene(*case, reference=reference, prediction=prediction)
    assert_agrees(
        met, [plain(t, p, labels, 1, r, q) for t, p, r, q in zip(y_true, y_pred, reference, prediction, strict=True)]
    )
    mixed = scene(*case, connectivity=2, prediction=prediction)
    assert_agrees(mixed, [plain(t, p, labels, 2, None, q) for t, p, q in zip(y_true, y_pred, prediction, strict=True)])


@few
@given(images(longest=4, rank=3, most=1), st.sampled_from([1, 2, 3]))
def test_volumes_agree_with_flood_fill(case, connectivity):
    y_true, y_pred, labels = case
    assert_agrees(scene(*case, connectivity=connectivity), [plain(y_true[0], y_pred[0], labels, connectivity)])


@pytest.mark.parametrize("shape", [(97, 61), (11, 13, 17)])
@pytest.mark.parametrize("density", [0.1, 0.5, 0.7])
def test_as_many_components_as_scipy_finds(shape, density):
    mask = (np.random.default_rng(0).random(shape) < density).astype(np.int8)
    for connectivity in range(1, len(shape) + 1):
        number, count = ndimage.label(mask, ndimage.generate_binary_structure(len(shape), connectivity))
        objects = scene([mask], [mask], Labels.numbered(2), connectivity=connectivity).reference
        assert objects.size.tolist() == np.bincount(number.ravel())[1:].tolist()
        assert len(objects) == count


@few
@given(images(), st.data())
def test_names_of_instances_do_not_matter(case, data):
    numbers = data.draw(instances(case[1]))
    renamed = [np.where(image == 0, 0, 2**40 - 17 * image) for image in numbers]
    assert_same(scene(*case, prediction=numbers), scene(*case, prediction=renamed))


@few
@given(images(), connected)
def test_components_given_as_instances_are_the_same_objects(case, connectivity):
    y_true, _, labels = case
    structure = ndimage.generate_binary_structure(2, connectivity)
    numbers = [
        sum((ndimage.label(image == k, structure)[0] for k in labels.foreground), np.zeros(image.shape, int))
        for image in y_true
    ]
    assert_same(scene(*case, connectivity=connectivity), scene(*case, connectivity=connectivity, reference=numbers))


@few
@given(images(), connected, st.sampled_from([np.flipud, np.fliplr, np.transpose, np.rot90]))
def test_flips_and_turns_change_no_count(case, connectivity, turn):
    y_true, y_pred, labels = case
    base = scene(*case, connectivity=connectivity)
    other = scene([turn(t) for t in y_true], [turn(p) for p in y_pred], labels, connectivity=connectivity)
    for side in ("reference", "prediction"):
        one, two = getattr(base, side), getattr(other, side)
        assert sorted(zip(one.recording, one.label, one.size, strict=True)) == sorted(
            zip(two.recording, two.label, two.size, strict=True)
        )
    for name, one, two in zip(ERRORS, counted(base), counted(other), strict=True):
        if name in ("fragmentation", "merge", "overfill_steps", "underfill_steps"):
            assert np.array_equal(one, two), name
        assert one.sum() == two.sum(), name  # of several substitutions that exclude each other, either may be taken
    assert sorted(zip(base.edges.steps, base.edges.union, strict=True)) == sorted(
        zip(other.edges.steps, other.edges.union, strict=True)
    )
    assert np.allclose(panoptic(base).sums(), panoptic(other).sums())


@few
@given(images(rank=1, longest=30, ignored=False))
def test_a_line_of_pixels_is_a_recording(case):
    line, met = meet(*case), scene(*case)
    for found, objects in ((line.reference, met.reference), (line.prediction, met.prediction)):
        for name in ("recording", "label", "size"):
            assert np.array_equal(getattr(found, name), getattr(objects, name))
    alike = met.reference.label[met.edges.reference] == met.prediction.label[met.edges.prediction]
    same = met.edges.take(alike)
    for name in ("reference", "prediction", "steps", "union"):
        assert np.array_equal(getattr(line.same, name), getattr(same, name))


@few
@given(images(), connected)
def test_layers_are_images_of_one_class(case, connectivity):
    y_true, y_pred, labels = case
    layers = [[np.where(image < 0, -1, image == k) for k in range(3)] for image in y_true]
    said = [[image == k for k in range(3)] for image in y_pred]
    stacked = [[np.stack(image, axis=-1) for image in side] for side in (layers, said)]
    met = scene(*stacked, labels, connectivity=connectivity, multilabel=True)
    for k in labels.foreground:
        alone = scene([i[k] for i in layers], [i[k] for i in said], Labels.numbered(2), connectivity=connectivity)
        assert np.array_equal(met.reference.size[met.reference.label == k], alone.reference.size)
        assert np.array_equal(met.edges.union[met.reference.label[met.edges.reference] == k], alone.edges.union)
    whole = scene(*case, connectivity=connectivity).edges
    across = scene(*stacked, labels, connectivity=connectivity, multilabel=True, across=True).edges
    for name in ("steps", "union"):
        assert Counter(getattr(whole, name).tolist()) == Counter(getattr(across, name).tolist())


@few
@given(images(), connected)
def test_errors_account_for_the_count_of_each_class(case, connectivity):
    met = scene(*case, connectivity=connectivity)
    e = dict(zip(ERRORS, counted(met), strict=True))
    cells = met.images * len(met.labels)
    reference, predicted = (np.bincount(met.cell(side), minlength=cells) for side in (met.reference, met.prediction))
    gained = e["insertion"] + e["substituting"] + e["fragmentation"]
    assert np.array_equal(predicted - reference, gained - e["deletion"] - e["substitution"] - e["merge"])


@few
@given(images(), connected)
def test_the_matching_is_as_large_as_augmenting_paths_make_it(case, connectivity):
    y_true, y_pred, labels = case
    met = scene(*case, connectivity=connectivity)
    same = met.edges.take(met.reference.label[met.edges.reference] == met.prediction.label[met.edges.prediction])
    plains = [plain(t, p, labels, connectivity) for t, p in zip(y_true, y_pred, strict=True)]
    for threshold in (10, 25, 50, 75):
        found = int(maximum(same.take(same.reaching(threshold))).sum())
        assert found == sum(brute.matching_size(*sides, threshold) for sides in plains)


def counted(met):
    """The columns of the kinds of error."""
    alike = met.reference.label[met.edges.reference] == met.prediction.label[met.edges.prediction]
    lookalikes = met.edges.take(~alike & met.edges.reaching(50))
    found = kinds(met.reference, met.prediction, met.edges.take(alike), lookalikes)
    sides = met.cell(met.reference), met.cell(met.prediction)
    return count_errors(found, met.reference, met.prediction, *sides, met.images * len(met.labels))


def assert_same(one, other):
    for side in ("reference", "prediction"):
        for name in type(one.reference).__slots__:
            assert np.array_equal(getattr(getattr(one, side), name), getattr(getattr(other, side), name)), name
    for name in ("reference", "prediction", "steps", "union"):
        assert np.array_equal(getattr(one.edges, name), getattr(other.edges, name)), name
