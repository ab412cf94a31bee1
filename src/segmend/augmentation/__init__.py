"""Changes of recordings for training: signal and labels on the same map, counts changed only as declared."""

from segmend.augmentation.base import Batch as Batch
from segmend.augmentation.base import Transform as Transform
from segmend.augmentation.brightness import Brightness as Brightness
from segmend.augmentation.channel_drop import ChannelDrop as ChannelDrop
from segmend.augmentation.contrast import Contrast as Contrast
from segmend.augmentation.crop import Crop as Crop
from segmend.augmentation.cut_mix import CutMix as CutMix
from segmend.augmentation.drift import Drift as Drift
from segmend.augmentation.flip import Flip as Flip
from segmend.augmentation.frequency_mask import FrequencyMask as FrequencyMask
from segmend.augmentation.gap_insertion import GapInsertion as GapInsertion
from segmend.augmentation.noise import Noise as Noise
from segmend.augmentation.offset import Offset as Offset
from segmend.augmentation.overlay import Overlay as Overlay
from segmend.augmentation.rotation import Rotation as Rotation
from segmend.augmentation.scaling import Scaling as Scaling
from segmend.augmentation.segment_length import SegmentLength as SegmentLength
from segmend.augmentation.segment_paste import SegmentPaste as SegmentPaste
from segmend.augmentation.shear import Shear as Shear
from segmend.augmentation.shift import Shift as Shift
from segmend.augmentation.smoothing import Smoothing as Smoothing
from segmend.augmentation.stretch import Stretch as Stretch
from segmend.augmentation.time_mask import TimeMask as TimeMask
from segmend.augmentation.time_warp import TimeWarp as TimeWarp
from segmend.augmentation.translation import Translation as Translation
from segmend.augmentation.zoom import Zoom as Zoom

__all__ = [
    "Batch",
    "Brightness",
    "ChannelDrop",
    "Contrast",
    "Crop",
    "CutMix",
    "Drift",
    "Flip",
    "FrequencyMask",
    "GapInsertion",
    "Noise",
    "Offset",
    "Overlay",
    "Rotation",
    "Scaling",
    "SegmentLength",
    "SegmentPaste",
    "Shear",
    "Shift",
    "Smoothing",
    "Stretch",
    "TimeMask",
    "TimeWarp",
    "Transform",
    "Translation",
    "Zoom",
]
