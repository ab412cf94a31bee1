"""A model and data looked at together, and what was seen put on one chart for the doctor."""
