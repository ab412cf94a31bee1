"""Step level: counts of steps of any rank, and what is read off probabilities."""

from segmend.scoring.steps.counting import StepTally as StepTally
from segmend.scoring.steps.counting import count_steps as count_steps

__all__ = ["StepTally", "count_steps"]
