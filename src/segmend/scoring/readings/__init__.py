"""Readings: arithmetic on counts, for any array library.

A *level* (step, segment, count) or a soft sum of probabilities gives ``Counts``; a reading makes a number of it. No
module here imports an array library, so that scores, Keras metrics and region losses share one formula.
"""

from segmend.scoring.readings.agreement import balanced_accuracy, expected_cost, kappa, matthews
from segmend.scoring.readings.averaging import Average, averaged, mean_known
from segmend.scoring.readings.counts import Counts, divide
from segmend.scoring.readings.overlap import dice, f1, f_beta, iou, precision, recall, specificity, tversky
from segmend.scoring.readings.share import accuracy, prevalence
from segmend.scoring.readings.totals import bias, ratio

__all__ = [
    "Average",
    "Counts",
    "accuracy",
    "averaged",
    "balanced_accuracy",
    "bias",
    "dice",
    "divide",
    "expected_cost",
    "f1",
    "f_beta",
    "iou",
    "kappa",
    "matthews",
    "mean_known",
    "precision",
    "prevalence",
    "ratio",
    "recall",
    "specificity",
    "tversky",
]
