"""From files to a Dataset or a Prediction."""

from __future__ import annotations

from segmend.loading.alike import open_alike
from segmend.loading.dataset import is_dataset, load_dataset
from segmend.loading.predictions import is_predictions, load_predictions, rank_of_predictions
from segmend.loading.refusing import refuse, refuse_two_parts
from segmend.loading.signals import open_signal

__all__ = [
    "is_dataset",
    "is_predictions",
    "load_dataset",
    "load_predictions",
    "open_alike",
    "open_signal",
    "rank_of_predictions",
    "refuse",
    "refuse_two_parts",
]
