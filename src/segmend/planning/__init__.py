"""Room: configures a model and its training from a fingerprint, with a reason for every value.

``make`` runs the decisions in order, ``toml`` writes and reads plan.toml, ``Values`` is what a plan says, with types.
"""

from segmend.planning.make import make
from segmend.planning.values import Values

__all__ = ["Values", "make"]
