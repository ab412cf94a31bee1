"""The verb ``score``, on arrays and on files."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from segmend.artifacts.prediction import Prediction
from segmend.artifacts.scores import Scores
from segmend.core.roles import purpose
from segmend.errors import InputError
from segmend.pipeline.inputs.arrays import read_arrays

if TYPE_CHECKING:
    from segmend.pipeline.inputs.pairing import Pair


def score(
    y_true: Any,
    y_pred: Any = None,
    y_prob: Any = None,
    mask: Any = None,
    labels: Sequence[str] | None = None,
    background: int | None = 0,
    preset: str = "segmend",
    sampling_rate_hz: float | None = None,
    groups: Sequence[Any] | None = None,
    edit: bool = True,
    beta: float = 1.0,
    cost: Any = None,
    task: str | None = None,
    instances_true: Any = None,
    instances_pred: Any = None,
    connectivity: int = 1,
) -> Scores:
    """Score predictions at the step, segment and count level.

    Args:
        y_true: reference: class numbers ``(recordings, steps)``, ``(recordings, height, width)`` or, with one label per
            recording, ``(recordings,)``; the same with a last axis of 0 or 1 for each class; a list with one array per
            recording; or a list of ``Segments``, which keep touching items of one class apart. -1 is not judged and
            cuts the recording.
        y_pred: predictions in one of these forms; without them the most probable class of ``y_prob``, or, where labels
            may overlap, every class above one half.
        y_prob: probabilities ``(recordings, *spatial, classes)`` or a list; gives ranking and calibration too.
        mask: False where a step is not judged, shaped like the class numbers.
        labels: class names, without the background's.
        background: class number that is no segment; None where every class is one. Where labels may overlap there is
            none.
        preset: "segmend" (fractions), or "lea" and "ms-tcn" (per cent, as published tables are).
        sampling_rate_hz: steps per second.
        groups: one value per recording.
        edit: compute the edit score, the one part that is not linear.
        beta: how much more recall weighs than precision in ``f_beta``.
        cost: what it costs to predict the column's class where the row's is true, shape (classes, classes); gives
            ``expected_cost``.
        task: "segmentation", "multilabel-segmentation", "classification" or "multilabel-classification", where the
            arrays could be read in another way; ``conventions["task"]`` says how they were read.
        instances_true: for images, instance number of each pixel, 0 for none, instead of connected components.
        instances_pred: the same for the prediction.
        connectivity: for images, 1 joins pixels that share a side into one object, 2 also those that share a corner.

    Returns:
        Scores; ``scores["segment"]["f1@50"]``, NaN where undefined.

    Raises:
        InputError: arrays, labels or the preset are not what was expected; the message names them.

    Examples:
        >>> scores = score([[0, 1, 1, 1, 0, 1, 1]], [[0, 1, 0, 1, 0, 1, 1]])
        >>> scores["count"]["reference"], scores["count"]["predicted"], scores["count"]["ratio"]
        (2, 3, 1.5)
    """
    if y_true is None:
        raise InputError("y_true: expected labels to score against. Received None")
    if sampling_rate_hz is not None and not sampling_rate_hz > 0:
        raise InputError(f"sampling_rate_hz: expected a positive number. Received {sampling_rate_hz}")
    from segmend.scoring.scores import score as score_prediction

    prediction = read_arrays(
        y_true=y_true,
        y_pred=y_pred,
        y_prob=y_prob,
        mask=mask,
        labels=labels,
        background=background,
        groups=groups,
        task=task,
        instances=(instances_true, instances_pred),
    )
    prediction = dataclasses.replace(prediction, sampling_rate_hz=sampling_rate_hz)
    return score_prediction(prediction, preset=preset, edit=edit, beta=beta, cost=cost, connectivity=connectivity)


def score_files(
    first: Path,
    prediction: Path | None = None,
    *,
    annotations: Path | str | None = None,
    labels: Sequence[str] | None = None,
    background: int | str | None = "auto",
    split: str | None = None,
    preset: str = "segmend",
    edit: bool = True,
) -> tuple[Scores, tuple[str, ...]]:
    """Score predictions on disk.

    Args:
        first: a PREDICTIONS folder (or a RUN), or the reference of ``prediction``: see ``pipeline.pairing.pair``.
        prediction: where the predictions are, if ``first`` is the reference.
        annotations: a file to use instead of the reference's ``annotations.csv``.
        labels: class names instead of those in the files.
        background: class number that is no segment, None, or "auto".
        split: score only the recordings of this role or fold.
        preset: as for ``score``.
        edit: as for ``score``.

    Returns:
        The scores, and what was left out.

    Raises:
        InputError: a file is missing or damaged, or would falsify a number.
    """
    from segmend.pipeline.inputs.selection import names_of_role, part_of
    from segmend.scoring.presets import preset_named
    from segmend.scoring.scores import score as score_prediction

    preset_named(preset)
    both = _read(first, prediction, annotations, labels, background)
    whole, notes = both.prediction, both.notes
    if split is not None:
        whole = part_of(whole, names_of_role(whole, split))
    elif len(roles := _roles(whole)) > 1:
        notes = (*notes, f"all together: {', '.join(roles)} (--split {roles[-1]} scores one of them)")
    return score_prediction(whole, preset=preset, edit=edit), notes


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
    from segmend.loading import load_predictions
    from segmend.pipeline.inputs.pairing import Pair, pair

    if prediction is not None:
        return pair(first, prediction, annotations=annotations, labels=labels, background=background)
    if annotations is not None:
        raise InputError("annotations: expected a DATA folder and a PREDICTION. Received one folder")
    found = load_predictions(first, labels=labels, background=background)
    if found.y_true is None:
        raise InputError(f"{first}: expected labels/NAME.npy to score against. Received no labels folder")
    return Pair(found, ())
