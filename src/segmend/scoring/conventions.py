"""One prediction under every convention, because conventions move numbers more than most methods do."""

from __future__ import annotations

from typing import Any

from segmend.artifacts.prediction import Prediction
from segmend.artifacts.scores import Scores
from segmend.scoring.fitness import unfit
from segmend.scoring.presets import PRESETS
from segmend.scoring.scores import score
from segmend.scoring.steps.soft import soft_scores


def under_every_convention(prediction: Prediction, **options: Any) -> dict[str, Scores | str]:
    """The scores by name of the preset, or, where a preset does not fit the prediction, why not.

    Args:
        prediction: with ``y_true``.
        options: as for ``score``, but for ``preset``.

    Raises:
        InputError: as for ``score``.

    Examples:
        >>> import numpy as np
        >>> from segmend.core.labels import Labels
        >>> truth, said = np.array([0, 1, 1, 0]), np.array([1, 0, 1, 0])
        >>> prediction = Prediction(names=("a",), labels=Labels.numbered(2), y_true=(truth,), y_pred=(said,))
        >>> for name, found in under_every_convention(prediction).items():
        ...     print(name, found if isinstance(found, str) else found["segment"]["f1@50"])
        segmend 0.666...
        ms-tcn 66.6...
        lea 66.6...
        sed-eval left out: a collar needs a sampling rate, or a tolerance in steps
        psds left out: it needs a score of each class at each step
        panoptic it is a convention of images. Received signals
    """
    found: dict[str, Scores | str] = {}
    soft = soft_scores(prediction)
    tolerance = options.get("tolerance")
    for name, preset in PRESETS.items():
        reason = unfit(preset, prediction, tolerance)
        found[name] = score(prediction, preset=name, soft=soft, **options) if reason is None else reason
    return found
