"""What is maximised, where the user does not say, and what cannot be."""

from __future__ import annotations

from segmend.core.task import Task
from segmend.core.types import Costs
from segmend.diagnosis.review import RULES
from segmend.errors import InputError
from segmend.scoring.objective import COST, Objective, parse, summands

OF_WHOLES = ("balanced_accuracy", "cost", "macro_f1", "step_accuracy")


def also_for(text: str | None) -> tuple[str, ...]:
    """Rules that are run whether they are in preview or not: those of review lists, and what an objective asks for.

    Examples:
        >>> set(also_for("cost")) - set(also_for(None))
        {'cost-suboptimal'}
    """
    return (*RULES, "cost-suboptimal") if text and COST in [name for _, name, _ in summands(text)] else RULES


def objective_of(text: str | None, task: Task, cost: Costs | None = None) -> Objective:
    """The objective that a text names, or the usual one of a task.

    Args:
        text: such as "segment_f1@50 - 0.02*count_mae"; None is segment F1 at an IoU of 0.5 where segments or objects
            are to be found, and the macro F1 where whole recordings have a label.
            Errors that stand alone are made small: "count_mae" is read as "-count_mae".
        task: what the labels answer.
        cost: what it costs to predict the column's class where the row's is true, where that is known.

    Raises:
        InputError: the text is no objective, or not one of this task, or names a cost that nobody gave.

    Examples:
        >>> objective_of(None, Task.named("classification", 2)).text
        'macro_f1'
    """
    usual = "segment_f1@50" if task.kind == "segmentation" else "macro_f1"
    wanted = parse(usual if text is None else text, cost).downhill()
    named = [name for _, name, _ in summands(wanted.text)]
    if COST in named and (cost is None or task.labels == "multilabel"):
        received = "none" if cost is None else "labels that may overlap"
        raise InputError(
            "objective: cost expects a table of what mistakes cost (cost=..., or costs in dataset.json) and one label "
            f"each. Received {received}"
        )
    if task.kind == "segmentation":
        if task.rank == 1 and "panoptic_quality" in named:
            raise InputError(f'objective: expected measures of signals. Received "{text}", which is of images')
        return wanted
    for _, name, at in summands(wanted.text):
        if name not in OF_WHOLES or at is not None:
            raise InputError(
                f"objective: expected measures of {task.holders} with one answer each ({', '.join(OF_WHOLES)}). "
                f'Received "{text}"'
            )
    return wanted
