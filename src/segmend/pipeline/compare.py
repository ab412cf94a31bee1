"""The verb ``compare``, on arrays: is one prediction better than another, or is it chance?"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from segmend.artifacts.prediction import Prediction
from segmend.errors import InputError
from segmend.pipeline.inputs.arrays import read_arrays
from segmend.pipeline.results.comparison import Comparison


def compare(
    y_true: Any,
    y_pred_a: Any = None,
    y_pred_b: Any = None,
    y_prob_a: Any = None,
    y_prob_b: Any = None,
    mask: Any = None,
    labels: Sequence[str] | None = None,
    background: int | None = 0,
    preset: str = "segmend",
    groups: Sequence[Any] | None = None,
    seed: int = 0,
    draws: int = 1000,
    level: float = 0.95,
    edit: bool = True,
    beta: float = 1.0,
    cost: Any = None,
    task: str | None = None,
    sampling_rate_hz: float | None = None,
) -> Comparison:
    """Every score of two predictions of the same recordings, their difference, and how sure it is.

    Args:
        y_true: reference, as for ``score``.
        y_pred_a: class numbers of the first prediction; without them the argmax of ``y_prob_a``.
        y_pred_b: the same of the second; a difference is second minus first.
        y_prob_a: probabilities of the first prediction; they give ranking and calibration.
        y_prob_b: the same of the second.
        mask: False where a step is not judged.
        labels: class names, without the background's.
        background: class number that is no segment; None where every class is one.
        preset: "segmend", "lea" or "ms-tcn".
        groups: one value per recording, such as the subject; groups are resampled whole. None takes each recording as
            its own, fewer than 6 groups have recordings resampled within them.
        seed: of the draws.
        draws: number of resamples.
        level: share of the resamples that an interval holds.
        edit: compute the edit score, the one part that is not linear.
        beta: how much more recall weighs than precision in ``f_beta``.
        cost: what it costs to predict the column's class where the row's is true, shape (classes, classes).
        task: forces the meaning of the arrays, as for ``score``.
        sampling_rate_hz: steps per second.

    Returns:
        A comparison to print; ``comparison["segment"]["f1@50"]["interval"]`` is one of its intervals.

    Raises:
        InputError: arrays, labels or the preset are not what was expected; the message names them.

    Examples:
        >>> truth = [[0, 1, 1, 1, 0, 1, 1]] * 6
        >>> found = compare(truth, [[0, 1, 0, 1, 0, 1, 1]] * 6, truth)
        >>> found["count"]["mae"]
        {'first': 1.0, 'second': 0.0, 'difference': -1.0, 'interval': [-1.0, -1.0], 'excludes_zero': True}
    """
    if y_true is None:
        raise InputError("y_true: expected labels to score against. Received None")

    def read(name: str, y_pred: Any, y_prob: Any) -> Prediction:
        if y_pred is None and y_prob is None:
            raise InputError(f"y_pred_{name}, y_prob_{name}: expected one of them. Received neither")
        prediction = read_arrays(
            y_true=y_true,
            y_pred=y_pred,
            y_prob=y_prob,
            mask=mask,
            labels=labels,
            background=background,
            groups=groups,
            task=task,
        )
        return dataclasses.replace(prediction, sampling_rate_hz=sampling_rate_hz)

    first, second = same_labels(read("a", y_pred_a, y_prob_a), read("b", y_pred_b, y_prob_b))
    return compared(
        first,
        second,
        {"preset": preset, "edit": edit, "beta": beta, "cost": cost},
        {"seed": seed, "draws": draws, "level": level},
    )


def compared(first: Prediction, second: Prediction, scoring: dict[str, Any], resampling: dict[str, Any]) -> Comparison:
    """The comparison of two predictions of the same recordings.

    Args:
        first: one prediction.
        second: the other.
        scoring: arguments of ``scoring.score``.
        resampling: level, draws and seed.
    """
    from segmend.scoring.scored import scored
    from segmend.scoring.uncertainty import compare as compare_scored

    before, after = (scored(prediction, **scoring) for prediction in (first, second))
    return Comparison(compare_scored(before, after, first.groups, **resampling))


def same_labels(first: Prediction, second: Prediction) -> tuple[Prediction, Prediction]:
    """Both with the classes of the one that has more of them, for numbers alone do not tell how many there are."""
    sides = sorted((first, second), key=lambda side: len(side.labels))
    fewer, more = (len(side.labels) for side in sides)
    if fewer < more and sides[0].y_prob is not None:
        raise InputError(f"y_prob: expected as many classes in both predictions. Received {fewer} and {more}")
    labels = sides[1].labels
    return dataclasses.replace(first, labels=labels), dataclasses.replace(second, labels=labels)
