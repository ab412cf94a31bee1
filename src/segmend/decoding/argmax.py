"""The most probable class of each step or pixel: what everyone has without a decoder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np

from segmend.core.labels import Labels
from segmend.core.task import Task
from segmend.core.types import FloatArray, IntArray
from segmend.decoding.base import StepDecoder
from segmend.decoding.objects import as_image, with_objects


@dataclass(frozen=True, slots=True)
class Argmax(StepDecoder):
    """The most probable class of each step or pixel; the lower class number where two are equal.

    Objects of images are the connected components of each class.

    Examples:
        >>> Argmax(Labels.numbered(2)).decode(np.array([[0.9, 0.1], [0.4, 0.6]]))
        array([0, 1])
    """

    name: ClassVar[str] = "argmax"
    whole: ClassVar[bool] = True
    labels: Labels

    @classmethod
    def serves(cls, task: Task) -> bool:
        """Everything that has one label."""
        return task.labels != "multilabel"

    def decode(self, y_prob: FloatArray) -> Any:
        """The class number of each step, or the ``Regions`` of an image (height, width, classes).

        Raises:
            InputError: the number of classes is not the decoder's.
        """
        y_prob = np.asarray(y_prob)
        if y_prob.ndim != 3:
            return StepDecoder.decode(self, y_prob)  # super() is of the class before slots were made
        return with_objects(np.argmax(as_image(y_prob, self.labels), axis=2), None, self.labels)

    def _decode(self, y_prob: FloatArray) -> IntArray:
        return np.argmax(y_prob, axis=1)

    def parameters(self) -> dict[str, Any]:
        """Nothing: there is nothing to fit."""
        return {}

    @classmethod
    def from_parameters(cls, parameters: Mapping[str, Any], labels: Labels) -> Self:
        """The decoder for these labels."""
        return cls(labels)

    @classmethod
    def learn(
        cls,
        y_prob: Sequence[FloatArray],
        y_true: Sequence[IntArray],
        labels: Labels,
        **setting: float,
    ) -> Self:
        """The decoder for these labels."""
        return cls(labels)
