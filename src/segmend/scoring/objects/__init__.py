"""Objects in images: connected components or instances, and which of them share pixels.

``scene`` is the door; what it finds goes through the same matching and kinds of error as segments do, because these
look at the overlap graph alone. ``repairs`` says what the oracle's joins and cuts mean where there is no order in time.
"""

from __future__ import annotations

from segmend.scoring.objects.columns import Objects
from segmend.scoring.objects.repairs import cut, joined
from segmend.scoring.objects.scenes import Scene, class_masks, scene

__all__ = ["Objects", "Scene", "class_masks", "cut", "joined", "scene"]
