"""Tensor tools on keras.ops, for any rank, aware of masks."""

from segmend.ops.host import on_host as on_host
from segmend.ops.mask import coarse_mask as coarse_mask
from segmend.ops.mask import fine_mask as fine_mask
from segmend.ops.mask import hide as hide
from segmend.ops.mask import keras_mask as keras_mask
from segmend.ops.resize import CropLike as CropLike
from segmend.ops.resize import fit_length as fit_length
from segmend.ops.steps import Steps as Steps
from segmend.ops.steps import read_steps as read_steps
