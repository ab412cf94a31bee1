"""Keras models of every task, for signals and images: from a plan's section, or by themselves."""

from segmend.models.attention import attention as attention
from segmend.models.average import average as average
from segmend.models.build import build as build
from segmend.models.inception import inception as inception
from segmend.models.recurrent import lstm as lstm
from segmend.models.recurrent import recurrent as recurrent
from segmend.models.residual import residual as residual
from segmend.models.rocket import rocket as rocket
from segmend.models.spectral import spectral as spectral
from segmend.models.tcn import tcn as tcn
from segmend.models.unet import unet as unet
from segmend.models.unet import unet_stages as unet_stages

__all__ = [
    "attention",
    "average",
    "build",
    "inception",
    "lstm",
    "recurrent",
    "residual",
    "rocket",
    "spectral",
    "tcn",
    "unet",
    "unet_stages",
]
