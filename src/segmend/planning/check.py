"""What the values of a plan owe each other."""

from __future__ import annotations

import math

from segmend.core.task import Task
from segmend.errors import InputError
from segmend.planning.architectures import fitting
from segmend.planning.served import check_served
from segmend.planning.values import Values, as_stages


def total_stride(stages: list[dict[str, int]]) -> int:
    """The grid on which every stage works: window, tile and hop are multiples of it.

    Examples:
        >>> total_stride([{"kernel": 5, "stride": 2}, {"kernel": 5, "stride": 2}, {"kernel": 3, "up": 4}])
        4
    """
    return math.prod(stage.get("stride", 1) for stage in stages)


def check(values: Values, task: Task) -> None:
    """Refuse values that do not fit together.

    Args:
        values: of a plan.
        task: what the labels answer.

    Raises:
        InputError: names the two values that disagree, or one that does not serve the task.
    """
    window, stages = values.window, as_stages(values.model.stages)
    architecture = fitting(values.model.architecture, task)
    for key, needed in (("stages", stages), ("depth", values.model.depth)):
        if key in architecture.takes and not needed:
            raise InputError(
                f"plan: model.{key}: expected one or more for {values.model.architecture}. Received {needed}"
            )
    if values.model.drop_path and "drop_path" not in architecture.takes:
        raise InputError(
            f"plan: model.drop_path: expected 0 for {values.model.architecture}, which has no shortcuts past its "
            f"layers. Received {values.model.drop_path:g}"
        )
    stride = total_stride(stages)
    _check_rate(values, stages, task)
    for name, steps in (("length", window.length), ("tile", window.tile), ("hop", window.hop)):
        if steps % stride:
            raise InputError(
                f"plan: window.{name}: expected a multiple of {stride}, the stride of model.stages. Received {steps}"
            )
    if window.hop > window.tile or (window.tile - window.hop) // 2 % stride:
        raise InputError(
            f"plan: window.hop: expected at most window.tile ({window.tile}), with half the difference a multiple of "
            f"{stride}. Received {window.hop}"
        )
    if window.fit == "resize" and (task.kind != "classification" or task.rank == 1):
        raise InputError(
            f'plan: window.fit: expected "crop": only whole images with labels of their own are resized, not '
            f'{task.name} of {"images" if task.rank > 1 else "signals"}. Received "resize"'
        )
    if len(values.loss.class_weights) != task.classes:
        raise InputError(
            f"plan: loss.class_weights: expected {task.classes} weights, one per class. "
            f"Received {len(values.loss.class_weights)}"
        )
    check_served(values, task)


def _check_rate(values: Values, stages: list[dict[str, int]], task: Task) -> None:
    """The stages go down by the stride, and back."""
    stride, up = total_stride(stages), math.prod(stage["up"] for stage in stages)
    if stride != up:
        raise InputError(f"plan: model.stages: expected as much up as stride. Received stride {stride}, up {up}")
    dense = task.kind == "segmentation" and task.rank == 1
    if values.model.stride != (stride if dense else 1):
        whence = f"{stride}, the stride of model.stages" if dense else f"1 for {task.name} of {task.holders}"
        raise InputError(f"plan: model.stride: expected {whence}. Received {values.model.stride}")
