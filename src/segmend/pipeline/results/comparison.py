"""What ``compare`` returns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from segmend.artifacts.uncertainty import ComparisonRecord


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """A comparison of two predictions: print it for the main scores; ``comparison["segment"]["f1@50"]`` is one of all.

    Attributes:
        record: scores, differences and intervals, and how they were resampled, as data.
    """

    record: ComparisonRecord

    def __getitem__(self, level: str) -> Any:
        return self.record[level]

    def to_dict(self) -> dict[str, Any]:
        """The comparison as ``segmend compare --json`` prints it: NaN is None."""
        return self.record.to_dict()

    def __str__(self) -> str:
        from segmend.pipeline.results.comparison_text import as_text

        return as_text(self.record)
