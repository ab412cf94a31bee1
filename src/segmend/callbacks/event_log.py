"""Logs of each epoch as TensorBoard reads them, on any backend."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras

from segmend.core.extras import need


class EventLog(keras.callbacks.Callback):
    """Write every log of every epoch as a scalar, through tensorboardX.

    ``keras.callbacks.TensorBoard`` needs TensorFlow whatever the backend. Scalars are named like the logs, with "_at_"
    for "@", which TensorBoard does not take. What is written can be looked at while training runs.

    Args:
        folder: to write event files to; a second training with the same callback, such as that of the next network of
            an average, goes into "network2" inside of it, and so on.

    Raises:
        MissingDependencyError: tensorboardX is not installed.

    Examples:
        >>> import tempfile
        >>> log = EventLog(tempfile.mkdtemp())
        >>> log.on_train_begin()
        >>> log.on_epoch_end(0, {"loss": 0.5, "val_segment_f1@50": 0.9})
        >>> log.on_train_end()
        >>> [file.name.startswith("events.out.tfevents") for file in Path(log.folder).iterdir()]
        [True]
    """

    after = True

    def __init__(self, folder: Path | str) -> None:
        super().__init__()
        self.writers = need("tensorboardX", "track", what="the event log")
        self.folder, self.trainings = Path(folder), 0
        self.writer: Any = None

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """The folder of this training."""
        self.trainings += 1
        self.writer = None

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Write the scalars; of a training that goes on, TensorBoard forgets what came later than its checkpoint."""
        if self.writer is None:
            folder = self.folder if self.trainings == 1 else self.folder / f"network{self.trainings}"
            self.writer = self.writers.SummaryWriter(str(folder), purge_step=epoch or None)
        for name, value in (logs or {}).items():
            self.writer.add_scalar(name.replace("@", "_at_"), float(value), epoch)
        self.writer.flush()

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        """Close the file."""
        if self.writer is not None:
            self.writer.close()
