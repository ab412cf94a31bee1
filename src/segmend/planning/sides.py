"""Facts of images and of whole recordings that several decisions share."""

from __future__ import annotations

import numpy as np

from segmend.artifacts.fingerprint import Fingerprint, RecordingFacts
from segmend.core.task import Task


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
