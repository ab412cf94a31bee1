"""How long a network is judged, and what that says of the time after its training."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from segmend.core.dataset import Dataset
from segmend.pipeline.runs.predicting import probabilities
from segmend.pipeline.runs.validation import judge_of
from segmend.planning import Values
from segmend.training.timing import clocked

AFTERWARDS = 2.0
"""What follows training, in validations of the same recordings: they are predicted, and decoded and scored too."""


def judged_once(model: Any, values: Values, data: Dataset, roles: Sequence[str]) -> tuple[Any, float]:
    """What validates a network, and the seconds that its predictions will take once it is trained.

    The shortest recording is predicted first, which compiles; then one validation runs on the clock.

    Args:
        model: Keras model, trained or not.
        values: of its plan.
        data: as planned, with a split.
        roles: parts that are predicted after training, "val" among them.

    Returns:
        The callback, whose ``lasted`` is the seconds of one validation, and the seconds afterwards.
    """
    recordings = data.part("val")
    shortest = min(recordings, key=lambda recording: recording.steps)
    probabilities(model, values, data.task, [shortest.signal])
    judge = judge_of(model, values, data, recordings)
    judge.lasted = clocked(judge.measure)
    sizes = {role: sum(recording.steps for recording in data.part(role)) for role in roles}
    return judge, AFTERWARDS * judge.lasted * sum(sizes.values()) / max(1, sizes["val"])
