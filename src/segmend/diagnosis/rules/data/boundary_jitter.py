"""D104: borders that are marked now here and now there."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import ClassVar

from segmend.artifacts.borders import Borders, ClassBorders
from segmend.artifacts.chart import Chart
from segmend.artifacts.finding import Finding, Remedy, Severity
from segmend.diagnosis import severity
from segmend.diagnosis.rule import Rule
from segmend.diagnosis.wording import listed, number, percent

SCATTER = 0.1
"""Of the median length: the spread from which on it counts."""

SURELY = 0.08
"""Of the median length: what it is at least, with 99 per cent. Waves and syllables marked by experts lie below 0.07."""

USUAL = 0.09
"""Of the median length: the spread that such sets have."""

AGREE = 0.5
"""Correlation of two models that share no channel: below it the signal does not tell where a border is."""

GROUPS = 5

LEAST = 1.25
"""Steps: less is the grid of steps."""


class BoundaryJitter(Rule):
    """Borders of one kind are marked inconsistently: they scatter about the place where the signal changes.

    What it finds:
        Classes whose borders were marked now early and now late: two linear models that were fitted on other people,
        each with half of the channels, agree that the signal changes elsewhere, by a tenth of the median length and
        more.

    Why it matters:
        A model cannot learn a border that is drawn by chance, and is judged by it: items that it finds overlap too
        little with marks that are off, and count as missed and as invented. No architecture mends that.

    Evidence:
        For each class the spread in steps and as a share of its median length, beside 0.09, which sets that experts
        marked have at most; what it is at least, with 99 per cent, groups being what is drawn; how far both models
        agree; and the borders that are furthest off, to look at. What only one model finds is noise and does not count,
        nor what is the same for all starts or all stops. It counts from a tenth on, where it is 0.08 at least, both
        models agree with a correlation of 0.5 or more, and 5 groups are known. Severity follows the share of items of
        which the marks overlap the truth by less than half, if errors are normal: warning from 2 per cent, error from
        10.

    Remedy:
        Agree on what a border is, and mark again those that are listed. Until then leave the steps next to borders
        out of training, and score with a tolerance.

    Known limits:
        Only borders that the signal shows to a linear model at once are judged; a fault that both models make alike,
        such as a change that comes before what was meant, in some items only, looks like a mark that is off. Where
        labels may overlap, borders of others lie in between, and nothing is said.
    """

    name = "boundary-jitter"
    code = "D104"
    preview = True
    needs: ClassVar[tuple[str, ...]] = ("fingerprint.borders",)
    explains: ClassVar[tuple[str, ...]] = (
        "underfitting",
        "miscalibrated",
        "missed-segments",
        "fails-in-the-same-places",
        "spurious-segments",
    )
    ranks: ClassVar[tuple[int, ...]] = (1,)
    overlapping = False

    def examine(self, chart: Chart) -> Iterator[Finding]:
        """At most one finding."""
        assert chart.fingerprint is not None and chart.fingerprint.borders is not None
        found = chart.fingerprint.borders
        sick = sorted((each for each in found.classes if _scattered(each)), key=lambda each: -_share(each))
        if sick:
            yield self._of(chart, found, sick)

    def causes(self, mine: Finding, other: Finding) -> bool:
        """Jitter explains items that miss their marks where many do."""
        missing = other.rule in ("missed-segments", "spurious-segments")
        label = other.where.get("label")
        concerned = label is None or label in mine.evidence["classes"]
        return super().causes(mine, other) and concerned and (not missing or mine.severity is Severity.ERROR)

    def _of(self, chart: Chart, found: Borders, sick: list[ClassBorders]) -> Finding:
        rate = chart.fingerprint.sampling_rate_hz if chart.fingerprint else None
        told = []
        for each in sick:
            time = f", {number(1000 * each.spread / rate)} ms" if rate else ""
            told.append(f"{each.name} {number(each.spread)} steps ({percent(_share(each))} of its length{time})")
        weight = sum(each.borders for each in sick)
        lost = sum(lost_by(_share(each)) * each.borders for each in sick) / weight
        names = [each.name for each in sick]
        review = [each.to_dict() for each in found.odd if each.label in names]
        return self.finding(
            f"borders are marked inconsistently: they scatter about where the signal changes by {listed(told, 3)}; in "
            f"sets that experts marked it is {percent(USUAL)} at most. {percent(lost)} of the marks overlap the truth "
            "by less than half",
            severity=severity.of_change(lost, 0.0),
            where={"label": names[0]} if len(names) == 1 else {},
            evidence={
                "classes": {each.name: each.to_dict() | {"share_of_length": _share(each)} for each in sick},
                "threshold": SCATTER,
                "usual": USUAL,
                "lost_share": lost,
                "review": review,
            },
            remedies=_remedies(len(review), max(each.spread for each in sick)),
        )


def lost_by(share: float) -> float:
    """Share of items that overlap the truth by less than half of it, where both ends err by this share of the length.

    >>> round(lost_by(0.2), 3), lost_by(0.0)
    (0.148, 0.0)
    """
    return 1 - math.erf(0.25 / share) ** 2 if share > 0 else 0.0


def _share(each: ClassBorders) -> float:
    return each.spread / max(1.0, each.length)


def _scattered(each: ClassBorders) -> bool:
    surely = each.low >= SURELY * each.length and each.spread >= max(LEAST, SCATTER * each.length)
    return surely and each.agreement >= AGREE and each.groups >= GROUPS


def _remedies(listed_borders: int, spread: float) -> tuple[Remedy, ...]:
    near = max(1, round(spread))
    return (
        Remedy(
            name="agree-on-borders",
            safety="manual",
            advice=f"Write down what starts and what ends an item, and mark the {listed_borders} borders of the review "
            "list (evidence of this finding) again, those of val and test first.",
        ),
        Remedy(
            name="spare-the-borders",
            safety="manual",
            advice=f"Until then label the {near} steps on either side of a border -1 in training, and score with a "
            f'tolerance: preset="sed-eval".',
        ),
    )
