"""Keras callbacks that score whole recordings."""

from segmend.callbacks.segment_score import SegmentScore as SegmentScore

__all__ = ["SegmentScore"]
