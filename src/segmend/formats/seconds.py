"""What annotation formats in seconds share."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from segmend.core.types import FloatArray
from segmend.errors import InputError
from segmend.formats.base import Annotations


def rows_of_one(
    path: Path,
    start: FloatArray | Sequence[float],
    end: FloatArray | Sequence[float],
    label: Sequence[str],
    line: Sequence[int],
    counted: str = "line",
) -> Annotations:
    """The rows of a file that is named after its one recording.

    Args:
        path: the file; its name without the suffix is the recording's.
        start: seconds.
        end: seconds.
        label: class names; surrounding blanks are cut off.
        line: where each row stands.
        counted: what ``line`` counts.
    """
    return rows_of_many(path, [path.stem] * len(label), start, end, label, line, counted)


def rows_of_many(
    path: Path,
    recording: Sequence[str],
    start: FloatArray | Sequence[float],
    end: FloatArray | Sequence[float],
    label: Sequence[str],
    line: Sequence[int],
    counted: str = "line",
) -> Annotations:
    """The rows of a file that names the recording of each; arguments as for ``rows_of_one``."""
    return Annotations(
        recording=tuple(recording),
        start=np.asarray(start, np.float64),
        end=np.asarray(end, np.float64),
        label=tuple(map(str.strip, label)),
        line=np.array(line, np.int64),
        unit="seconds",
        source=path.name,
        counted=counted,
    )


def refuse_steps(path: Path, annotations: Annotations) -> None:
    """Refuse rows in steps where a format holds seconds.

    Raises:
        InputError: the rows are in steps.
    """
    if annotations.unit != "seconds":
        raise InputError(f"{path}: expected rows in seconds. Received steps")


def refuse_others(path: Path, annotations: Annotations) -> None:
    """Refuse rows of a recording that the file is not named after.

    Raises:
        InputError: naming the first such recording.
    """
    others = [name for name in annotations.recording if name != path.stem]
    if others:
        raise InputError(
            f'{path}: expected rows of the recording that names the file, "{path.stem}". Received "{others[0]}"'
        )


def recording_of(file: str) -> str:
    r"""The name of the recording in a sound file's path or address, either slash.

    Examples:
        >>> recording_of("C:\\sounds\\a.b.wav"), recording_of("/data/x.csv?d=1")
        ('a.b', 'x')
    """
    return Path(file.replace("\\", "/").partition("?")[0]).stem
