"""Room: trains a model on batches within a budget; knows neither data sets nor plans."""

from segmend.training.batches import Variation as Variation
from segmend.training.batches import WindowBatches as WindowBatches
from segmend.training.fit import fit as fit
from segmend.training.settings import Settings as Settings

__all__ = ["Settings", "Variation", "WindowBatches", "fit"]
