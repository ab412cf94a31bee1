"""D306: labels that come early or late."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from segmend.artifacts.alignment import Alignment
from segmend.artifacts.chart import Chart
from segmend.artifacts.finding import Finding, Remedy, Severity
from segmend.diagnosis.rule import Rule
from segmend.diagnosis.wording import number, percent

EXPLAINED = 0.1
"""Share of the labels' variance that is explained where they fit best: below it nothing tells where they belong."""

BETTER = 0.1
"""Of what is explained where they fit best, at least, is lost where they are."""

MOVED = 1 / 8
"""Of the median length: what is nearer may be how borders are defined. Data whose labels are known to be right lie
within a sixteenth."""

LOST = 1 / 3
"""Of the median length: moved by as much, an item overlaps with itself by half of the union."""


class MisalignedLabels(Rule):
    """Labels fit the signal better when they are moved: they are early or late throughout.

    What it finds:
        A shift, of up to the median length of an item, by which labels must be moved so that a linear model tells them
        best, out of sample, from what happens right there.

    Why it matters:
        A clock that was set wrongly, a delay of a filter or of a video, or starts that were counted from another zero
        move all labels together. A model with a wide view learns to be late with them, scores well against labels
        that are as late, and is wrong about when things happen; a model with a narrow view learns little at all.

    Evidence:
        The shift in steps and seconds; the range of best shifts in 99 per cent of draws of groups; and how much of the
        labels' variance is explained with it and without. It counts from an eighth of the median length on, where at
        least 0.1 is explained, a tenth of that is lost without the shift, and draws of groups agree on both. Severity
        is error from a third of the median length on, where even a perfect model's items overlap the labels by less
        than half, else warning.

    Remedy:
        Find the clock or the filter, and move the labels by as many steps; look at a recording before and after.

    Known limits:
        A shift that differs from recording to recording blurs and is not told here. In signals that repeat, a shift by
        a whole period is no shift. Labels that mean what comes before an event, or after it, are moved on purpose.
    """

    name = "misaligned-labels"
    code = "D306"
    needs: ClassVar[tuple[str, ...]] = ("fingerprint.alignment",)
    explains: ClassVar[tuple[str, ...]] = (
        "underfitting",
        "shifted-boundaries",
        "missed-segments",
        "spurious-segments",
        "overfitting",
        "flickering",
        "over-segmentation",
        "missed-class",
        "count-bias",
    )
    ranks: ClassVar[tuple[int, ...]] = (1,)

    def examine(self, chart: Chart) -> Iterator[Finding]:
        """At most one finding."""
        facts = chart.fingerprint
        assert facts is not None and facts.alignment is not None
        found, length = facts.alignment, facts.duration.p50 or 1.0
        if not _sure(found, length):
            return
        steps, rate = abs(found.best), facts.sampling_rate_hz
        late = "late" if found.best > 0 else "early"
        time = f" ({number(1000 * steps / rate)} ms)" if rate else ""
        at_zero = found.fit[found.shifts.index(0)]
        best = max(found.fit)
        yield self.finding(
            f"labels come about {steps} steps{time} too {late}: moved by as many they are explained to "
            f"{percent(best)} by what the signal does right there, and to {percent(max(0.0, at_zero))} where they are",
            severity=Severity.ERROR if steps >= LOST * length else Severity.WARNING,
            evidence={
                "shift_steps": found.best,
                "shift_seconds": found.best / rate if rate else None,
                "interval_steps": [found.low, found.high],
                "explained": at_zero,
                "explained_moved": best,
                "gain_at_least": found.gain_low,
                "groups": found.groups,
                "threshold": MOVED * length,
            },
            remedies=(_move(found.best),),
        )

    def causes(self, mine: Finding, other: Finding) -> bool:
        """Late labels explain predictions that come early beside them; items that miss theirs, where they are far off.

        A model that learnt to be late with its labels shows no shift.
        """
        if not super().causes(mine, other):
            return False
        if other.rule == "shifted-boundaries":
            off = (other.evidence.get("start_steps") or 0) + (other.evidence.get("stop_steps") or 0)
            return bool(off * mine.evidence["shift_steps"] < 0)
        return other.rule == "underfitting" or mine.severity is Severity.ERROR


def _sure(found: Alignment, length: float) -> bool:
    """Whether a shift is long enough, inside what was tried, and the same in draws of groups."""
    best, lost = max(found.fit), found.gain
    inside = found.shifts[0] < found.best < found.shifts[-1]
    agreed = found.low * found.high > 0 and found.gain_low > 0
    return (
        inside
        and agreed
        and abs(found.best) >= max(2.0, MOVED * length)
        and best >= EXPLAINED
        and lost >= BETTER * best
    )


def _move(shift: int) -> Remedy:
    sign = "-" if shift > 0 else "+"
    return Remedy(
        name="move-the-labels",
        safety="manual",
        advice=f"Look for a clock, a filter or a first sample that moved them; then set start and stop of every "
        f"annotation to start {sign} {abs(shift)} and stop {sign} {abs(shift)} steps, and look at one recording.",
    )
