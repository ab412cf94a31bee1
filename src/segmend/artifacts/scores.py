"""Scores at the three levels, with the conventions they were computed under."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from segmend.artifacts.uncertainty import Intervals
from segmend.core.files import nulled
from segmend.errors import InputError

SCHEMA = 1


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Scores:
    """Scores of one prediction; ``scores["segment"]["f1@50"]``.

    Attributes:
        step: accuracy, macro_f1, per_class.
        segment: f1@10, f1@25, f1@50, macro_f1@50, edit, per_class, errors; None for classification.
        count: reference, predicted, bias, mae, rmse, ratio, matched, mae_per_class, per_class, per_recording;
            None for classification.
        conventions: preset, background, matching, pooling, zero_division.
        by_recording: one row of scores per recording name.
        intervals: how sure each score is, where it was asked for.
    """

    step: Mapping[str, Any]
    segment: Mapping[str, Any] | None
    count: Mapping[str, Any] | None
    conventions: Mapping[str, Any]
    by_recording: Mapping[str, Mapping[str, Any]]
    intervals: Intervals | None = None

    def __getitem__(self, level: str) -> Any:
        if level not in ("step", "segment", "count", "conventions"):
            raise InputError(f'scores: expected a level among step, segment, count. Received "{level}"')
        return getattr(self, level)

    def to_dict(self) -> dict[str, Any]:
        """The scores as ``segmend score --json`` prints them: NaN is None."""
        content: dict[str, Any] = nulled(
            {
                "schema": SCHEMA,
                "step": self.step,
                "segment": self.segment,
                "count": self.count,
                "conventions": self.conventions,
            }
        )
        if self.intervals is not None:
            content["intervals"] = self.intervals.to_dict()
        return content
