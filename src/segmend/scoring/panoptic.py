"""Panoptic quality (Kirillov et al. 2019, "Panoptic segmentation"): how many objects are found, times how well.

Objects of one class match where their IoU is above 0.5, which no object can have with two others, so the matching is
given. Pixels that are not judged are taken from both sides first; after matching, an unmatched prediction of which more
than half lay there is no false positive.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from segmend.core.labels import Labels
from segmend.core.types import BoolArray, FloatArray, IntArray
from segmend.scoring.objects import Scene
from segmend.scoring.readings import Counts, divide, f1, mean_known


class Quality(NamedTuple):
    """Panoptic quality and its two factors, of classes or their means.

    Attributes:
        pq: sum of the IoU of the pairs / (tp + fp / 2 + fn / 2).
        sq: mean IoU of the pairs (segmentation quality); 0 where there are objects but no pair.
        rq: F1 of the pairs (recognition quality).
    """

    pq: FloatArray
    sq: FloatArray
    rq: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Panoptic:
    """What panoptic quality is read from, each of shape (recordings, classes); the background's column is 0.

    Attributes:
        labels: class names and the background.
        iou: sum of the IoU of the pairs.
        tp, fp, fn: pairs, and what is left on either side.
    """

    labels: Labels
    iou: FloatArray
    tp: IntArray
    fp: IntArray
    fn: IntArray

    def __len__(self) -> int:
        return int(self.iou.shape[0])

    def take(self, index: IntArray | BoolArray | Sequence[int]) -> Panoptic:
        """The recordings of an index, which may repeat them, or of a mask."""
        at = np.asarray(index)
        at = at if at.dtype == bool else at.astype(np.int64)
        return Panoptic(self.labels, self.iou[at], self.tp[at], self.fp[at], self.fn[at])

    def sums(self) -> FloatArray:
        """One row per recording, to be summed or weighted, shape (recordings, 4 * classes)."""
        return np.concatenate([self.iou, self.tp, self.fp, self.fn], axis=1).astype(np.float64)


def panoptic(met: Scene) -> Panoptic:
    """Match the objects of each image and class.

    Args:
        met: both sides of a prediction.

    Examples:
        >>> from segmend.scoring.objects import scene
        >>> true, pred = np.array([[1, 1, 1, 0, 1]]), np.array([[1, 1, 0, 0, 0]])
        >>> counted = panoptic(scene([true], [pred], Labels.numbered(2)))
        >>> [round(float(part[1]), 3) for part in per_class(counted.sums().sum(axis=0))]
        [0.444, 0.667, 0.667]
    """
    edges = met.edges
    pairs = met.reference.label[edges.reference] == met.prediction.label[edges.prediction]
    pairs &= 2 * edges.steps > edges.union
    left, right = met.cell(met.reference), met.cell(met.prediction)
    cell = left[edges.reference[pairs]]
    judged: BoolArray = met.prediction.unjudged <= met.prediction.size
    judged[edges.prediction[pairs]] = True
    shape = (met.images, len(met.labels))
    cells = shape[0] * shape[1]
    tp, there, said = (np.bincount(column, minlength=cells).reshape(shape) for column in (cell, left, right[judged]))
    iou = (
        np.bincount(cell, weights=edges.steps[pairs] / edges.union[pairs], minlength=cells)
        .reshape(shape)
        .astype(np.float64)
    )
    return Panoptic(met.labels, iou, tp, said - tp, there - tp)


def per_class(sums: FloatArray) -> Quality:
    """The qualities of each class, NaN where it has no object on either side.

    Args:
        sums: ``Panoptic.sums()``, summed or weighted over recordings, shape (..., 4 * classes).

    Returns:
        Each of shape (..., classes).
    """
    iou, tp, fp, fn = np.split(sums, 4, axis=-1)
    found = f1(Counts(tp, fp, fn))
    well = np.where(np.isnan(found), np.nan, divide(iou, tp, zero_division=0.0))
    return Quality(divide(iou, tp + (fp + fn) / 2), well, found)


def mean_over_classes(sums: FloatArray) -> Quality:
    """The means over the classes that have an object on either side; arguments as for ``per_class``.

    Returns:
        Each of shape (...), NaN where no class has an object.
    """
    return Quality(*(mean_known(part, np.ones_like(part)) for part in per_class(sums)))
