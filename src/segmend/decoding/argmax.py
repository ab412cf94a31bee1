"""The most probable class of each step or pixel: what everyone has without a decoder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np

from segmend.core.labels import Labels
from segmend.core.types import FloatArray, IntArray
from segmend.decoding.pixels import PixelDecoder


@dataclass(frozen=True, slots=True)
class Argmax(PixelDecoder):
    """The most probable class of each step or pixel; the lower class number where two are equal.

    Objects of images are the connected components of each class.

    Examples:
        >>> Argmax(Labels.numbered(2)).decode(np.array([[0.9, 0.1], [0.4, 0.6]]))
        array([0, 1])
    """

    name: ClassVar[str] = "argmax"
    labels: Labels

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
