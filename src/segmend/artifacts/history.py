"""What happened in training, epoch by epoch."""

from __future__ import annotations

from segmend.artifacts.base import Artifact


class History(Artifact):
    """Columns of equal length, one row per epoch, as Keras' ``History.history`` has them.

    Attributes:
        columns: None where a value is no number or was not measured.
        best_epoch: the epoch whose weights were kept, from 0; None where nobody says.
        stopped_because: why training ended.
        planned_epochs: epochs that were asked for, None where nobody says.
        steps_per_epoch: batches in each epoch, None where nobody says.
    """

    columns: dict[str, tuple[float | None, ...]]
    best_epoch: int | None = None
    stopped_because: str | None = None
    planned_epochs: int | None = None
    steps_per_epoch: int | None = None
