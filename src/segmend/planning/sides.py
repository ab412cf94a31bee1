"""Facts of images and of whole recordings that several decisions share."""

from __future__ import annotations

import numpy as np

from segmend.artifacts.fingerprint import Fingerprint, RecordingFacts
from segmend.core.task import Task
from segmend.core.types import BoolArray, FloatArray

LEAST_KNOWN = 4
"""Recordings with fewer than which nothing is said of what tells their classes."""


def task_of(facts: Fingerprint) -> Task:
    """The question that the labels answer."""
    told = facts.task
    return Task(
        told.get("kind", "segmentation"), told.get("labels", "multiclass"), told.get("rank", 1), len(facts.labels)
    )


def learnt_from(facts: Fingerprint) -> list[RecordingFacts]:
    """The recordings of role "train", or all where there is no split."""
    return [r for r in facts.recordings if r.role in (None, "train")] or list(facts.recordings)


def side(facts: Fingerprint, percentile: float = 50) -> int:
    """A percentile over training recordings of the shortest side: of an image in pixels, of a signal in steps."""
    shortest = [min(r.shape) if r.shape else r.steps for r in learnt_from(facts)]
    return max(1, int(np.percentile(shortest, percentile, method="lower"))) if shortest else 1


def equal_sides(facts: Fingerprint) -> bool:
    """Whether all recordings have one size, along every axis."""
    return len({size for r in facts.recordings for size in (r.shape or (r.steps,))}) <= 1


def told_by_scale(facts: Fingerprint) -> float | None:
    """How much of a recording's level and amplitude its classes explain, at most: whether these tell the classes.

    Returns:
        The largest adjusted share of variance, over the channels and classes, of the means and of the logarithms of the
        standard deviations of training recordings; None where they are not known, or no class has two recordings.
    """
    known = [r for r in learnt_from(facts) if r.means and r.class_steps and None not in (*r.means, *r.stds)]
    if len(known) < LEAST_KNOWN:
        return None
    has = np.array([r.class_steps for r in known]) > 0
    has = has[:, np.minimum(has.sum(axis=0), (~has).sum(axis=0)) >= 2]
    means, stds = (np.array([getattr(r, key) for r in known], np.float64) for key in ("means", "stds"))
    columns = np.hstack([means, np.log(np.where(stds > 0, stds, np.nan))])
    columns = columns[:, np.ptp(columns, axis=0) > 0]
    return _explained(columns, has) if has.shape[1] and columns.shape[1] else None


def _explained(columns: FloatArray, has: BoolArray) -> float:
    """The largest adjusted share of a column's variance that lies between the rows with and without a class."""
    rows = len(columns)
    columns = (columns - columns.mean(axis=0)) / columns.std(axis=0)
    inside, size = has.T @ columns, has.sum(axis=0)[:, np.newaxis]
    between = np.square(inside) * rows / (size * (rows - size))
    return float(1 - (1 - between.max() / rows) * (rows - 1) / (rows - 2))
