"""Keras models built from a plan's stages."""

from segmend.models.average import average as average
from segmend.models.build import build as build
from segmend.models.tcn import tcn as tcn

__all__ = ["average", "build", "tcn"]
