"""What probabilities are worth before anything is read off them."""

from __future__ import annotations

from dataclasses import dataclass

from segmend.artifacts.prediction import Prediction
from segmend.errors import InputError
from segmend.scoring.steps.calibration import Calibration, calibration
from segmend.scoring.steps.probabilities import Judged, judged_steps
from segmend.scoring.steps.ranked import Ranked, ranked


@dataclass(frozen=True, slots=True, eq=False)
class SoftScores:
    """Scores of probabilities, the same whatever labels are decoded from them.

    Attributes:
        steps: judged steps with their probabilities, recordings one after the other.
        ranked: ranking scores by name.
        calibration: whether probabilities mean what they say.
    """

    steps: Judged
    ranked: dict[str, Ranked]
    calibration: Calibration


def soft_scores(prediction: Prediction) -> SoftScores | None:
    """Scores of a prediction's probabilities, to be shared by every reading of them; None where none are known.

    Args:
        prediction: with ``y_true``; its ``y_pred`` is not looked at.

    Raises:
        InputError: there is no ``y_true``, or shapes differ.

    Examples:
        >>> import numpy as np
        >>> from segmend.core.labels import Labels
        >>> truth, y_prob = np.array([0, 1]), np.array([[0.9, 0.1], [0.2, 0.8]])
        >>> found = soft_scores(
        ...     Prediction(
        ...         names=("a",), labels=Labels.numbered(2), y_true=(truth,), y_pred=(truth,), y_prob=(y_prob,)
        ...     )
        ... )
        >>> found.ranked["auc"].macro, round(found.calibration.ece, 2)
        (1.0, 0.15)
    """
    if prediction.y_true is None:
        raise InputError("y_true: expected labels to score against. Received None")
    if not prediction.y_prob:
        return None
    steps = judged_steps(prediction.y_true, prediction.y_prob, multilabel=prediction.multilabel)
    return SoftScores(steps, ranked(steps), calibration(steps))
