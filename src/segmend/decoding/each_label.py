"""Labels that overlap: one decoder for each, which knows nothing of the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, ClassVar, Self

import numpy as np

from segmend import catalogue
from segmend.core.labels import Labels
from segmend.core.regions import Regions
from segmend.core.segments import Segments
from segmend.core.task import Task
from segmend.core.types import FloatArray, IntArray
from segmend.decoding.base import Decoder
from segmend.errors import InputError

PRESENT = Labels(("absent", "present"), 0)
"""What a decoder of one label tells apart."""


@dataclass(frozen=True, slots=True, eq=False)
class EachLabel(Decoder):
    """One decoder of "absent" and "present" for each label, of one kind and at one setting of its grid.

    Each learns its own statistics (durations, thresholds) from its own label; that all share one setting keeps the
    search from fitting rare labels by heart. ``each_label(kind)`` makes the class for a kind of decoder.

    Attributes:
        wrapped: the kind of decoder.
        labels: class names; a background among them is no label and stays 0.
        decoders: one per label, in the order of ``labels.foreground``.

    Examples:
        >>> from segmend.decoding.argmax import Argmax
        >>> labels = Labels(("speech", "music"), None)
        >>> decoder = each_label(Argmax).learn([], [], labels)
        >>> decoder.decode(np.array([[0.9, 0.8], [0.2, 0.7]])).tolist()
        [[1, 1], [0, 1]]
    """

    name: ClassVar[str] = "each_label"
    wrapped: ClassVar[type[Decoder] | None] = None

    labels: Labels
    decoders: tuple[Decoder, ...]

    @classmethod
    def serves(cls, task: Task) -> bool:
        """Tasks whose labels overlap, where one label alone is a task of the wrapped decoder."""
        return task.labels == "multilabel" and cls.wrapped is not None and cls.wrapped.serves(of_one_label(task))

    def decode(self, y_prob: FloatArray) -> Any:
        """Whether each label is there.

        Args:
            y_prob: shape (*spatial, classes), each from 0 to 1.

        Returns:
            0 or 1 for each class, shape (*spatial, classes); of images ``Regions`` with a last axis of classes.

        Raises:
            InputError: the number of classes is not the decoder's.
        """
        y_prob = self._checked(y_prob)
        return self._together(y_prob, lambda decoder, k: decoder.decode(against_absent(y_prob[..., k])))

    def decode_judged(self, y_prob: FloatArray, y_true: Any) -> Any:
        """Decode each label where it is judged."""
        y_prob = self._checked(y_prob)
        return self._together(
            y_prob, lambda decoder, k: decoder.decode_judged(against_absent(y_prob[..., k]), column(y_true, k))
        )

    def adapted(self, y_prob: Sequence[FloatArray]) -> Self:
        """Each label's decoder for recordings that are decoded together."""
        columns = zip(self.decoders, self.labels.foreground, strict=True)
        each = (own.adapted([against_absent(np.asarray(rows)[..., k]) for rows in y_prob]) for own, k in columns)
        return replace(self, decoders=tuple(each))

    def adapts(self) -> bool:
        """Whether any label's decoder does."""
        return any(own.adapts() for own in self.decoders)

    def parameters(self) -> dict[str, Any]:
        """The kind of decoder, and the parameters of each."""
        kind = self.decoders[0].name if self.decoders else "argmax"
        return {"decoder": kind, "each": [decoder.parameters() for decoder in self.decoders]}

    @classmethod
    def from_parameters(cls, parameters: Mapping[str, Any], labels: Labels) -> Self:
        """The decoder back from ``parameters()``."""
        kind: type[Decoder] = catalogue.resolve("decoders", parameters["decoder"])
        each = parameters["each"]
        if len(each) != len(labels.foreground):
            raise ValueError(f"expected one decoder for each of {len(labels.foreground)} labels, not {len(each)}")
        return cls(labels, tuple(kind.from_parameters(own, PRESENT) for own in each))

    @classmethod
    def maker(
        cls, y_prob: Sequence[FloatArray], y_true: Sequence[Any], labels: Labels
    ) -> Callable[[Mapping[str, float]], Self]:
        """``learn`` as a function of the setting alone; each label's statistics are learnt once."""
        if cls.wrapped is None:
            raise InputError('decoder "each_label": expected the kind of decoder that it wraps. Received none')
        makers = [
            cls.wrapped.maker(
                [against_absent(np.asarray(rows)[..., k]) for rows in y_prob],
                [column(rows, k) for rows in y_true],
                PRESENT,
            )
            for k in labels.foreground
        ]
        return lambda setting: cls(labels, tuple(make(setting) for make in makers))

    def _checked(self, y_prob: FloatArray) -> FloatArray:
        y_prob = np.asarray(y_prob)
        if not y_prob.ndim or y_prob.shape[-1] != len(self.labels):
            raise InputError(
                f"y_prob: expected shape (*spatial, {len(self.labels)}), one column per label. Received {y_prob.shape}"
            )
        return y_prob

    def _together(self, y_prob: FloatArray, answer: Callable[[Decoder, int], Any]) -> Any:
        """The answers for each label as one."""
        found = {k: answer(decoder, k) for decoder, k in zip(self.decoders, self.labels.foreground, strict=True)}
        mask = np.zeros(y_prob.shape, np.int8)
        numbers = np.zeros(y_prob.shape, np.int32) if y_prob.ndim > 2 else None
        for k, own in found.items():
            mask[..., k] = own.mask if isinstance(own, Regions) else own
            if numbers is not None and isinstance(own, Regions) and own.instances is not None:
                numbers[..., k] = own.instances
        return mask if numbers is None else Regions(mask, numbers)


@cache
def each_label(kind: type[Decoder]) -> type[EachLabel]:
    """The class of decoders that decode each label with a decoder of the given kind."""
    told = {"__slots__": (), "__doc__": EachLabel.__doc__, "wrapped": kind, "grid": kind.grid, "start": kind.start}
    return type(f"EachLabel{kind.__name__}", (EachLabel,), told)


def of_one_label(task: Task) -> Task:
    """The same question of one label: is it there?"""
    return replace(task, labels="multiclass", classes=2)


def against_absent(present: FloatArray) -> FloatArray:
    """Probabilities of "absent" and "present" as a last axis.

    >>> against_absent(np.array([0.25])).tolist()
    [[0.75, 0.25]]
    """
    return np.stack([1 - present, present], axis=-1)


def column(y_true: Any, k: int) -> Any:
    """What is true of one label."""
    if isinstance(y_true, Regions):
        numbers = y_true.instances
        return Regions(np.asarray(y_true.mask)[..., k], None if numbers is None else np.asarray(numbers)[..., k])
    return np.asarray(y_true)[..., k]


def segments_of(y_pred: IntArray, labels: Labels) -> Segments:
    """The segments of labels that overlap, sorted by start.

    Args:
        y_pred: 0 or 1 for each class, shape (steps, classes); -1 is not judged.
        labels: class names; a background gives no segment.

    Examples:
        >>> segments_of(np.array([[1, 0], [1, 1], [0, 1]]), Labels(("speech", "music"), None)).rows()
        [(0, 2, 0), (1, 3, 1)]
    """
    each = [Segments.from_steps(y_pred[:, k] == 1) for k in labels.foreground]
    label = np.repeat(np.array(labels.foreground, np.int64), [len(own) for own in each])
    empty = Segments.empty()
    start, stop = (np.concatenate([getattr(own, side) for own in (empty, *each)]) for side in ("start", "stop"))
    return Segments(start, stop, label).sorted()
