"""Segment level of images: how well objects are outlined, beside how many are found."""

from __future__ import annotations

from typing import Any

from segmend.scoring.panoptic import Panoptic, mean_over_classes, per_class
from segmend.scoring.presets import Preset


def object_level(counted: Panoptic, preset: Preset) -> dict[str, Any]:
    """Panoptic quality and its two factors, mean over classes and by class.

    Args:
        counted: pairs of objects and their IoU.
        preset: its unit.
    """
    sums = counted.sums().sum(axis=0)
    each, mean = per_class(sums), mean_over_classes(sums)
    return {
        "panoptic": {
            **{name: float(value) * preset.scale for name, value in mean._asdict().items()},
            "per_class": {
                counted.labels.names[k]: {
                    name: float(values[k]) * preset.scale for name, values in each._asdict().items()
                }
                for k in counted.labels.foreground
            },
        }
    }
