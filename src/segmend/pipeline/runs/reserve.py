"""What of the budget is kept for what comes after training."""

from __future__ import annotations

from dataclasses import dataclass

TRAINING_SHARE, DECODER_SHARE = 0.85, 0.95
"""Shares of the budget by which training and the decoder's search have ended at the latest."""

SEARCH_SHARE = DECODER_SHARE - TRAINING_SHARE
"""Share of the budget for prediction and the decoder's search; the search has at least half of it."""

MOST_READING = 0.2
"""Most of the budget that is kept for what follows the search: a small one would else hold no training."""


@dataclass(frozen=True, slots=True)
class Afterwards:
    """Seconds of what comes after the training of a network.

    Attributes:
        predicting: prediction of the recordings that are judged, by one network.
        reading: what follows the decoder's search: decoding, scores, diagnosis, the page.
    """

    predicting: float
    reading: float

    def kept(self, budget_s: float) -> float:
        """Seconds that are kept for what follows the decoder's search."""
        return min(self.reading, MOST_READING * budget_s)

    def decoded_by(self, budget_s: float) -> float:
        """Seconds from the start by which the decoder's search has ended.

        Examples:
            >>> Afterwards(predicting=2.0, reading=1.0).decoded_by(60.0), Afterwards(2.0, 15.0).decoded_by(60.0)
            (57.0, 48.0)
        """
        return min(DECODER_SHARE * budget_s, budget_s - self.kept(budget_s))

    def trained_by(self, budget_s: float, networks: int) -> float:
        """Seconds from the start by which training has ended; not above 0 where the rest takes all.

        Args:
            budget_s: seconds of everything.
            networks: how many predict.

        Examples:
            >>> Afterwards(predicting=2.0, reading=1.0).trained_by(60.0, networks=1)
            51.0
            >>> Afterwards(predicting=5.0, reading=15.0).trained_by(60.0, networks=2)
            35.0
        """
        search = max(SEARCH_SHARE * budget_s, networks * self.predicting + SEARCH_SHARE / 2 * budget_s)
        return self.decoded_by(budget_s) - search
