"""From a Dataset to its Fingerprint, in one pass."""

from __future__ import annotations

from segmend.fingerprinting.assemble import fingerprint, of_labels
from segmend.fingerprinting.items import class_steps
from segmend.fingerprinting.objects import class_pixels

__all__ = ["class_pixels", "class_steps", "fingerprint", "of_labels"]
