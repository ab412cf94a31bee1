"""New recordings and images, opened as a model takes them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from segmend.core.task import Task
from segmend.core.types import FloatArray
from segmend.errors import InputError

CHUNK = 1 << 18
"""Steps looked at together."""


@dataclass(frozen=True, slots=True, eq=False)
class Opened:
    """A new recording.

    Attributes:
        name: the file's name without suffix.
        signal: shape (*spatial, channels); may be a memory map or be decoded when it is asked for.
    """

    name: str
    signal: FloatArray


def open_recording(
    recording: Path | str | FloatArray,
    task: Task,
    channels: tuple[str, ...],
    rate: float | None,
    pixels: str | None = None,
) -> Opened:
    """Open a file of signals or of an image, or take an array.

    Args:
        recording: a file, or an array (*spatial, channels); the axis of a single channel may be missing.
        task: of the model; decides what files are read as.
        channels: names of the model's channels; further channels of a signal file are dropped.
        rate: steps per second of what the model was trained on, to which signal files are brought; None where steps
            are all there is.
        pixels: type of the numbers in image files of the training, such as "uint8"; None takes any.

    Raises:
        InputError: the file cannot be read, a channel is missing, pixels are of another type, or a sample is not
            finite.
    """
    if not isinstance(recording, Path | str):
        signal = np.asarray(recording)
        opened = Opened("recording", signal[..., np.newaxis] if signal.ndim == task.rank else signal)
    elif task.rank > 1:
        from segmend.loading.image_files import open_image

        image = open_image(Path(recording))
        if pixels is not None and image.image.values.dtype != pixels:
            raise InputError(
                f"{recording}: expected pixels of {pixels}, as in training. Received {image.image.values.dtype}"
            )
        opened = Opened(image.name, image.image.values)
    else:
        from segmend.loading import open_alike

        file = open_alike(Path(recording), channels, rate)
        opened = Opened(file.name, file.signal.values)
    require_fitting(str(recording) if isinstance(recording, Path | str) else opened.name, opened.signal, task, channels)
    return opened


def require_fitting(where: str, signal: FloatArray, task: Task, channels: tuple[str, ...]) -> None:
    """Refuse a recording that the model cannot take; it may be a memory map, so it is looked through by parts.

    Args:
        where: file or array, for messages.
        signal: shape (*spatial, channels).
        task: says how many spatial axes there are.
        channels: names of the model's channels.

    Raises:
        InputError: other axes or channels, no step, or a sample that is not finite.
    """
    if signal.ndim != task.rank + 1 or signal.shape[-1] != len(channels):
        raise InputError(
            f"{where}: expected the {len(channels)} channels {', '.join(channels)}, as in training. "
            f"Received shape {signal.shape}"
        )
    if 0 in signal.shape:
        raise InputError(f"{where}: expected at least one step. Received none")
    if signal.dtype.kind != "f":
        return
    rows = max(1, CHUNK // math.prod(signal.shape[1:-1]))
    for first in range(0, len(signal), rows):
        values = np.asarray(signal[first : first + rows])
        bad = ~(np.abs(values.astype(np.float64)) <= np.finfo(np.float32).max)
        if bad.any():
            row, *column, channel = np.argwhere(bad)[0].tolist()
            place = f"row {first + row}, column {column[0]}" if column else f"step {first + row}"
            raise InputError(
                f"{where}: expected finite samples. Received {values[(row, *column, channel)]} at {place}, "
                f'channel "{channels[channel]}"'
            )
