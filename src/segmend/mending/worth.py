"""Whether a remedy is worth its seconds: the most that it can gain against the share of the budget that it takes."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from segmend.artifacts.trial import Outcome
from segmend.scoring.objective import parse

PRICE = 0.1
"""What the whole budget is worth, as a share of all that can be gained.

A remedy that takes half of the seconds has to be able to bring half of this share. The more seconds there are, the less
one of them is worth, so that a larger budget leaves out less.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stakes:
    """What can be gained, and what may be spent on it.

    Attributes:
        objective: what is maximised, as the user wrote it; an error that stands alone is made small.
        before: its value as it stands, on inner folds; NaN where it is undefined.
        budget_s: seconds of the whole call.

    Examples:
        >>> stakes = Stakes(objective="segment_f1@50", before=0.5, budget_s=120.0)
        >>> stakes.worth(0.004, 60.0), stakes.worth(0.03, 60.0), stakes.worth(0.004, 6.0)
        (False, True, True)
    """

    objective: str = "segment_f1@50"
    before: float = math.nan
    budget_s: float = math.inf

    @property
    def most(self) -> float:
        """The highest value that the objective can have."""
        return parse(self.objective).downhill().most

    def best(self, outcomes: Iterable[Outcome]) -> float:
        """The best value on inner folds so far, that of doing nothing included; -inf where none is defined."""
        known = [outcome.inner for outcome in outcomes if outcome.inner is not None]
        return max([*known, -math.inf if math.isnan(self.before) else self.before])

    def worth(self, gain: float, seconds: float) -> bool:
        """Whether so large a gain is worth so many seconds: gain / all that can be gained >= PRICE * seconds / budget.

        Args:
            gain: the most that can be gained beyond the best so far.
            seconds: that it is expected to take.
        """
        if gain <= 0:
            return False
        price = PRICE * seconds / self.budget_s * (self.most - self.before)
        return math.isnan(price) or gain >= price


UNKNOWN = Stakes()
"""Whatever can gain anything is worth its seconds."""
