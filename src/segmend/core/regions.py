"""What people marked in one image."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from segmend.core.types import IntArray


@dataclass(frozen=True, slots=True, eq=False)
class Regions:
    """A class at each pixel, and the objects, where touching ones are told apart.

    Both arrays may be read from their file when they are asked for: pass them through ``np.asarray``.

    Attributes:
        mask: class number of each pixel, shape (height, width); -1 is not judged.
        instances: number of the object that each pixel belongs to, 0 for none, shape (height, width); None where only
            classes are known, so that touching objects of one class are one.

    Examples:
        >>> Regions(np.array([[0, 1, 1]]), np.array([[0, 1, 2]])).count()
        2
    """

    mask: IntArray
    instances: IntArray | None = None

    @property
    def shape(self) -> tuple[int, ...]:
        """Height and width in pixels."""
        return tuple(self.mask.shape)

    def count(self) -> int | None:
        """Number of objects; None where they are not told apart."""
        if self.instances is None:
            return None
        numbers = np.unique(np.asarray(self.instances))
        return int(np.count_nonzero(numbers > 0))
