"""From a Dataset to its Fingerprint, in one pass."""

from __future__ import annotations

from segmend.fingerprinting.assemble import facts_of, fingerprint, of_labels
from segmend.fingerprinting.fitted import Floor
from segmend.fingerprinting.items import class_steps
from segmend.fingerprinting.objects import class_pixels
from segmend.fingerprinting.self_opinion import opinion_of
from segmend.fingerprinting.separability import floor

__all__ = ["Floor", "class_pixels", "class_steps", "facts_of", "fingerprint", "floor", "of_labels", "opinion_of"]
