"""Room: runs a model over recordings and images of any size, in constant memory."""

from segmend.prediction.classify import classify as classify
from segmend.prediction.classify import classify_many as classify_many
from segmend.prediction.tiled import predict as predict

__all__ = ["classify", "classify_many", "predict"]
