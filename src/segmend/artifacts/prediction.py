"""What a model said about recordings, beside what is true."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from segmend.core.labels import Labels
from segmend.core.segments import Segments
from segmend.core.task import Task
from segmend.core.types import FloatArray, IntArray


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Prediction:
    """Aligned lists, one entry per recording.

    Attributes:
        names: recording names.
        labels: class names and the background.
        y_true: reference class of each step, shape (*spatial); -1 is not judged. Multilabel: 0 or 1 for each class,
            shape (*spatial, classes). None where nothing is known.
        y_pred: predicted class of each step, shape (*spatial): the argmax unless something was decoded. Multilabel: as
            ``y_true``.
        y_prob: probability of each class at each step, shape (*spatial, classes). None where only labels are known.
        rank: number of spatial axes of the labels: 1 for signals, 2 for images, 0 where a recording has one as a whole.
        data_rank: number of spatial axes of the recordings where ``rank`` is 0, so that labels do not show it: 1 for
            signals, 2 for images.
        multilabel: whether labels may overlap.
        reference: reference segments as tables, where annotations came as tables; keeps touching same-label items
            apart, which ``y_true`` cannot.
        predicted: predicted segments as tables, where predictions came as tables.
        instances: instance number of each pixel of the reference, 0 for none, where images came with instances.
        predicted_instances: the same for the prediction.
        groups: group of each recording (a subject), or None where each recording is its own group.
        splits: names of recordings by role or fold, as splits.json gives them.
        sampling_rate_hz: steps per second, where known.
        temperature: the softmax temperature by which scores were turned into ``y_prob``, None if they came as
            probabilities.
    """

    names: tuple[str, ...]
    labels: Labels
    y_true: tuple[IntArray, ...] | None
    y_pred: tuple[IntArray, ...]
    y_prob: tuple[FloatArray, ...] | None = None
    rank: int = 1
    data_rank: int = 1
    multilabel: bool = False
    reference: tuple[Segments, ...] | None = None
    predicted: tuple[Segments, ...] | None = None
    instances: tuple[IntArray, ...] | None = None
    predicted_instances: tuple[IntArray, ...] | None = None
    groups: tuple[str, ...] | None = None
    splits: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sampling_rate_hz: float | None = None
    temperature: float | None = None

    @property
    def task(self) -> Task:
        """The question that it answers."""
        name = "segmentation" if self.rank else "classification"
        return Task.named(
            f"multilabel-{name}" if self.multilabel else name, len(self.labels), self.rank or self.data_rank
        )
