"""Losses for imbalanced segmentation that respect masks, weights and ignored steps."""

from segmend.losses.base import Loss as Loss
from segmend.losses.base import Sum as Sum
from segmend.losses.base import Terms as Terms
from segmend.losses.cross_entropy import CrossEntropy as CrossEntropy
from segmend.losses.dice import Dice as Dice

__all__ = ["CrossEntropy", "Dice", "Loss", "Sum", "Terms"]
