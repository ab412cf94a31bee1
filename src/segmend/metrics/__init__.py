"""Readings of the ruler as Keras metrics."""

from segmend.metrics.choice import names as names
from segmend.metrics.step_metric import StepMetric as StepMetric
from segmend.metrics.step_metric import of as of

__all__ = ["StepMetric", "names", "of"]
