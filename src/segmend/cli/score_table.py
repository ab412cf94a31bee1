"""Scores for people: the counts in one sentence, then the levels and each class."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.text import Text

from segmend.artifacts.scores import Scores
from segmend.cli.score_lines import class_columns, class_rows, levels, number, said, task_of
from segmend.core.words import aligned

CONVENTIONS = ("preset", "unit", "matching", "pooling", "background")


def count_sentence(count: Mapping[str, Any]) -> str:
    """The counts in one sentence.

    Examples:
        >>> count_sentence({"reference": 812, "predicted": 3329, "ratio": 4.1, "matched": 700})
        '3329 predicted for 812 reference: 4.1 times too many; 700 in the right place (IoU >= 0.5)'
        >>> count_sentence({"reference": 20, "predicted": 18, "ratio": 0.9, "matched": 18})
        '18 predicted for 20 reference: 10 % too few; 18 in the right place (IoU >= 0.5)'
    """
    verdict = _verdict(count["reference"], count["predicted"], count["ratio"])
    place = f"; {count['matched']} in the right place (IoU >= 0.5)" if count["reference"] else ""
    return f"{count['predicted']} predicted for {count['reference']} reference: {verdict}{place}"


def _verdict(reference: int, predicted: int, ratio: float) -> str:
    if predicted == reference:
        return "the number is right"
    if not reference:
        return "none is there"
    if ratio >= 1.5:
        return f"{ratio:.1f} times too many"
    share = f"{abs(ratio - 1):.0%}".replace("%", " %")
    return f"{'under 1 %' if share == '0 %' else share} too {'many' if ratio > 1 else 'few'}"


def print_scores(scores: Scores, *, by_recording: bool = False) -> None:
    """Print scores on stdout.

    Args:
        scores: what to print.
        by_recording: add one row for each recording.
    """
    console = Console(highlight=False)
    digits = 1 if scores.conventions["unit"] == "per cent" else 3
    each = task_of(scores.conventions).holders[:-1]
    if scores.count is not None:
        console.print(Text(count_sentence(scores.count), style="bold"), soft_wrap=True)
        bias, mae, mean = (scores.count[key] for key in ("bias", "mae", "mae_of_mean"))
        console.print(
            Text(
                f"per {each}: bias {bias:+.1f}, MAE {number(mae, 1)} (always answering the mean count: "
                f"{number(mean, 1)})"
            ),
            soft_wrap=True,
        )
    lines = levels(scores, digits)
    width = max(len(name) for name, _ in lines)
    console.print(Text("\n".join(f"{name.ljust(width)}  {told}" for name, told in lines)), soft_wrap=True)
    _print_table(console, _classes(scores, digits))
    if scores.intervals is not None:
        console.print(Text(_sure(scores, digits)), soft_wrap=True)
    if by_recording:
        _print_table(console, _recordings(scores, digits))
    told = [f"{key} {_told(scores.conventions[key])}" for key in CONVENTIONS if key in scores.conventions]
    if "edit" in scores.conventions:
        told.append(f"edit {scores.conventions['edit']}")
    console.print(Text("conventions: " + ", ".join(told), style="dim"), soft_wrap=True)


def _print_table(console: Console, table: str) -> None:
    head, _, rows = table.partition("\n")
    console.print(Text(head, style="bold"), soft_wrap=True)
    console.print(Text(rows), soft_wrap=True)


def _told(value: Any) -> str:
    return "none" if value is None else str(value)


def _sure(scores: Scores, digits: int) -> str:
    """The main scores with their intervals, in one sentence."""
    assert scores.intervals is not None
    task, told = task_of(scores.conventions), []
    words = {"step": task.unit[:-1], "segment": task.item[:-1], "count": "count"}
    for level, name, places in (("step", "macro_f1", digits), ("segment", "f1@50", digits), ("count", "mae", 1)):
        if getattr(scores.intervals, level) is not None:
            low, high = (number(end, places) for end in scores.intervals[level][name])
            told.append(f"{words[level]} {said(name)} {low} to {high}")
    share = f"{scores.intervals.level:.0%}".replace("%", " %")
    over = scores.intervals.unit.replace("recordings", task.holders)
    return f"{share} intervals over {over}: {', '.join(told)} (--json has all)"


def _classes(scores: Scores, digits: int) -> str:
    return aligned([("class", *class_columns(scores)), *class_rows(scores, digits)])


def _recordings(scores: Scores, digits: int) -> str:
    heads = [said(head.rpartition("_")[2]) for head in next(iter(scores.by_recording.values()), {})]
    rows = [(name, *(number(value, digits) for value in row.values())) for name, row in scores.by_recording.items()]
    return aligned([(task_of(scores.conventions).holders[:-1], *heads), *rows])
