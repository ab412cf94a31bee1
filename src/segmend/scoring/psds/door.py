"""The polyphonic sound detection score of step scores against references."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from segmend.core.labels import Labels
from segmend.core.segments import Segments
from segmend.core.types import BoolArray, FloatArray, IntArray
from segmend.errors import InputError
from segmend.scoring.psds.criteria import Criteria, criteria_named
from segmend.scoring.psds.curves import Curve, best_points, mean_curve
from segmend.scoring.psds.ground import Ground, ground


@dataclass(frozen=True, slots=True, eq=False)
class Psds:
    """A polyphonic sound detection score and what it was read from.

    Attributes:
        value: the score, from 0 to 1; NaN where there is no reference.
        per_class: the same of each class alone (area under its own curve); NaN for a class without reference.
        efpr, etpr: the curve over classes: effective false alarms per hour where it changes, and its height from
            there on, both of shape (points,).
        curves: the curve of each class that has references.
        criteria: the parameters.
    """

    value: float
    per_class: dict[str, float]
    efpr: FloatArray
    etpr: FloatArray
    curves: dict[str, Curve]
    criteria: Criteria


SCENARIOS = ("dcase-1", "dcase-2")


def missing(y_prob: Sequence[FloatArray] | None, sampling_rate_hz: float | None) -> str | None:
    """Why a prediction has no PSDS, None if it has one.

    >>> missing(None, 50.0)
    'left out: it needs a score of each class at each step'
    """
    if y_prob is None:
        return "left out: it needs a score of each class at each step"
    if sampling_rate_hz is None:
        return "left out: its false alarms are per hour, and the sampling rate is not known"
    return None


def psds(
    y_prob: Sequence[FloatArray],
    reference: Sequence[Segments],
    labels: Labels,
    sampling_rate_hz: float,
    *,
    judged: Sequence[BoolArray] | None = None,
    criteria: Criteria | str = "psds_eval",
) -> Psds:
    """Area under the curve of references found against false alarms per hour, over every threshold of every class.

    At a threshold the detections of a class are the maximal runs of steps that score at least as much. They are judged
    by how much they intersect references, so that borders need not be exact. The curve of a class takes the best
    point at or below each rate of effective false alarms (false alarms per hour, plus ``alpha_ct`` times the mean
    over the other classes of confusions per hour of their activity); the score is the area under the mean over
    classes less ``alpha_st`` standard deviations. Classes without reference have no curve and take no part.

    One long detection over many references finds them all, so the score cannot see merges: read counts beside it.

    Time is that of sorting the scores, and linear from there; with ``alpha_ct`` it grows with the square of the
    number of classes.

    Args:
        y_prob: score of each class at each step, one array of shape (steps, classes) per recording; only the order
            of a class's scores matters.
        reference: reference segments in steps, a table per recording. Overlapping rows of one class are united,
            touching ones stay apart, the background's are left out; rows are cut where steps are not judged.
        labels: class names and the background.
        sampling_rate_hz: steps per second.
        judged: False where a step is not judged, one array of shape (steps,) per recording; such steps cut a
            recording and count no time. All are judged by default.
        criteria: parameters, or the name of a published set: "psds_eval", "dcase-1" or "dcase-2".

    Raises:
        InputError: recordings, shapes or class numbers do not fit, a judged score is NaN, or the rate is not positive.

    Examples:
        Two events a minute apart in an hour at 1 Hz; the second is found together with one false alarm.

        >>> score = np.zeros((3600, 2))
        >>> score[10:20, 1], score[80:90, 1], score[900:905, 1] = 0.9, 0.4, 0.4
        >>> events = Segments.from_rows([(10, 20, 1), (80, 90, 1)])
        >>> found = psds([score], [events], Labels.of(["call"]), 1.0)
        >>> found.value, found.curves["call"].efpr, found.curves["call"].tpr
        (0.995, array([0., 1.]), array([0.5, 1. ]))

    Source: Bilen et al. (2020), "A framework for the robust evaluation of sound event detection"; all thresholds after
    Ebbers, Serizel and Haeb-Umbach (2022), "Threshold independent evaluation of sound event detection scores".
    """
    chosen = criteria_named(criteria) if isinstance(criteria, str) else criteria
    if not 0 < sampling_rate_hz < math.inf:
        raise InputError(f"sampling_rate_hz: expected a finite number above 0. Received {sampling_rate_hz}")
    rows, kept = _checked(y_prob, reference, labels, judged)
    true = ground(reference, kept, len(labels))
    classes = [number for number in labels.foreground if true.start[number].size]
    curves = _curves(rows, true, labels, classes, chosen, 3600.0 * sampling_rate_hz)
    per_class = dict.fromkeys(labels.foreground_names, math.nan)
    if not curves:
        return Psds(math.nan, per_class, np.zeros(0), np.zeros(0), {}, chosen)
    for name, curve in curves.items():
        per_class[name] = mean_curve([curve], 0.0, chosen.max_efpr)[2]
    efpr, etpr, value = mean_curve(list(curves.values()), chosen.alpha_st, chosen.max_efpr)
    return Psds(value, per_class, efpr, etpr, curves, chosen)


def _curves(
    y_prob: Sequence[FloatArray],
    true: Ground,
    labels: Labels,
    classes: Sequence[int],
    criteria: Criteria,
    steps_per_hour: float,
) -> dict[str, Curve]:
    """The curve of each of the classes, by name."""
    from segmend.scoring.psds.kernels import sweep

    tolerance = tuple(map(float, (criteria.dtc_threshold, criteria.gtc_threshold, criteria.cttc_threshold)))
    crossing = criteria.alpha_ct > 0 and len(classes) > 1
    activity = true.activity(classes if crossing else [])
    curves = {}
    for j, number in enumerate(classes):
        start, stop = true.start[number], true.stop[number]
        weight = _confusion_weights(activity, j, criteria.alpha_ct * steps_per_hour) if crossing else np.zeros(1)
        score = true.scores(y_prob, number)
        if np.isnan(score).any():
            raise InputError(f'y_prob: expected a score of class "{labels.names[number]}" at each step. Received NaN')
        order = np.ascontiguousarray(np.argsort(score)[::-1])
        ranked = score[order]
        last = np.append(ranked[1:] != ranked[:-1], True)
        own = activity if crossing else true.activity([number])
        rank, found, false, crossed = sweep(
            order, last, true.opens, own, j if crossing else 0, start, stop, weight, tolerance
        )
        efpr = false * (steps_per_hour / order.size) + crossed
        curves[labels.names[number]] = best_points(efpr, found / start.size, ranked[rank])
    return curves


def _confusion_weights(activity: IntArray, own: int, scale: float) -> FloatArray:
    """Effective false alarms per hour that one confusion with each class adds, shape (classes,)."""
    weight = scale / (activity.shape[1] - 1) / activity[-1]
    weight[own] = 0.0
    return weight


def _checked(
    y_prob: Sequence[FloatArray],
    reference: Sequence[Segments],
    labels: Labels,
    judged: Sequence[BoolArray] | None,
) -> tuple[list[FloatArray], list[BoolArray]]:
    """Scores and judged steps as arrays that fit each other and the tables."""
    rows = [np.asarray(row) for row in y_prob]
    for k, row in enumerate(rows):
        if row.ndim != 2 or row.shape[1] != len(labels) or row.dtype.kind not in "biuf":
            raise InputError(
                f"y_prob[{k}]: expected numbers of shape (steps, {len(labels)}). "
                f"Received shape {row.shape} of dtype {row.dtype}"
            )
    if len(reference) != len(rows):
        raise InputError(f"reference: expected {len(rows)} tables, one per recording. Received {len(reference)}")
    if judged is None:
        return rows, [np.ones(len(row), bool) for row in rows]
    kept = [np.ascontiguousarray(keep, bool) for keep in judged]
    if [keep.shape for keep in kept] != [row.shape[:1] for row in rows]:
        raise InputError(
            f"judged: expected shapes {[row.shape[:1] for row in rows][:3]} as of y_prob's steps. "
            f"Received {[keep.shape for keep in kept][:3]}"
        )
    return rows, kept
