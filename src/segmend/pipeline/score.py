"""The verb ``score``, on arrays."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from segmend.artifacts.prediction import Prediction
from segmend.artifacts.scores import Scores
from segmend.errors import InputError
from segmend.pipeline.inputs.arrays import read_arrays
from segmend.scoring.tallies import IOU_THRESHOLDS


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
    intervals: bool = False,
    tolerance: float | None = None,
    offset_share: float = 0.5,
    iou_thresholds: Sequence[int] = IOU_THRESHOLDS,
) -> Scores:
    """Score predictions at the step, segment and count level.

    Args:
        y_true: reference: class numbers ``(recordings, steps)``, ``(recordings, height, width)`` or, with one label per
            recording, ``(recordings,)``; the same with a last axis of 0 or 1 for each class; a list with one array per
            recording; or a list of ``segmend.Segments``, which keep touching items of one class apart. -1 is not
            judged and cuts the recording.
        y_pred: predictions in one of these forms; without them the most probable class of ``y_prob``, or, where labels
            may overlap, every class from one half on.
        y_prob: probabilities ``(recordings, *spatial, classes)`` or a list; gives ranking and calibration too.
        mask: False where a step is not judged, shaped like the class numbers.
        labels: class names, without the background's.
        background: class number that is no segment; None where every class is one. Where labels may overlap there is
            none.
        preset: "segmend" (fractions), "lea" or "ms-tcn" (per cent, as published tables are), "sed-eval" (collars; needs
            ``sampling_rate_hz`` or ``tolerance``), "psds" (detection scores too; needs ``y_prob`` and
            ``sampling_rate_hz``) or "panoptic" (for images).
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
        tolerance: collar within which onsets and offsets agree: in seconds where ``sampling_rate_hz`` is given (0.2
            unless said otherwise), else in steps (no collar scores unless given).
        offset_share: offsets may also be this share of the reference's length apart.
        iou_thresholds: per cent of IoU at which segments match, for ``f1@k``; 50 is among them always.
        intervals: give each score its 95 % bootstrap interval over ``groups`` (or recordings), in ``scores.intervals``.

    Returns:
        Scores; ``scores["segment"]["f1@50"]``, NaN where undefined.

    Raises:
        InputError: arrays, labels or the preset are not what was expected; the message names them.

    Examples:
        >>> scores = score([[0, 1, 1, 1, 0, 1, 1]], [[0, 1, 0, 1, 0, 1, 1]])
        >>> scores["count"]["reference"], scores["count"]["predicted"], scores["count"]["ratio"]
        (2, 3, 1.5)
    """
    from segmend.scoring.scores import score as score_prediction

    prediction = _read_arrays(
        y_true,
        sampling_rate_hz,
        y_pred=y_pred,
        y_prob=y_prob,
        mask=mask,
        labels=labels,
        background=background,
        groups=groups,
        task=task,
        instances=(instances_true, instances_pred),
    )
    return score_prediction(
        prediction,
        preset=preset,
        edit=edit,
        beta=beta,
        cost=cost,
        connectivity=connectivity,
        intervals=intervals,
        tolerance=tolerance,
        offset_share=offset_share,
        iou_thresholds=iou_thresholds,
    )


def compare_conventions(
    y_true: Any,
    y_pred: Any = None,
    y_prob: Any = None,
    mask: Any = None,
    labels: Sequence[str] | None = None,
    background: int | None = 0,
    sampling_rate_hz: float | None = None,
    task: str | None = None,
    edit: bool = True,
) -> dict[str, Scores | str]:
    """Score one prediction under every convention.

    Args:
        y_true: as for ``score``, and so are all other arguments.
        y_pred: predictions.
        y_prob: probabilities.
        mask: False where a step is not judged.
        labels: class names.
        background: class number that is no segment.
        sampling_rate_hz: steps per second, which detection scores need.
        task: forces the meaning of the arrays.
        edit: compute the edit score.

    Returns:
        Scores by name of the preset, or, where a preset does not fit, why not.

    Raises:
        InputError: arrays or labels are not what was expected.

    Examples:
        >>> found = compare_conventions([[0, 1, 1, 1, 0, 1, 1]], [[0, 1, 0, 1, 0, 1, 1]])
        >>> round(found["segmend"]["segment"]["f1@50"], 3), round(found["ms-tcn"]["segment"]["f1@50"], 1)
        (0.4, 40.0)
    """
    from segmend.scoring.conventions import under_every_convention

    prediction = _read_arrays(
        y_true,
        sampling_rate_hz,
        y_pred=y_pred,
        y_prob=y_prob,
        mask=mask,
        labels=labels,
        background=background,
        task=task,
    )
    return under_every_convention(prediction, edit=edit)


def _read_arrays(y_true: Any, sampling_rate_hz: float | None, **arrays: Any) -> Prediction:
    if y_true is None:
        raise InputError("y_true: expected labels to score against. Received None")
    if sampling_rate_hz is not None and not sampling_rate_hz > 0:
        raise InputError(f"sampling_rate_hz: expected a positive number. Received {sampling_rate_hz}")
    return dataclasses.replace(read_arrays(y_true=y_true, **arrays), sampling_rate_hz=sampling_rate_hz)
