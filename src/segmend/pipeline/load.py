"""Load a folder of recordings."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from segmend.core.dataset import Dataset


def load(
    path: Path | str,
    *,
    annotations: Path | str | None = None,
    labels: Sequence[str] | None = None,
    background: int | str | None = "auto",
) -> Dataset:
    """Read a DATA folder; signals and images stay on disk and are read when a slice of them is.

    Args:
        path: ``signals/`` with ``annotations.csv`` or ``annotations/`` and optional dataset.json, or ``X.npy`` with
            ``y.npy``; ``images/`` with ``masks/``, ``annotations.json`` (COCO) or, in classification,
            ``annotations.csv``; or images in SPLIT/LABEL/ or LABEL/. ``segmend formats`` lists the files that are read.
        annotations: a file, or a folder of files, of any annotation format to use instead; of images a file.
        labels: class names instead of those in dataset.json.
        background: class number that is no segment, None, or "auto" (None where segments cover every step, else 0).

    Raises:
        InputError: something cannot be read; the message names the file and, in text, the line.
        NotYetError: the folder holds a task that this version cannot serve.

    Examples:
        >>> data = load("ludb/")  # doctest: +SKIP
        >>> len(data), data.labels.names  # doctest: +SKIP
        (197, ('background', 'P', 'QRS', 'T'))
    """
    from segmend.loading import load_dataset

    return load_dataset(path, annotations=annotations, labels=labels, background=background)
