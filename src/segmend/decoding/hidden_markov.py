"""The best path when every change of class has its own cost, learnt from which class follows which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np

from segmend.core.labels import Labels
from segmend.core.types import FloatArray, IntArray
from segmend.decoding.base import StepDecoder, log_probabilities
from segmend.decoding.statistics import RunTable

PSEUDO_STEPS = 1.0
"""How many steps of the shared frequencies are mixed into the transitions of each class."""


@dataclass(frozen=True, slots=True, eq=False)
class HiddenMarkov(StepDecoder):
    """Maximises emission * (summed log probability) + weight * (summed log transition probability), exactly.

    The Viterbi path of a hidden Markov model whose states are the classes (Rabiner 1989), transitions being those of
    labelled steps; a network's outputs stand for emissions (Bourlard and Morgan 1994). Takes O(steps x classes^2).

    Attributes:
        labels: class names and the background.
        follow: log probability of class b at the step after class a, shape (classes, classes).
        begin: log probability of the first step's class, shape (classes,).
        emission: weight of the log probabilities.
        price: added cost of each change of class, in nats.

    Examples:
        >>> truth = np.repeat([0, 1, 2, 0, 1, 2], 5)
        >>> prob = np.eye(3)[truth] * 0.7 + 0.1
        >>> decoder = HiddenMarkov.learn([prob], [truth], Labels.numbered(3), emission=1.0, price=1.0)
        >>> prob[7] = [0.6, 0.3, 0.1]
        >>> bool((decoder.decode(prob) == truth).all())
        True
    """

    name: ClassVar[str] = "hidden_markov"
    grid: ClassVar[Mapping[str, tuple[float, ...]]] = {
        "emission": (0.03, 0.06, 0.1, 0.15, 0.2, 0.3, 0.45, 0.7, 1.0, 1.5),
        "price": (-2.0, 0.0, 1.0, 2.0, 4.0, 8.0, 16.0),
    }
    start: ClassVar[Mapping[str, float]] = {"emission": 0.7, "price": 0.0}

    labels: Labels
    follow: FloatArray
    begin: FloatArray
    emission: float
    price: float

    def _decode(self, y_prob: FloatArray) -> IntArray:
        from segmend.decoding.kernels import best_chain

        change = self.price * (1 - np.eye(len(self.follow)))
        return best_chain(self.emission * log_probabilities(y_prob), self.follow - change, self.begin)

    def parameters(self) -> dict[str, Any]:
        """Log transition probabilities and both weights."""
        return {
            "follow": self.follow.tolist(),
            "begin": self.begin.tolist(),
            "emission": float(self.emission),
            "price": float(self.price),
        }

    @classmethod
    def from_parameters(cls, parameters: Mapping[str, Any], labels: Labels) -> Self:
        """The decoder back from ``parameters()``."""
        return cls(
            labels,
            follow=np.asarray(parameters["follow"], float),
            begin=np.asarray(parameters["begin"], float),
            emission=float(parameters["emission"]),
            price=float(parameters["price"]),
        )

    @classmethod
    def learn(cls, y_prob: Sequence[FloatArray], y_true: Sequence[IntArray], labels: Labels, **setting: float) -> Self:
        """Frequencies of neighbouring steps, each class's drawn a little towards those of all classes."""
        follow, begin = _step_transitions(y_true, len(labels))
        return cls(labels, follow=follow, begin=begin, emission=setting["emission"], price=setting["price"])


def _step_transitions(y_true: Sequence[IntArray], classes: int) -> tuple[FloatArray, FloatArray]:
    """Log probabilities of the class at the next step, and at a first step; steps of -1 break the chain."""
    table = RunTable.of(y_true)
    pairs = table.pairs(classes) + np.diag(np.bincount(table.label, table.length - 1, classes))
    first = np.bincount(table.label[table.opens], minlength=classes)
    frequency = 1.0 + np.bincount(table.label, table.length, classes)
    frequency /= frequency.sum()
    follow = (pairs + PSEUDO_STEPS * frequency) / (pairs.sum(axis=1, keepdims=True) + PSEUDO_STEPS)
    return np.log(follow), np.log((first + PSEUDO_STEPS * frequency) / (first.sum() + PSEUDO_STEPS))
