"""Keras callbacks: scores of whole recordings, and losses that change over epochs."""

from segmend.callbacks.class_score import ClassScore as ClassScore
from segmend.callbacks.loss_schedule import LossSchedule as LossSchedule
from segmend.callbacks.segment_score import SegmentScore as SegmentScore

__all__ = ["ClassScore", "LossSchedule", "SegmentScore"]
