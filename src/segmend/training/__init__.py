"""Room: trains a model on batches within a budget; knows neither data sets nor plans."""

from segmend.training.batches import WindowBatches as WindowBatches
from segmend.training.even_loss import even_loss as even_loss
from segmend.training.fit import fit as fit
from segmend.training.hard import HardWindows as HardWindows
from segmend.training.settings import Settings as Settings
from segmend.training.weighting import WeightCheck as WeightCheck
from segmend.training.weighting import check_weights as check_weights

__all__ = ["HardWindows", "Settings", "WeightCheck", "WindowBatches", "check_weights", "even_loss", "fit"]
