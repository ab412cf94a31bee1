"""Polyphonic sound detection score (PSDS), intersection-based and exact over all thresholds.

``psds`` is the door; ``missing`` says why a prediction has none; ``CRITERIA`` names the published parameter sets.
"""

from __future__ import annotations

from segmend.scoring.psds.criteria import CRITERIA, Criteria, criteria_named
from segmend.scoring.psds.curves import Curve
from segmend.scoring.psds.door import SCENARIOS, Psds, missing, psds

__all__ = ["CRITERIA", "SCENARIOS", "Criteria", "Curve", "Psds", "criteria_named", "missing", "psds"]
