"""Both sides of a prediction of images as objects, and where they meet."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from segmend.core.labels import IGNORE, Labels
from segmend.core.types import BoolArray, IntArray
from segmend.errors import InputError
from segmend.scoring.objects.checks import Given, check
from segmend.scoring.objects.columns import Found, Objects, find
from segmend.scoring.objects.runs import pixel_runs
from segmend.scoring.overlaps import Overlaps, overlaps


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """Both sides of a prediction as objects, and where they meet.

    Attributes:
        labels: class names and the background.
        images: their number.
        reference, prediction: objects.
        edges: all pairs that share a judged pixel, of any classes (of one layer, unless asked for across layers);
            ``steps`` and ``union`` count pixels.
    """

    labels: Labels
    images: int
    reference: Objects
    prediction: Objects
    edges: Overlaps

    def cell(self, objects: Objects) -> IntArray:
        """The cell of each object, one cell for each image and class."""
        return objects.recording * len(self.labels) + objects.label


def scene(
    y_true: Sequence[IntArray],
    y_pred: Sequence[IntArray],
    labels: Labels,
    *,
    connectivity: int = 1,
    reference: Sequence[IntArray] | None = None,
    prediction: Sequence[IntArray] | None = None,
    multilabel: bool = False,
    across: bool = False,
) -> Scene:
    """Find the objects of both sides and which of them share pixels, in time linear in pixels and runs of pixels.

    A pixel with -1 in ``y_true`` is not judged and belongs to no reference. An object predicted across such pixels
    stays one object, of which the judged pixels count; without any it is left out.

    Args:
        y_true: class number of each pixel, one array per image, of one rank and any shapes; -1 is not judged.
        y_pred: the same for the prediction; what it holds where ``y_true`` is not judged does not matter.
        labels: class names and the background.
        connectivity: 1 joins pixels that share a side, 2 also those that share a corner (up to the rank).
        reference: instance numbers of the reference's pixels, 0 for none. They count within a class, need not be
            consecutive, and take the place of connected components.
        prediction: the same for the prediction.
        multilabel: masks have a last axis of classes and hold 0 or 1 (-1 is not judged); each class is a layer
            of its own, and that of the background is left out.
        across: with ``multilabel``, find edges between different layers too.

    Raises:
        InputError: images, shapes, class numbers or the connectivity do not fit.

    Examples:
        >>> true, pred = np.array([[1, 1, 0], [0, 0, 1]]), np.array([[1, 0, 0], [0, 2, 2]])
        >>> met = scene([true], [pred], Labels.numbered(3))
        >>> met.reference.size, met.prediction.label, met.edges.steps, met.edges.union
        (array([2, 1]), array([1, 2]), array([1, 1]), array([2, 2]))
        >>> len(scene([true], [pred], Labels.numbered(3), connectivity=2).reference)
        1
    """
    given = Given(y_true, y_pred, reference, prediction)
    rank = check(given, labels, connectivity, multilabel)
    found = [
        [_both(layer, labels, connectivity, k) for layer in _layers(given, k, labels, multilabel)]
        for k in range(len(y_true))
    ]
    pairs = [pair for image in found for pair in image]
    sides = [Objects.concatenate([pair[side].objects for pair in pairs], rank) for side in (0, 1)]
    first = [np.cumsum([0, *(len(pair[side].objects) for pair in pairs)]) for side in (0, 1)]
    parts: list[tuple[IntArray, ...]] = []
    for a, b in _together([len(image) for image in found], across):
        left, right = pairs[a][0], pairs[b][1]
        met = overlaps(left.line, right.line)
        row, column = left.number[met.reference] + first[0][a], right.number[met.prediction] + first[1][b]
        parts.append((row, column, met.steps))
    return Scene(labels, len(y_true), sides[0], sides[1], _summed(parts, sides[0].size, sides[1].size))


def class_masks(instances: Sequence[IntArray], labels: Labels) -> list[IntArray]:
    """The class masks of instance masks of a task with one class, -1 staying where it is.

    Raises:
        InputError: the labels have several classes, or no background.

    Examples:
        >>> class_masks([np.array([[0, 7], [9, -1]])], Labels.of(["nucleus"]))[0]
        array([[ 0, 1], [ 1, -1]], dtype=int16)
    """
    if labels.background is None or len(labels.foreground) != 1:
        raise InputError(f"labels: expected one class and a background. Received {list(labels.names)}")
    names = np.array([IGNORE, labels.background, labels.foreground[0]], np.int16)
    return [names[np.sign(image) + 1] for image in instances]


class _Layer(NamedTuple):
    """One image, or one class of it: its class where that is given, the masks, and instances."""

    label: int | None
    true: IntArray
    pred: IntArray
    reference: IntArray | None
    prediction: IntArray | None


def _layers(given: Given, image: int, labels: Labels, multilabel: bool) -> Iterator[_Layer]:
    true, pred, reference, prediction = (None if side is None else np.asarray(side[image]) for side in given)
    assert true is not None and pred is not None
    if not multilabel:
        yield _Layer(None, true, pred, reference, prediction)
        return
    for k in labels.foreground:
        left, right = (None if side is None else side[..., k] for side in (reference, prediction))
        yield _Layer(k, true[..., k], pred[..., k], left, right)


def _together(layers: list[int], across: bool) -> Iterator[tuple[int, int]]:
    """Which layers may meet which, both numbered through all images."""
    first = 0
    for count in layers:
        inside = range(first, first + count)
        yield from itertools.product(inside, inside) if across else zip(inside, inside, strict=True)
        first += count


def _both(layer: _Layer, labels: Labels, connectivity: int, recording: int) -> tuple[Found, Found]:
    """The objects of both sides of a layer."""
    classes, background = (len(labels), labels.background) if layer.label is None else (2, 0)
    ignored: BoolArray = layer.true == IGNORE
    void = ignored if ignored.any() else None

    def side(mask: IntArray, instances: IntArray | None, name: str) -> Found:
        runs = pixel_runs(mask, void, instances, classes, background, f"{name}[{recording}]")
        found = find(runs, connectivity, recording)
        if layer.label is None:
            return found
        return replace(found, objects=replace(found.objects, label=np.full(len(found.objects), layer.label)))

    return side(layer.true, layer.reference, "y_true"), side(layer.pred, layer.prediction, "y_pred")


def _summed(parts: list[tuple[IntArray, ...]], reference: IntArray, prediction: IntArray) -> Overlaps:
    """Overlaps of runs, summed over the pairs of objects they belong to."""
    from scipy.sparse import coo_array

    row, column, steps = (np.concatenate([np.zeros(0, np.int64), *(part[k] for part in parts)]) for k in range(3))
    table = coo_array((steps, (row, column)), shape=(reference.size, prediction.size)).tocsr()
    table.sum_duplicates()
    row = np.repeat(np.arange(reference.size), np.diff(table.indptr))
    column, steps = table.indices.astype(np.int64), table.data
    return Overlaps(row, column, steps, reference[row] + prediction[column] - steps, staircase=False)
