"""All that a page may show; every part but the labels and the results may be missing."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from segmend.artifacts.finding import DiagnosisRecord
from segmend.artifacts.fingerprint import Fingerprint
from segmend.artifacts.plan import Plan
from segmend.artifacts.review import Review
from segmend.artifacts.scores import Scores
from segmend.artifacts.trial import Certificate
from segmend.core.labels import Labels
from segmend.core.types import FloatArray, IntArray

IMAGE_RANK = 2


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Result:
    """One model (or one decoding of it), judged on the recordings of the page.

    Attributes:
        name: "before", "mended", "planned": the head of its column and of its lane.
        y_pred: predicted class of each step, one array of shape (*spatial) per recording; 0 or 1 for each class, shape
            (*spatial, classes), where labels may overlap.
        caption: what it is, in a few words.
        scores: its scores on these recordings, None where no reference is known.
        y_prob: probability of each class at each step, shape (*spatial, classes) per recording; None where they are
            unknown or another result already shows the same ones.
        instances: number of the predicted object of each pixel, 0 for none, where objects of images are told apart.
    """

    name: str
    y_pred: tuple[IntArray, ...]
    caption: str = ""
    scores: Scores | None = None
    y_prob: tuple[FloatArray, ...] | None = None
    instances: tuple[IntArray, ...] | None = None


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class ReportContent:
    """The content of one page; lists have one entry per recording, in the order of ``names``.

    Attributes:
        title: head of the page, such as the name of the data set.
        labels: class names and the background.
        names: recording names.
        results: what is shown side by side, the model as it came first.
        rank: number of spatial axes: 1 for signals, 2 for images, 0 where a whole recording has one label.
        multilabel: whether labels may overlap.
        y_true: reference class of each step, in the form of ``y_pred``; -1 is not judged.
        instances: number of the reference object of each pixel, as in ``Result``.
        signals: signal of each recording, shape (steps, channels), or (height, width, channels) of an image; memory
            maps are read in one pass. An entry is None where the signal is not at hand.
        pictures: small PNGs of images by recording name, for a page made where the images are not at hand.
        channels: channel names.
        sampling_rate_hz: steps per second; without it, time is shown in steps.
        judged_on: which data these recordings are.
        diagnosis: findings, oracle ladder and skipped rules.
        explanations: the text that ``segmend explain`` prints, by rule.
        certificate: proof of a mend.
        review: places whose labels a person should look at.
        fingerprint: summary of the data.
        plan: the choices behind the planned model.
        provenance: further facts for the foot of the page, label to text.
    """

    title: str
    labels: Labels
    names: tuple[str, ...]
    results: tuple[Result, ...]
    rank: int = 1
    multilabel: bool = False
    y_true: tuple[IntArray, ...] | None = None
    instances: tuple[IntArray, ...] | None = None
    signals: tuple[FloatArray | None, ...] | None = None
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    channels: tuple[str, ...] = ()
    sampling_rate_hz: float | None = None
    judged_on: str = ""
    diagnosis: DiagnosisRecord | None = None
    explanations: Mapping[str, str] = field(default_factory=dict)
    certificate: Certificate | None = None
    review: Review = field(default_factory=Review)
    fingerprint: Fingerprint | None = None
    plan: Plan | None = None
    provenance: Mapping[str, str] = field(default_factory=dict)

    @property
    def steps(self) -> tuple[int, ...]:
        """Steps or pixels of each recording; 1 where a whole recording has one label."""
        rows = self.results[0].y_pred if self.results else ()
        return tuple(math.prod(np.shape(row)[: self.rank]) for row in rows)

    @property
    def imaged(self) -> bool:
        """Whether recordings are images."""
        tasks = [part.task for part in (self.fingerprint, self.diagnosis) if part is not None]
        told = any(task.get("rank") == IMAGE_RANK for task in tasks)
        seen = any(signal is not None and len(signal.shape) == IMAGE_RANK + 1 for signal in self.signals or ())
        return self.rank == IMAGE_RANK or told or seen or bool(self.pictures)
