"""What happened in training, epoch by epoch."""

from __future__ import annotations

from segmend.artifacts.base import Artifact


class History(Artifact):
    """Columns of equal length, one row per epoch, as Keras' ``History.history`` has them."""

    columns: dict[str, tuple[float | None, ...]]
    best_epoch: int | None = None
    stopped_because: str | None = None
