"""The three levels: step, segment and count; each makes its part of the scores from one tally."""
