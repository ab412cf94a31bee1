"""The verb ``score``, on files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from segmend.artifacts.prediction import Prediction
from segmend.artifacts.scores import Scores
from segmend.core.roles import purpose
from segmend.errors import InputError
from segmend.loading import load_predictions
from segmend.pipeline.inputs.pairing import Pair, pair
from segmend.pipeline.inputs.selection import names_of_role, part_of
from segmend.scoring.conventions import under_every_convention
from segmend.scoring.presets import preset_named
from segmend.scoring.scores import score


def score_files(
    first: Path,
    prediction: Path | None = None,
    *,
    preset: str = "segmend",
    edit: bool = True,
    intervals: bool = False,
    tolerance: float | None = None,
    **files: Any,
) -> tuple[Scores, tuple[str, ...]]:
    """Score predictions on disk.

    Args:
        first: as for ``read_files``.
        prediction: as for ``read_files``.
        preset: as for ``score``.
        edit: as for ``score``.
        intervals: as for ``score``.
        tolerance: as for ``score``.
        files: further arguments of ``read_files``.

    Returns:
        The scores, and what was left out.

    Raises:
        InputError: a file is missing or damaged, or would falsify a number.
    """
    preset_named(preset)
    whole, notes = read_files(first, prediction, **files)
    return score(whole, preset=preset, edit=edit, intervals=intervals, tolerance=tolerance), notes


def compare_conventions_of_files(
    first: Path, prediction: Path | None = None, *, edit: bool = True, tolerance: float | None = None, **files: Any
) -> tuple[dict[str, Scores | str], tuple[str, ...]]:
    """Score predictions on disk under every convention; arguments and errors as for ``score_files``.

    Returns:
        Scores by name of the preset, or, where a preset does not fit, why not; and what was left out.
    """
    whole, notes = read_files(first, prediction, **files)
    return under_every_convention(whole, edit=edit, tolerance=tolerance), notes


def read_files(
    first: Path,
    prediction: Path | None = None,
    *,
    annotations: Path | str | None = None,
    labels: Sequence[str] | None = None,
    background: int | str | None = "auto",
    split: str | None = None,
) -> tuple[Prediction, tuple[str, ...]]:
    """Read predictions on disk that are to be scored.

    Args:
        first: a PREDICTIONS folder (or a RUN), or the reference of ``prediction``: see ``pipeline.pairing.pair``.
        prediction: where the predictions are, if ``first`` is the reference.
        annotations: a file to use instead of the reference's ``annotations.csv``.
        labels: class names instead of those in the files.
        background: class number that is no segment, None, or "auto".
        split: take only the recordings of this role or fold.

    Returns:
        The prediction, and what was left out.

    Raises:
        InputError: a file is missing or damaged, or would falsify a number.
    """
    both = _read(first, prediction, annotations, labels, background)
    whole, notes = both.prediction, both.notes
    if split is not None:
        whole = part_of(whole, names_of_role(whole, split))
    elif len(roles := _roles(whole)) > 1:
        notes = (*notes, f"all together: {', '.join(roles)} (--split {roles[-1]} scores one of them)")
    return whole, notes


def _roles(prediction: Prediction) -> list[str]:
    """Roles (no folds) whose recordings are here."""
    here = set(prediction.names)
    return [part for part, names in prediction.splits.items() if purpose(part) and here & set(names)]


def _read(
    first: Path,
    prediction: Path | None,
    annotations: Path | str | None,
    labels: Sequence[str] | None,
    background: int | str | None,
) -> Pair:
    if prediction is not None:
        return pair(first, prediction, annotations=annotations, labels=labels, background=background)
    if annotations is not None:
        raise InputError("annotations: expected a DATA folder and a PREDICTION. Received one folder")
    found = load_predictions(first, labels=labels, background=background)
    if found.y_true is None:
        raise InputError(f"{first}: expected labels/NAME.npy to score against. Received no labels folder")
    return Pair(found, ())
