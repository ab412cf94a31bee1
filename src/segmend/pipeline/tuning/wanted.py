"""What a search makes large, as a plan's validation metric has it."""

from __future__ import annotations

from segmend.core.task import Task
from segmend.errors import InputError
from segmend.scoring.objective import CLASS_SCORES, COST, parse, summands

ERRORS = ("count_mae", COST)

SCORES = {
    "segmentation": ("step_accuracy", "segment_f1@50", "count_mae"),
    "classification": ("accuracy", "macro_f1"),
}
"""What the Pareto front is drawn over, by the kind of task; names as the logs of training have them."""


def wanted_text(text: str, task: Task) -> str:
    """The objective as a sum of which larger is better.

    Args:
        text: such as "segment_f1@50 - 0.02*count_mae"; errors that stand alone are made small.
        task: what the labels answer.

    Raises:
        InputError: no sum of scores that a training is judged by in this task.

    Examples:
        >>> wanted_text("count_mae", Task.named("segmentation", 3))
        '-count_mae'
    """
    terms = summands(text)
    if task.kind == "classification":
        for _, name, at in terms:
            if name not in CLASS_SCORES or at is not None:
                raise InputError(f'objective: expected a sum of {", ".join(CLASS_SCORES)}. Received "{text}"')
        return text
    wanted = parse(text)
    for _, name, _ in terms:
        if name == COST or (name == "panoptic_quality" and task.rank == 1):
            raise InputError(f'objective: expected scores that a training is judged by. Received "{name}"')
    if wanted.downhill() is wanted:
        return text
    return " ".join(f"-{name}" if weight == 1 else f"- {weight:g}*{name}" for weight, name, _ in terms)


def gained(gain: float, text: str) -> str:
    """A gain in words: points where shares alone are added up.

    Examples:
        >>> gained(0.0184, "segment_f1@50"), gained(0.25, "-count_mae")
        ('+1.8 points', '+0.25')
    """
    errors = any(name in ERRORS for _, name, _ in summands(text))
    return f"{gain:+.3g}" if errors else f"{100 * gain:+.1f} points"
