"""The best path when every change of class costs the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from segmend.core.labels import Labels
from segmend.core.types import FloatArray, IntArray
from segmend.decoding.base import StepDecoder, log_probabilities


@dataclass(frozen=True, slots=True)
class Viterbi(StepDecoder):
    """Maximises the summed log probability minus ``penalty`` for each change of class, exactly.

    A uniform penalty needs only the best class so far, so one recording takes O(steps x classes) (Viterbi 1967; the
    Potts model on a chain).

    Attributes:
        labels: class names and the background.
        penalty: cost of one change of class, in nats.

    Examples:
        >>> import numpy as np
        >>> blip = np.array([[0.9, 0.1], [0.9, 0.1], [0.4, 0.6], [0.9, 0.1]])
        >>> Viterbi(Labels.numbered(2), penalty=1.0).decode(blip)
        array([0, 0, 0, 0])
    """

    name: ClassVar[str] = "viterbi"
    grid: ClassVar[Mapping[str, tuple[float, ...]]] = {
        "penalty": (0.5, 1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0, 24.0, 32.0, 64.0, 128.0)
    }
    start: ClassVar[Mapping[str, float]] = {"penalty": 4.0}

    labels: Labels
    penalty: float

    def _decode(self, y_prob: FloatArray) -> IntArray:
        from segmend.decoding.kernels import best_path

        return best_path(log_probabilities(y_prob), self.penalty)

    def parameters(self) -> dict[str, Any]:
        """The penalty."""
        return {"penalty": float(self.penalty)}

    @classmethod
    def from_parameters(cls, parameters: Mapping[str, Any], labels: Labels) -> Self:
        """The decoder back from ``parameters()``."""
        return cls(labels, penalty=float(parameters["penalty"]))

    @classmethod
    def learn(
        cls,
        y_prob: Sequence[FloatArray],
        y_true: Sequence[IntArray],
        labels: Labels,
        **setting: float,
    ) -> Self:
        """The decoder at one penalty; nothing else is learnt."""
        return cls(labels, penalty=setting["penalty"])
