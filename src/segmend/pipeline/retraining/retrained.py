"""What training again brings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from segmend.core.types import FloatArray


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Retrained:
    """A model trained again.

    Attributes:
        model: a Keras model like the one it began from, or a Run of a planned one.
        probabilities: from signals or images, (*spatial, channels) each, to (*spatial, classes), or (classes,).
        changes: what was changed, a sentence each.
    """

    model: Any
    probabilities: Callable[[Sequence[FloatArray]], list[FloatArray]]
    changes: tuple[str, ...]
