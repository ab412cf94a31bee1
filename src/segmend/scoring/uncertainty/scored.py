"""What a scoring run knows, so that its scores can be read again of any of its recordings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from segmend.artifacts.prediction import Prediction
from segmend.core.segments import Segments
from segmend.core.types import FloatArray, IntArray
from segmend.errors import InputError
from segmend.scoring.edit import MOST_CELLS, cells, edit_scores
from segmend.scoring.levels.count import count_level
from segmend.scoring.levels.segment import segment_level
from segmend.scoring.levels.step import step_level
from segmend.scoring.meetings import meet
from segmend.scoring.presets import Preset, preset_named
from segmend.scoring.scores import MATCHINGS
from segmend.scoring.steps import StepTally
from segmend.scoring.steps.probabilities import Judged, judged_steps
from segmend.scoring.tallies import IOU_THRESHOLDS, Tally, tally_of


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Scored:
    """Counts and what else scores are read from, per recording.

    Attributes:
        names: name of each recording.
        step: counts of steps.
        tally: counts of steps and segments, with errors; None where there are no segments (classification).
        edit: edit score of each recording, shape (recordings,), or None where it was left out.
        judged: judged steps with their probabilities, recordings one after the other; None where only labels are known.
        preset: the convention.
        beta: how much more recall weighs than precision in ``f_beta``.
        cost: cost of each pair of true (row) and predicted class, or None.
    """

    names: tuple[str, ...]
    step: StepTally
    tally: Tally | None
    edit: FloatArray | None
    judged: Judged | None
    preset: Preset
    beta: float = 1.0
    cost: Any = None

    def __len__(self) -> int:
        return len(self.names)

    @property
    def owner(self) -> IntArray:
        """Number of the recording of each judged step."""
        return np.repeat(np.arange(len(self)), self.step.judged)

    def levels(self, index: IntArray | None = None) -> dict[str, Any]:
        """The three levels as ``Scores`` has them.

        Args:
            index: numbers of recordings, which may repeat; None reads them all. Ranking and calibration, which need
                every step, are read of all recordings only, and NaN otherwise.
        """
        at = np.arange(len(self)) if index is None else index
        step = step_level(
            self.step.take(at), self.preset, self.judged if index is None else None, beta=self.beta, cost=self.cost
        )
        if self.tally is None:
            return {"step": step, "segment": None, "count": None}
        tally = self.tally.take(at)
        return {
            "step": step,
            "segment": segment_level(tally, self.preset, None if self.edit is None else self.edit[at]),
            "count": count_level(tally, [self.names[k] for k in at]),
        }


def scored(
    prediction: Prediction,
    *,
    predicted: Sequence[Segments] | None = None,
    preset: str = "segmend",
    edit: bool = True,
    beta: float = 1.0,
    cost: Any = None,
) -> Scored:
    """Count a prediction; arguments and errors as for ``scoring.score``."""
    convention = preset_named(preset)
    if prediction.y_true is None:
        raise InputError("y_true: expected labels to score against. Received None")
    met = meet(
        prediction.y_true,
        prediction.y_pred,
        prediction.labels,
        reference=prediction.reference,
        prediction=predicted,
    )
    tally = tally_of(met, met.kinds(), IOU_THRESHOLDS, match=MATCHINGS[convention.matching])
    return Scored(
        names=prediction.names,
        step=tally.step,
        tally=tally,
        edit=edit_scores(met) if edit and cells(met) <= MOST_CELLS else None,
        judged=judged_steps(prediction.y_true, prediction.y_prob) if prediction.y_prob else None,
        preset=convention,
        beta=beta,
        cost=cost,
    )
