"""What every decoder is: settings that are searched, statistics that are learnt, and one way to decode."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, Self

import numpy as np

from segmend.core.labels import IGNORE, Labels
from segmend.core.segments import runs
from segmend.core.task import Task
from segmend.core.types import BoolArray, FloatArray, IntArray
from segmend.errors import InputError
from segmend.scoring.objective import Objective

FLOOR = 1e-6
"""Probabilities below this are taken as this, so that one sure step cannot outvote a whole segment."""


class Decoder(ABC):
    """Turns the class probabilities of one recording, or image, into labels.

    A subclass is a frozen dataclass whose first field is ``labels``. It names in ``grid`` the settings that are
    searched on held-out groups; everything else it learns from labelled recordings in ``learn``. Probabilities have
    the shape (*spatial, classes), or (classes,) where a whole recording has one answer.

    Attributes:
        name: name in the catalogue.
        grid: values of each setting, from which searches and the random control draw.
        start: the setting at which a search begins; keys as in ``grid``.
    """

    name: ClassVar[str]
    grid: ClassVar[Mapping[str, tuple[float, ...]]] = {}
    start: ClassVar[Mapping[str, float]] = {}

    labels: Labels

    @classmethod
    @abstractmethod
    def serves(cls, task: Task) -> bool:
        """Whether it decodes predictions of a task."""

    @abstractmethod
    def decode(self, y_prob: FloatArray) -> Any:
        """The labels of one recording as integers, of an image as ``Regions``.

        Raises:
            InputError: the number of classes is not the decoder's.
        """

    @abstractmethod
    def decode_judged(self, y_prob: FloatArray, y_true: Any) -> Any:
        """Decode so that what is not judged in ``y_true`` (-1) reaches nothing else."""

    def adapted(self, y_prob: Sequence[FloatArray]) -> Self:
        """The decoder for recordings that are decoded together, such as those of one person or site.

        Args:
            y_prob: probabilities of what is judged in them, each (*spatial, classes).

        Returns:
            Itself, where the decoder learns nothing from recordings without labels.
        """
        return self

    def adapts(self) -> bool:
        """Whether ``adapted`` learns anything, so that recordings of a site are to be decoded together."""
        return False

    @abstractmethod
    def parameters(self) -> dict[str, Any]:
        """All that ``from_parameters`` needs, as plain numbers and lists."""

    @classmethod
    @abstractmethod
    def from_parameters(cls, parameters: Mapping[str, Any], labels: Labels) -> Self:
        """The decoder back from ``parameters()``."""

    @classmethod
    def learn(cls, y_prob: Sequence[FloatArray], y_true: Sequence[Any], labels: Labels, **setting: float) -> Self:
        """Learn the statistics of labelled recordings at one setting of the grid.

        A subclass writes this, or ``maker``; each is made of the other.
        """
        return cls.maker(y_prob, y_true, labels)(setting)

    @classmethod
    def maker(
        cls, y_prob: Sequence[FloatArray], y_true: Sequence[Any], labels: Labels
    ) -> Callable[[Mapping[str, float]], Self]:
        """``learn`` as a function of the setting alone; a decoder whose statistics are dear learns them here once."""
        return lambda setting: cls.learn(y_prob, y_true, labels, **setting)

    @classmethod
    def fit(
        cls,
        y_prob: Sequence[FloatArray],
        y_true: Sequence[Any],
        labels: Labels,
        objective: Objective,
        *,
        groups: Sequence[Any] | None = None,
        **options: Any,
    ) -> Self:
        """Search the grid on held-out groups, then learn from all recordings at the best setting.

        Args:
            y_prob: one array of probabilities per recording.
            y_true: what is true of each; -1 is not judged.
            labels: class names and the background.
            objective: what is maximised.
            groups: one value per recording; a group is never cut. None makes each recording its own group.
            options: as for ``search``.
        """
        from segmend.decoding.search import search

        best = search(cls, y_prob, y_true, labels, objective, groups=groups, **options)
        return cls.learn(y_prob, y_true, labels, **best.setting)


class StepDecoder(Decoder):
    """Turns the class probabilities of a signal into one label per step.

    Attributes:
        whole: whether it looks at each step by itself, so that it makes sense where a recording has one answer too.
    """

    whole: ClassVar[bool] = False

    @classmethod
    def serves(cls, task: Task) -> bool:
        """One label per step of signals; per recording or image where ``whole``."""
        if task.labels == "multilabel":
            return False
        return cls.whole if task.kind == "classification" else task.rank == 1

    def decode(self, y_prob: FloatArray) -> IntArray:
        """The class number of each step.

        Args:
            y_prob: shape (steps, classes), rows summing to 1; steps may be 0. Shape (classes,) where a recording as a
                whole has one answer.

        Returns:
            Shape (steps,), or (), int64, each from 0 to classes - 1.

        Raises:
            InputError: the number of classes is not the decoder's.
        """
        y_prob = np.asarray(y_prob)
        if y_prob.ndim == 1 and self.whole:
            return self.decode(y_prob[None]).reshape(())
        if y_prob.ndim != 2 or y_prob.shape[1] != len(self.labels):
            raise InputError(
                f"y_prob: expected shape (steps, {len(self.labels)}), one column per class. Received {y_prob.shape}"
            )
        if not len(y_prob):
            return np.zeros(0, np.int64)
        return self._decode(y_prob.astype(np.float64, copy=False)).astype(np.int64, copy=False)

    def decode_judged(self, y_prob: FloatArray, y_true: IntArray) -> IntArray:
        """Decode each stretch of judged steps by itself, so that padding never joins or lengthens a segment.

        Args:
            y_prob: shape (steps, classes).
            y_true: shape (steps,); -1 is not judged, and such steps get their most probable class.
        """
        if self.whole or not np.any(y_true == IGNORE):
            return self.decode(y_prob)
        decoded = np.argmax(y_prob, axis=1).astype(np.int64)
        for start, stop in stretches(y_true):
            decoded[start:stop] = self.decode(y_prob[start:stop])
        return decoded

    @abstractmethod
    def _decode(self, y_prob: FloatArray) -> IntArray:
        """Decode a recording of at least one step."""


def stretches(y_true: IntArray) -> list[tuple[int, int]]:
    """Half-open stretches of judged steps.

    >>> stretches(np.array([-1, 0, 2, -1, 1]))
    [(1, 3), (4, 5)]
    """
    start, stop, judged = runs((np.asarray(y_true) != IGNORE).astype(np.int64))
    keep = judged == 1
    return list(zip(start[keep].tolist(), stop[keep].tolist(), strict=True))


def judged_rows(y_prob: Sequence[FloatArray], y_true: Sequence[IntArray], classes: int) -> tuple[FloatArray, IntArray]:
    """The judged steps of all recordings end to end: probabilities (steps, classes) and class numbers (steps,)."""
    prob = np.concatenate(y_prob) if y_prob else np.zeros((0, classes))
    true = np.concatenate(y_true) if y_true else np.zeros(0, np.int64)
    judged = true != IGNORE
    return prob[judged], true[judged]


def strongest(y_prob: FloatArray, labels: Labels, holds: Callable[[int], BoolArray]) -> IntArray:
    """The most probable of the classes that hold at each step; where none does the background.

    Without a background such a step keeps its most probable class.

    Args:
        y_prob: shape (steps, classes).
        labels: class names and the background.
        holds: the steps at which a class holds, shape (steps,), by its number.

    Examples:
        >>> prob = np.array([[0.7, 0.3], [0.6, 0.4], [0.2, 0.8]])
        >>> strongest(prob, Labels.numbered(2), lambda k: prob[:, k] > 0.35)
        array([0, 1, 1])
    """
    kept = np.full(y_prob.shape, -1.0)
    for k in labels.foreground:
        inside = holds(k)
        kept[inside, k] = y_prob[inside, k]
    nothing = kept.max(axis=1) < 0
    label = np.argmax(kept, axis=1)
    label[nothing] = np.argmax(y_prob[nothing], axis=1) if labels.background is None else labels.background
    return label


def log_probabilities(y_prob: FloatArray) -> FloatArray:
    """Natural logarithms, floored so that they stay finite; shape and order kept."""
    return np.log(np.maximum(y_prob, FLOOR))
