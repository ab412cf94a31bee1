"""How sure every score is, and every difference of two predictions' scores, by resampling groups or recordings."""

from segmend.scoring.uncertainty.door import compare as compare
from segmend.scoring.uncertainty.door import intervals as intervals

__all__ = ["compare", "intervals"]
