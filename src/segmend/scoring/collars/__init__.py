"""Events found within a collar: by onset, by offset and by both.

``collar_tally`` is the door, ``collar_level`` makes scores of what it counts.
"""

from __future__ import annotations

from segmend.scoring.collars.collar import Collar
from segmend.scoring.collars.level import collar_level, error_rates
from segmend.scoring.collars.pairs import CONDITIONS
from segmend.scoring.collars.tally import CollarTally, collar_tally

__all__ = ["CONDITIONS", "Collar", "CollarTally", "collar_level", "collar_tally", "error_rates"]
