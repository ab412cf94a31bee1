"""The levels of scores in lines, in the words of the task."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from segmend.artifacts.scores import Scores
from segmend.core.task import Task
from segmend.scoring.presets import PRESETS

Read = tuple[str, float | None]
"""A reading by the name that people know it by."""


def task_of(conventions: Mapping[str, Any]) -> Task:
    """The task that was scored."""
    return Task(**conventions["task"])


def levels(scores: Scores, digits: int) -> list[tuple[str, str]]:
    """What each level says, in one line.

    Args:
        scores: what to tell.
        digits: after the point.
    """
    task, preset = task_of(scores.conventions), scores.conventions["preset"]
    lines = [(task.unit[:-1], _line(_of_steps(scores, task), digits))]
    if scores.segment is not None:
        segment = scores.segment
        lines.append((task.item[:-1], _line(_of_segments(segment, task), digits)))
        if "panoptic" in segment and preset != "panoptic":
            lines.append(("panoptic", _line(_of_objects(segment["panoptic"]), digits)))
        errors = {name.replace("steps", task.unit): value for name, value in segment["errors"].items()}
        lines.append(("errors", _line(list(errors.items()), digits)))
    if told := own(scores, digits):
        lines.append((preset, told))
    return lines


def class_columns(scores: Scores) -> tuple[str, ...]:
    """Heads of the table of classes."""
    task = task_of(scores.conventions)
    if scores.segment is None:
        return ("precision", "recall", "F1", "AP")
    panoptic = ("PQ",) if "panoptic" in scores.segment else ()
    return (f"{task.unit[:-1]} F1", "IoU", "F1@50", *panoptic, "reference", "predicted", "matched", "ratio", "MAE")


def class_rows(scores: Scores, digits: int) -> Iterator[tuple[str, ...]]:
    """The name of each class, and its cells under ``class_columns``."""
    for name, step in scores.step["per_class"].items():
        if scores.segment is None or scores.count is None:
            read = [step[key] for key in ("precision", "recall", "f1")]
            yield name, *(number(value, digits) for value in (*read, step.get("average_precision")))
            continue
        segment, count = (level["per_class"].get(name, {}) for level in (scores.segment, scores.count))
        panoptic = scores.segment.get("panoptic")
        cells = [step["f1"], step["iou"], segment.get("f1@50")]
        cells += [] if panoptic is None else [panoptic["per_class"].get(name, {}).get("pq")]
        yield (
            name,
            *(number(value, digits) for value in cells),
            *(number(count.get(key), 0) for key in ("reference", "predicted", "matched")),
            number(count.get("ratio"), 2),
            number(count.get("mae"), 1),
        )


def own(scores: Scores, digits: int) -> str:
    """The readings that only this convention has, in one line."""
    paths = [path for path in PRESETS[scores.conventions["preset"]].own if len(path) > 2]
    return _line([(_called(path), reading(scores, path)) for path in paths], digits)


def reading(scores: Scores, path: tuple[str, ...]) -> float | None:
    """The number at a path, None where there is none."""
    value = scores[path[0]]
    for key in path[1:]:
        value = None if value is None else value.get(key)
    return value


def number(value: float | None, digits: int) -> str:
    """A number with its digits, or a dash where it is undefined.

    >>> number(0.51234, 3), number(float("nan"), 3), number(None, 3), number(7, 3)
    ('0.512', '-', '-', '7')
    """
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "-"
    return str(value) if isinstance(value, int) else f"{value:.{digits}f}"


def said(name: str) -> str:
    """A key of the scores in words.

    >>> said("macro_f1@50"), said("mae")
    ('macro F1@50', 'MAE')
    """
    return "MAE" if name == "mae" else name.replace("_", " ").replace("f1", "F1")


def _of_steps(scores: Scores, task: Task) -> list[Read]:
    names = ["hamming_accuracy", "subset_accuracy"] if task.labels == "multilabel" else ["accuracy"]
    whole = task.kind == "classification"
    names += ["balanced_accuracy"] * (whole and task.labels != "multilabel") + ["macro_f1"]
    found: list[Read] = [(said(name), scores.step[name]) for name in names]
    return found + [("macro AP", scores.step["macro"].get("average_precision"))] * whole


def _of_segments(segment: Mapping[str, Any], task: Task) -> list[Read]:
    found: list[Read] = [(said(key), segment[key]) for key in ("f1@10", "f1@25", "f1@50") if key in segment]
    found.append((said("macro_f1@50"), segment["macro_f1@50"]))
    ordered = task.rank == 1 and task.labels != "multilabel"  # what lies beside or upon each other has no order
    return found + [("edit", segment["edit"])] * ordered


def _of_objects(panoptic: Mapping[str, Any]) -> list[Read]:
    names = {"pq": "quality", "sq": "of segmentation", "rq": "of recognition"}
    return [(told, panoptic[key]) for key, told in names.items()]


def _line(found: list[Read], digits: int) -> str:
    return "   ".join(f"{name.replace('_', ' ')} {number(value, digits)}" for name, value in found)


def _called(path: tuple[str, ...]) -> str:
    return said(path[-1] if len(path) < 4 else f"{path[-2]} {path[-1]}")
