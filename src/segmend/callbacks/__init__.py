"""Keras callbacks: scores of whole recordings, losses that change over epochs, logs for TensorBoard."""

from segmend.callbacks.class_score import ClassScore as ClassScore
from segmend.callbacks.event_log import EventLog as EventLog
from segmend.callbacks.loss_schedule import LossSchedule as LossSchedule
from segmend.callbacks.segment_score import SegmentScore as SegmentScore

__all__ = ["ClassScore", "EventLog", "LossSchedule", "SegmentScore"]
