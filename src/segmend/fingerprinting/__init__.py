"""From a Dataset to its Fingerprint, in one pass."""

from __future__ import annotations

from segmend.fingerprinting.assemble import fingerprint, of_labels

__all__ = ["fingerprint", "of_labels"]
