"""How sure scores are: an interval for each, and the differences of two predictions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from segmend.core.files import nulled
from segmend.errors import InputError

SCHEMA = 1
LEVELS = ("step", "segment", "count")


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class _Resampled:
    """What intervals and comparisons share.

    Attributes:
        step, segment, count: nested as in ``Scores``; segment and count are None for classification.
        level: share of the draws that an interval holds.
        draws: number of draws.
        unit: what was drawn: "groups", "recordings" or "recordings within groups".
        seed: of the draws.
        ranking_draws: draws of average precision and AUC, fewer where there are many steps; None without probabilities.
    """

    step: Mapping[str, Any]
    segment: Mapping[str, Any] | None
    count: Mapping[str, Any] | None
    level: float
    draws: int
    unit: str
    seed: int
    ranking_draws: int | None

    def __getitem__(self, level: str) -> Any:
        if level not in LEVELS:
            raise InputError(f'{type(self).__name__}: expected a level among step, segment, count. Received "{level}"')
        return getattr(self, level)

    def to_dict(self) -> dict[str, Any]:
        """The numbers as JSON can hold them: NaN is None."""
        content: dict[str, Any] = nulled({"schema": SCHEMA, **asdict(self)})
        return content


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Intervals(_Resampled):
    """``[low, high]`` of every score; ``intervals["segment"]["f1@50"]``."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class ComparisonRecord(_Resampled):
    """Every score of two predictions of the same recordings.

    ``record["segment"]["f1@50"]`` has ``first``, ``second``, ``difference`` (second minus first), its ``interval``
    and whether that ``excludes_zero``.

    Attributes:
        recordings: number of recordings.
        conventions: as in ``Scores``.
    """

    recordings: int
    conventions: Mapping[str, Any]
