"""Readings: arithmetic on counts, for any array library.

A *level* (step, segment, count) or a soft sum of probabilities gives ``Counts``; a reading makes a number of it. No
module here imports an array library, so that scores, Keras metrics and region losses share one formula.
"""

from segmend.scoring.readings.counts import Counts, divide
from segmend.scoring.readings.overlap import dice, f1, iou, precision, recall, specificity
from segmend.scoring.readings.share import accuracy, prevalence
from segmend.scoring.readings.totals import bias, ratio

__all__ = [
    "Counts",
    "accuracy",
    "bias",
    "dice",
    "divide",
    "f1",
    "iou",
    "precision",
    "prevalence",
    "ratio",
    "recall",
    "specificity",
]
