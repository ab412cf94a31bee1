"""How long a network is judged, and what that says of the time after its training."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from segmend.core.dataset import Dataset
from segmend.pipeline.runs.predicting import probabilities
from segmend.pipeline.runs.reserve import Afterwards
from segmend.pipeline.runs.validation import judge_of
from segmend.planning import Values
from segmend.training.timing import clocked

READINGS = 1.5
"""What decoding, scores, diagnosis and page of recordings take, in validations of them, which predict and score."""

ANATOMIES = 10.0
"""What the diagnosis takes of a network, and all that is done once whatever the recordings, in compilations of it."""


def judged_once(model: Any, values: Values, data: Dataset, roles: Sequence[str]) -> tuple[Any, Afterwards]:
    """What validates a network, and what will come once it is trained.

    The shortest recording is predicted first, which compiles; then one validation runs. Both are on the clock.

    Args:
        model: Keras model, trained or not.
        values: of its plan.
        data: as planned, with a split.
        roles: parts that are predicted after training, "val" among them.

    Returns:
        The callback, whose ``lasted`` is the seconds of one validation, and the seconds of what comes after training.
    """
    recordings = data.part("val")
    shortest = min(recordings, key=lambda recording: recording.steps)
    compiled = clocked(lambda: probabilities(model, values, data.task, [shortest.signal]))
    judge = judge_of(model, values, data, recordings)
    judge.lasted = clocked(judge.measure)
    sizes = {role: sum(recording.steps for recording in data.part(role)) for role in roles}
    validations = judge.lasted * sum(sizes.values()) / max(1, sizes["val"])
    return judge, Afterwards(predicting=validations, reading=READINGS * validations + ANATOMIES * compiled)
