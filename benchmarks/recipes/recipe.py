"""What a recipe is, and what it may know of the data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

import segmend
from segmend import losses
from segmend.core.dataset import Dataset
from segmend.core.segments import Segments
from segmend.core.task import Task
from segmend.core.truth import truths

Reader = Callable[[Any], Any]
"""From the probabilities of one recording to its labels."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Facts:
    """What a recipe may know: of the training recordings alone.

    Attributes:
        task: what the labels answer.
        channels: of a recording.
        classes: the background included.
        background: its class number, or None.
        shapes: spatial axes of each training recording.
        durations: steps of each training segment; empty where there are no segments.
        weights: of the classes, balanced over steps (or recordings).
    """

    task: Task
    channels: int
    classes: int
    background: int | None
    shapes: tuple[tuple[int, ...], ...]
    durations: Any
    weights: tuple[float, ...]

    @property
    def dense(self) -> bool:
        """Whether each step has a label, not each recording."""
        return self.task.kind == "segmentation"

    @property
    def multilabel(self) -> bool:
        """Whether labels may overlap."""
        return self.task.labels == "multilabel"

    @property
    def one_size(self) -> bool:
        """Whether all training recordings are of one size."""
        return len(set(self.shapes)) == 1

    @property
    def usual(self) -> int:
        """The median of the shorter sides of the training recordings."""
        return int(np.median([min(shape) for shape in self.shapes]))

    @classmethod
    def of(cls, data: Dataset) -> Facts:
        """The facts of a data set with a split."""
        recordings = data.part("train")
        multilabel = data.task.labels == "multilabel"
        y_true = truths(recordings, data.task, data.labels)
        dense = data.task.kind == "segmentation"
        weights = segmend.class_weights(
            y_true if dense else np.stack(y_true), classes=len(data.labels), multilabel=multilabel
        )
        cut = y_true if dense and data.task.rank == 1 else []
        lengths = [Segments.from_steps(labels, data.labels.background).length for labels in cut]
        return cls(
            task=data.task,
            channels=recordings[0].signal.shape[-1],
            classes=len(data.labels),
            background=data.labels.background,
            shapes=tuple(recording.shape for recording in recordings),
            durations=np.concatenate([np.zeros(0, np.int64), *lengths]),
            weights=tuple(weights.tolist()),
        )


class Trained(Protocol):
    """What a recipe makes of training recordings.

    Attributes:
        notes: what is worth keeping of the training, for the record.
    """

    notes: dict[str, Any]

    def probabilities(self, signals: Sequence[Any]) -> list[Any]:
        """Per recording (*spatial, classes), or (classes,) where a whole has its label."""
        ...


def argmax(facts: Facts, y_prob: Sequence[Any], y_true: Sequence[Any]) -> Reader:
    """The likeliest class of each step; each label from one half on where labels may overlap."""
    if facts.multilabel:
        return lambda probabilities: (np.asarray(probabilities) >= 0.5).astype(np.int8)
    return lambda probabilities: np.argmax(probabilities, axis=-1)


def cross_entropy(facts: Facts) -> Any:
    """Cross-entropy without weights, of each label by itself where labels may overlap."""
    return losses.BinaryCrossEntropy() if facts.multilabel else losses.CrossEntropy()


def weighted_cross_entropy(facts: Facts) -> Any:
    """Cross-entropy with weights that balance the classes."""
    if facts.multilabel:
        return losses.BinaryCrossEntropy(class_weight=list(facts.weights))
    return losses.CrossEntropy(class_weight=list(facts.weights))


def signals_of_steps(task: Task) -> bool:
    """Whether the steps of signals have labels."""
    return task.kind == "segmentation" and task.rank == 1


def images_of_pixels(task: Task) -> bool:
    """Whether the pixels of images have labels."""
    return task.kind == "segmentation" and task.rank == 2


def whole_signals(task: Task) -> bool:
    """Whether whole signals have labels."""
    return task.kind == "classification" and task.rank == 1


def whole_images(task: Task) -> bool:
    """Whether whole images have labels."""
    return task.kind == "classification" and task.rank == 2


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """One peer, as its paper tells it.

    Attributes:
        name: in tables and on the command line.
        paper: where it is told.
        taken: what is taken from there.
        departs: what is otherwise here, and why.
        serves: for which tasks it is.
        train: from (recipe, split, seconds, seed) to ``Trained``.
        network: from facts to an uncompiled Keras model; its last ``classes`` outputs are the probabilities.
        window: length of a training window along each spatial axis.
        resampled: whole recordings are brought to the window's length instead of being cut.
        overlapping: prediction keeps the middle halves of windows that overlap by half, else windows lie end to end.
        batch: windows in a batch.
        published: window that the batch was published for: where the recipe's window is longer, there are fewer of them
            in a batch, so that it holds as many steps; None keeps their number.
        loss: from facts to a loss.
        optimizer: makes the optimiser, at its highest rate.
        rate: factor of the rate after a share of the time.
        callbacks: further Keras callbacks.
        keep: the log by which the best epoch is kept, "-" before it where smaller is better; "last" keeps the last.
        augment: transforms of training windows.
        balanced: share of windows drawn around an item of a class drawn evenly.
        scaled: "set" (mean and deviation of the training part), "recording" (its own) or "robust" (its own median and
            interquartile range, at most 20 of them).
        reader: from (facts, validation probabilities, validation labels) to what reads labels off probabilities.
        reads_validation: whether the reader needs them.
        members: networks that are trained one after the other in equal parts of the time, and averaged.
    """

    name: str
    paper: str
    taken: str
    departs: str
    serves: Callable[[Task], bool]
    train: Callable[[Recipe, Any, float, int], Trained]
    network: Callable[[Facts], Any] | None = None
    window: Callable[[Facts], int] = lambda facts: 512
    resampled: bool = False
    overlapping: bool = True
    batch: int = 32
    published: int | None = None
    loss: Callable[[Facts], Any] = cross_entropy
    optimizer: Callable[[], Any] | None = None
    rate: Callable[[float], float] = lambda used: 1.0
    callbacks: Callable[[], list[Any]] = list
    keep: str = "-val_loss"
    augment: Callable[[Facts], list[Any]] = field(default=lambda facts: [])
    balanced: float = 0.0
    scaled: str = "set"
    reader: Callable[[Facts, Sequence[Any], Sequence[Any]], Reader] = argmax
    reads_validation: bool = False
    members: int = 1

    def batch_size(self, facts: Facts) -> int:
        """Windows in a batch, two at least where their number is lowered."""
        if self.published is None:
            return self.batch
        return max(2, self.batch * self.published // self.window(facts))
