"""How good a setting is: the objective on held-out groups, nothing learnt from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from segmend.core.labels import Labels
from segmend.core.segments import Segments
from segmend.core.types import FloatArray, IntArray
from segmend.decoding.base import Decoder
from segmend.scoring.objective import Objective
from segmend.scoring.tallies import tally

INNER_FOLDS = 4


@dataclass(frozen=True, slots=True, eq=False)
class Judge:
    """The objective of a decoder's setting on groups that it did not learn from.

    Attributes:
        decoder: a Decoder class.
        y_prob, y_true: one array per recording.
        labels: class names and the background.
        objective: what is maximised.
        groups: one name per recording.
        reference: reference segments as tables, or None.
    """

    decoder: type[Decoder]
    y_prob: Sequence[FloatArray]
    y_true: Sequence[IntArray]
    labels: Labels
    objective: Objective
    groups: Sequence[str]
    reference: Sequence[Segments] | None = None

    def __call__(self, setting: Mapping[str, float]) -> float:
        """Learn on all folds but one, decode that one, and judge all together."""
        decoded: list[IntArray] = list(self.y_true)
        for fit, held in inner_folds(self.groups):
            prob, true = [self.y_prob[k] for k in fit], [self.y_true[k] for k in fit]
            fitted = self.decoder.learn(prob, true, self.labels, **setting)
            for k in held:
                decoded[k] = fitted.decode_judged(self.y_prob[k], self.y_true[k])
        return value_of(self.objective, self.y_true, decoded, self.labels, self.reference)

    def part(self, index: Sequence[int]) -> Judge:
        """The same on some of the recordings."""
        return replace(
            self,
            y_prob=[self.y_prob[k] for k in index],
            y_true=[self.y_true[k] for k in index],
            groups=[self.groups[k] for k in index],
            reference=None if self.reference is None else [self.reference[k] for k in index],
        )


def value_of(
    objective: Objective,
    y_true: Sequence[IntArray],
    y_pred: Sequence[IntArray],
    labels: Labels,
    reference: Sequence[Segments] | None = None,
) -> float:
    """The objective of decoded labels."""
    counted = tally(
        y_true, y_pred, labels, reference=reference, iou_thresholds=objective.thresholds or (50,), errors=False
    )
    return objective(counted)


def inner_folds(groups: Sequence[str], folds: int = INNER_FOLDS) -> list[tuple[list[int], list[int]]]:
    """Folds by group: positions to learn from and positions held out; a group is never cut.

    One group alone is learnt from and judged on, because there is nothing else to do.

    >>> inner_folds(["a", "b", "a"], 2)
    [([1], [0, 2]), ([0, 2], [1])]
    """
    names = sorted(set(groups), key=list(groups).index)
    if len(names) < 2:
        every = list(range(len(groups)))
        return [(every, every)]
    part = {name: k % min(folds, len(names)) for k, name in enumerate(names)}
    return [
        ([k for k, g in enumerate(groups) if part[g] != f], [k for k, g in enumerate(groups) if part[g] == f])
        for f in range(min(folds, len(names)))
    ]
