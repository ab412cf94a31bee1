"""A loss's weight that changes over epochs."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import keras

from segmend.errors import InputError


@keras.saving.register_keras_serializable(package="segmend")
@dataclass(frozen=True, slots=True)
class Ramp:
    """A weight that moves in a straight line from one value to another, and is constant before and after.

    It acts through ``callbacks.LossSchedule``; without the callback the weight stays that of the first epoch.

    Attributes:
        start: weight up to the epoch ``first``.
        stop: weight from the epoch ``last`` on.
        first, last: epochs, counted from 0, ``first`` below ``last``.

    Raises:
        InputError: the epochs are not in order, or a weight is below 0.

    Examples:
        >>> ramp = Ramp(0.0, 1.0, first=2, last=6)
        >>> [ramp.at(epoch) for epoch in (0, 2, 3, 6, 9)]
        [0.0, 0.0, 0.25, 1.0, 1.0]
    """

    start: float
    stop: float
    first: int = 0
    last: int = 10

    def __post_init__(self) -> None:
        if not 0 <= self.first < self.last:
            raise InputError(f"Ramp: expected epochs first < last, from 0. Received {self.first} and {self.last}")
        if min(self.start, self.stop) < 0:
            raise InputError(f"Ramp: expected weights of at least 0. Received {self.start} and {self.stop}")

    def at(self, epoch: int) -> float:
        """The weight in an epoch."""
        share = min(max((epoch - self.first) / (self.last - self.first), 0.0), 1.0)
        return self.start + share * (self.stop - self.start)

    def scaled(self, factor: float) -> Ramp:
        """The same line, times a factor."""
        return Ramp(factor * self.start, factor * self.stop, self.first, self.last)

    def get_config(self) -> dict[str, Any]:
        """The arguments, for ``keras.saving``."""
        return asdict(self)

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Ramp:
        """The line back from ``get_config``."""
        return cls(**config)
