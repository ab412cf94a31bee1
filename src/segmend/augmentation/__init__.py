"""Changes of recordings for training: signal and labels on the same map, counts changed only as declared."""

from segmend.augmentation.base import Batch as Batch
from segmend.augmentation.base import Transform as Transform
from segmend.augmentation.shift import Shift as Shift
from segmend.augmentation.stretch import Stretch as Stretch
from segmend.augmentation.time_warp import TimeWarp as TimeWarp

__all__ = ["Batch", "Shift", "Stretch", "TimeWarp", "Transform"]
