"""P406: items are there, and nothing is predicted where they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

import numpy as np

from segmend.artifacts.chart import Chart
from segmend.artifacts.finding import Finding
from segmend.diagnosis import pieces, remedies, severity
from segmend.diagnosis.chance import SURE, at_least
from segmend.diagnosis.pieces import Pieces
from segmend.diagnosis.rule import Rule
from segmend.diagnosis.wording import labels_apart, number, percent

THRESHOLD = 0.05
"""Missing this share takes 5 % off the count: a warning."""
TOLERATED = 0.02
"""A model that misses this many is not called faulty, nor one that chance makes look worse."""
FEWEST = 3


class MissedSegments(Rule):
    """Items are there, and nothing of their class is predicted where they are.

    What it finds:
        Classes of which at least 5 % of the reference segments (and 3) meet no predicted segment of their class, and
        more than chance makes of a model that misses 2 % (probability below 0.001). An item that is taken for one of
        another class at the same place is a confusion and not counted. When at least 3 classes are concerned,
        and they are more than half of all or miss 5 % of all segments, one finding speaks for all of them.

    Why it matters:
        Each missed item is one too few in the count, and no cleaning up afterwards brings it back: where nothing was
        predicted there is nothing to join or to shift.

    Evidence:
        How many are missed of how many, the threshold, and the median length of the missed and of the found ones:
        where the missed ones are much shorter, length is the reason. Severity is read off the oracle ladder: what
        adding the missed segments gains in segment F1@50, and how many that is of all.

    Remedy:
        Decode with a threshold per class lower than the argmax's, or with hysteresis, which finds items whose
        probability rises without leading. If that brings nothing, train with more weight on the class, or with more
        examples like those missed.

    Known limits:
        One step of overlap makes an item found. Items that nobody could see, and annotations that are wrong, count as
        missed. With 20 segments fewer than 4 missed ones are within chance.
    """

    name = "missed-segments"
    code = "P406"
    needs: ClassVar[tuple[str, ...]] = ("prediction", "scores", "oracle")
    explains: ClassVar[tuple[str, ...]] = ("count-bias",)
    moves = "down"

    def examine(self, chart: Chart) -> Iterator[Finding]:
        """One finding per class, or one for all when most classes are concerned."""
        assert chart.prediction is not None
        found = pieces.by_label(chart.prediction, FEWEST)
        sick = {label: part for label, part in found.items() if _many(part)}
        many = sum(part.deletions for part in sick.values()) >= THRESHOLD * sum(p.reference for p in found.values())
        for names in labels_apart(list(sick), len(sick) if many else len(found)):
            yield self._of(chart, names, [sick[name] for name in names])

    def _of(self, chart: Chart, names: Sequence[str], parts: Sequence[Pieces]) -> Finding:
        label = names[0] if len(names) == 1 else None
        reference, missed = sum(part.reference for part in parts), sum(part.deletions for part in parts)
        lost = np.concatenate([part.length[part.deleted] for part in parts])
        kept = np.concatenate([part.length[~part.deleted] for part in parts])
        _, expected = severity.from_oracle(chart, "deletion", label)
        unit = chart.task.unit
        sizes = f" (they have {number(float(np.median(lost)))} {unit} at the median"
        sizes += f", the others {number(float(np.median(kept)))})" if kept.size else ")"
        return self.finding(
            f"{missed} of {reference} {chart.task.item} of {label or f'{len(names)} classes'} "
            f"({percent(missed / reference)}) are missed altogether{sizes}",
            severity=severity.of_change(severity.gain(expected), missed / severity.references(chart)),
            where={"label": label} if label else {},
            evidence={
                "share": missed / reference,
                "threshold": THRESHOLD,
                "missed": missed,
                "reference": reference,
                "chance": max(at_least(part.deletions, part.reference, TOLERATED) for part in parts),
                f"median_missed_{unit}": float(np.median(lost)),
                f"median_found_{unit}": float(np.median(kept)) if kept.size else None,
                **({} if label else {"labels": list(names)}),
            },
            remedies=[*remedies.sure_ones(chart.task, expected), remedies.weigh(chart.task, expected)],
            gain=severity.gain(expected),
        )


def _many(part: Pieces) -> bool:
    missed = part.deletions
    return missed >= max(FEWEST, THRESHOLD * part.reference) and at_least(missed, part.reference, TOLERATED) < SURE
