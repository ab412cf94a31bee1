"""Room: runs a model over recordings of any length, in constant memory."""

from segmend.prediction.tiled import predict as predict

__all__ = ["predict"]
