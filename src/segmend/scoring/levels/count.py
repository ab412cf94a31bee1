"""Count level: are there as many as there should be?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from segmend.core.types import BoolArray, FloatArray, IntArray
from segmend.scoring.measures import mean_defined
from segmend.scoring.tallies import Tally


def count_level(tally: Tally, names: Sequence[str]) -> dict[str, Any]:
    """Totals without the background, and how far each recording's total is off.

    ``mae_per_class`` is the mean over classes that are there or predicted; ``matched`` is the number of true positives
    at IoU >= 0.5, so that the right number in the wrong places shows. ``obo``, off-by-one accuracy, is the share of
    recordings whose total is at most one off, and ``mae_of_mean`` the MAE of always answering the mean reference total
    of these recordings: a count that is not better says nothing of its recording.

    Source:
        ``obo``: Dwibedi et al. 2020, "Counting out time: class agnostic video repetition counting in the wild".

    Args:
        tally: counts of the prediction.
        names: name of each recording.
    """
    reference, predicted = tally.reference.sum(axis=1), tally.predicted.sum(axis=1)
    present = (tally.reference + tally.predicted).sum(axis=0) > 0
    off = np.abs(tally.predicted - tally.reference)
    per_class = np.where(present, _mean(off), np.nan)
    return {
        **_totals(reference, predicted),
        "rmse": float(np.sqrt(_mean(np.square(predicted - reference)))),
        "obo": float(_mean(np.abs(predicted - reference) <= 1)),
        "mae_of_mean": float(_mean(np.abs(reference - _mean(reference)))),
        "matched": int(tally.matched.sum()),
        "mae_per_class": float(mean_defined(per_class)),
        "per_class": {
            tally.labels.names[k]: {
                **_totals(tally.reference[:, k], tally.predicted[:, k]),
                "matched": int(tally.matched[:, k].sum()),
            }
            for k in tally.labels.foreground
        },
        "per_recording": {
            name: {"reference": int(there), "predicted": int(said)}
            for name, there, said in zip(names, reference, predicted, strict=True)
        },
    }


def _totals(reference: IntArray, predicted: IntArray) -> dict[str, Any]:
    there, said = int(reference.sum()), int(predicted.sum())
    return {
        "reference": there,
        "predicted": said,
        "bias": float(_mean(predicted - reference)),
        "mae": float(_mean(np.abs(predicted - reference))),
        "ratio": said / there if there else float("nan"),
    }


def _mean(values: FloatArray | IntArray | BoolArray) -> FloatArray:
    """Mean over recordings; NaN where there are none."""
    return values.mean(axis=0) if len(values) else np.full(values.shape[1:], np.nan)
