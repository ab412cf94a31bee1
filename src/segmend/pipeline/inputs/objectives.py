"""What is maximised, where the user does not say, and what cannot be."""

from __future__ import annotations

from segmend.core.task import Task
from segmend.errors import InputError
from segmend.scoring.objective import Objective, parse, summands

OF_WHOLES = ("balanced_accuracy", "macro_f1", "step_accuracy")


def objective_of(text: str | None, task: Task) -> Objective:
    """The objective that a text names, or the usual one of a task.

    Args:
        text: such as "segment_f1@50 - 0.02*count_mae"; None is segment F1 at an IoU of 0.5 where segments or objects
            are to be found, and the macro F1 where whole recordings have a label.
        task: what the labels answer.

    Raises:
        InputError: the text is no objective, or not one of this task.

    Examples:
        >>> objective_of(None, Task.named("classification", 2)).text
        'macro_f1'
    """
    if task.kind == "segmentation":
        wanted = parse("segment_f1@50" if text is None else text)
        if task.rank == 1 and "panoptic_quality" in [name for _, name, _ in summands(wanted.text)]:
            raise InputError(f'objective: expected measures of signals. Received "{text}", which is of images')
        return wanted
    wanted = parse("macro_f1" if text is None else text)
    for _, name, at in summands(wanted.text):
        if name not in OF_WHOLES or at is not None:
            raise InputError(
                f"objective: expected measures of {task.holders} with one answer each ({', '.join(OF_WHOLES)}). "
                f'Received "{text}"'
            )
    return wanted
