"""D305: lengths that betray the windows in which labels were made."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from segmend.artifacts.chart import Chart
from segmend.artifacts.comb import Comb
from segmend.artifacts.finding import Finding, Remedy, Severity
from segmend.diagnosis.rule import Rule
from segmend.diagnosis.wording import number, percent

CHANCE = 1e-4
"""Of a false alarm; each grid that was tried is paid for."""

HALF = 0.5
"""Of the lengths lie on the grid beyond those that would by chance: fewer are a habit of single annotators."""

MULTIPLES = 3
"""Different lengths, so that items which all last the same are no grid."""

COARSE = 0.5
"""Grid over median length: borders are then wrong by a quarter of an item."""


class DurationComb(Rule):
    """Lengths of segments are multiples of one number of steps: labels were made on a coarse grid.

    What it finds:
        A number of steps of which at least half of all lengths, beyond those that are by chance, are whole multiples,
        with three or more different multiples in use.

    Why it matters:
        Where labels come from windows, from a slower sensor or from times that were rounded, borders are not where
        things begin and end. A model is taught borders that the signal does not show; its own, better ones are judged
        wrong, and no score near the borders can be trusted below the grid.

    Evidence:
        The grid, the share of lengths on it beside the share that would be by chance (one in as many steps), and the
        Chernoff bound of the probability, times the number of grids that were tried; the threshold is 0.0001. Only
        classes whose lengths spread over half the grid and more count, because others could be multiples by being all
        alike. Severity is warning where the grid is half the median length and more, else info.

    Remedy:
        Go back to the finer annotations if there are any. If not, label at the grid's rate, or judge with a tolerance
        of half the grid at the borders.

    Known limits:
        Borders that are on a grid in only one of two ways, such as starts alone, give lengths that are on none. Grids
        of more than 1024 steps are not tried. Where items themselves keep time, as bars of music do, the grid is real.
    """

    name = "duration-comb"
    code = "D305"
    needs: ClassVar[tuple[str, ...]] = ("fingerprint",)
    explains: ClassVar[tuple[str, ...]] = (
        "boundary-jitter",
        "flickering",
        "over-segmentation",
        "under-segmentation",
        "missed-segments",
        "spurious-segments",
    )
    ranks: ClassVar[tuple[int, ...]] = (1,)

    def examine(self, chart: Chart) -> Iterator[Finding]:
        """At most one finding."""
        facts = chart.fingerprint
        assert facts is not None
        comb = facts.comb
        if comb is None or comb.chance > CHANCE or comb.multiples < MULTIPLES or _beyond_chance(comb) < HALF:
            return
        share, grid = comb.hits / comb.segments, comb.grid
        relative = grid / (facts.duration.p50 or grid)
        rate = facts.sampling_rate_hz
        seconds = f" ({number(1000 * grid / rate)} ms)" if rate else ""
        yield self.finding(
            f"{percent(share)} of {comb.segments} lengths are multiples of {grid} steps{seconds}, where by chance "
            f"{percent(1 / grid)} would be: borders of labels lie on a grid, up to {number(grid / 2)} steps from where "
            f"things begin and end",
            severity=Severity.WARNING if relative >= COARSE else Severity.INFO,
            evidence={
                "grid": grid,
                "seconds": grid / rate if rate else None,
                "segments": comb.segments,
                "share": share,
                "by_chance": 1 / grid,
                "chance": comb.chance,
                "threshold": CHANCE,
                "grid_over_median_length": relative,
            },
            remedies=_remedies(grid, rate),
        )


def _beyond_chance(comb: Comb) -> float:
    """The share of lengths that the grid explains."""
    return (comb.hits / comb.segments - 1 / comb.grid) / (1 - 1 / comb.grid)


def _remedies(grid: int, rate: float | None) -> tuple[Remedy, ...]:
    tolerance = f", {number(500 * grid / rate)} ms" if rate else ""
    return (
        Remedy(
            name="find-finer-annotations",
            safety="manual",
            advice="Look for annotations in times or samples from which these labels were made, and read those.",
        ),
        Remedy(
            name="allow-for-the-grid",
            safety="manual",
            advice=f"Judge with a tolerance of half the grid at borders: {number(grid / 2)} steps{tolerance}.",
        ),
        Remedy(
            name="learn-at-the-rate-of-the-grid",
            safety="manual",
            advice=f"Or average every {grid} steps of the signal into one, where labels change, and learn from these.",
        ),
    )
