"""The verb ``compare`` on files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from segmend.artifacts.prediction import Prediction
from segmend.errors import InputError
from segmend.pipeline.compare import compared, same_labels
from segmend.pipeline.inputs.pairing import pair
from segmend.pipeline.inputs.selection import names_of_role, part_of
from segmend.pipeline.results.comparison import Comparison
from segmend.scoring.presets import preset_named


def compare_files(
    reference: Path,
    first: Path,
    second: Path,
    *,
    annotations: Path | str | None = None,
    labels: Sequence[str] | None = None,
    background: int | str | None = "auto",
    split: str | None = None,
    preset: str = "segmend",
    edit: bool = True,
    seed: int = 0,
    draws: int = 1000,
    level: float = 0.95,
) -> tuple[Comparison, tuple[str, ...]]:
    """Compare two predictions on disk, on the recordings that both have; groups are those of the reference.

    Args:
        reference: what is true: see ``pipeline.inputs.pairing.pair``.
        first: where the one prediction is.
        second: where the other is.
        annotations: a file to use instead of the reference's ``annotations.csv``.
        labels: class names instead of those in the files.
        background: class number that is no segment, None, or "auto".
        split: compare only on the recordings of this role or fold.
        preset: as for ``score``.
        edit: as for ``score``.
        seed: as for ``compare``.
        draws: as for ``compare``.
        level: as for ``compare``.

    Returns:
        The comparison, and what was left out.

    Raises:
        InputError: a file is missing or damaged, or would falsify a number.
    """
    preset_named(preset)
    paths = (first, second)
    one, other = (
        pair(reference, path, annotations=annotations, labels=labels, background=background) for path in paths
    )
    names, missing = _in_both(one.prediction, other.prediction, second)
    if split is not None:
        chosen = set(names_of_role(one.prediction, split))
        names = [name for name in names if name in chosen]
    notes = [f"{path}: {note}" for path, each in zip(paths, (one, other), strict=True) for note in each.notes]
    before, after = same_labels(part_of(one.prediction, names), part_of(other.prediction, names))
    _check_same_steps(before, after)
    scoring = {"preset": preset, "edit": edit}
    resampling = {"seed": seed, "draws": draws, "level": level}
    return compared(before, after, scoring, resampling), (*notes, *missing)


def _in_both(one: Prediction, other: Prediction, second: Path) -> tuple[list[str], list[str]]:
    """Names of the recordings in both predictions, and a note of how many are not."""
    said = set(other.names)
    names = [name for name in one.names if name in said]
    if not names:
        raise InputError(f"{second}: expected recordings such as {list(one.names)[:3]}. Received none of them")
    most = len(said | set(one.names))
    if most == len(names):
        return names, []
    return names, [f"{len(names)} of {most} recordings are in both predictions; the others are left out"]


def _check_same_steps(first: Prediction, second: Prediction) -> None:
    """Rows alone tell the length of a recording by the last end, which a prediction may move."""
    for name, one, other in zip(first.names, first.y_true or (), second.y_true or (), strict=True):
        if not np.array_equal(one, other):
            raise InputError(
                f"{name}: expected the same steps beside both predictions. Received {len(one)} and {len(other)} "
                "steps (a DATA folder tells how long recordings are)"
            )
