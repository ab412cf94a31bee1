"""What may not go into training, mending, scores or predictions."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from segmend.core.dataset import Dataset
from segmend.core.recording import Recording
from segmend.core.roles import purpose
from segmend.errors import InputError

CHUNK = 1 << 20
"""Samples looked at together."""


def refuse(dataset: Dataset, *, non_finite: bool = True) -> None:
    """Refuse a data set with problems that would falsify a number.

    Recordings without annotation are no reason: training leaves them out.

    Args:
        dataset: as loaded.
        non_finite: also look through the signals for NaN and infinite samples.

    Raises:
        InputError: the first problem, with file and line, and how many more there are; or a recording in two parts of
            the split.
    """
    grave = [problem for problem in dataset.problems if problem.kind != "not-annotated"]
    if grave:
        more = f" ({len(grave) - 1} more; segmend audit lists them)" if len(grave) > 1 else ""
        raise InputError(f'{grave[0].where}: recording "{grave[0].recording}": {grave[0].message}{more}')
    refuse_two_parts(dataset.split, dataset.path or "data")
    if non_finite:
        for recording in dataset.recordings:
            _refuse_non_finite(recording, dataset.channels)


def refuse_two_parts(split: Mapping[str, Sequence[str]], where: Path | str) -> None:
    """Refuse a recording in two parts of a split: what is learnt from proves nothing. Folds and groups are no parts.

    Args:
        split: names of recordings by part.
        where: the file or folder that it stands in, for the message.

    Raises:
        InputError: naming the recording and both parts.
    """
    part: dict[str, str] = {}
    for role, names in split.items():
        for name in names if purpose(role) is not None else ():
            if part.setdefault(name, role) != role:
                raise InputError(
                    f'{where}: split: expected each recording in one part. Received "{name}" in {part[name]} and {role}'
                )


def _refuse_non_finite(recording: Recording, channels: tuple[str, ...]) -> None:
    if recording.signal.dtype.kind != "f":
        return
    rows = max(1, CHUNK // max(1, math.prod(recording.signal.shape[1:])))
    for first in range(0, len(recording.signal), rows):
        values = np.asarray(recording.signal[first : first + rows])
        fits = np.abs(values) <= np.finfo(np.float32).max  # not NaN either
        if not fits.all():
            row, *columns, channel = np.argwhere(~fits)[0].tolist()
            value = values[(row, *columns, channel)]
            kind = "samples that float32 can hold" if np.isfinite(value) else "finite samples"
            place = f"row {first + row}, column {columns[0]}" if columns else f"step {first + row}"
            raise InputError(
                f"{recording.source or recording.name}: expected {kind}. Received {value} "
                f'at {place}, channel "{channels[channel]}"'
            )
