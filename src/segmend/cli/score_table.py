"""Scores for people: the counts in one sentence, then the three levels and each class."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from segmend.artifacts.scores import Scores
from segmend.scoring.presets import PRESETS

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
    if scores.count is not None:
        console.print(Text(count_sentence(scores.count), style="bold"), soft_wrap=True)
        bias, mae, mean = (scores.count[key] for key in ("bias", "mae", "mae_of_mean"))
        console.print(
            Text(
                f"per recording: bias {bias:+.1f}, MAE {number(mae, 1)} (always answering the mean count: "
                f"{number(mean, 1)})"
            ),
            soft_wrap=True,
        )
    console.print(_levels(scores, digits))
    console.print(_classes(scores, digits))
    if scores.intervals is not None:
        console.print(Text(_sure(scores, digits)), soft_wrap=True)
    if by_recording:
        console.print(_recordings(scores, digits))
    told = [f"{key} {_said(scores.conventions[key])}" for key in CONVENTIONS if key in scores.conventions]
    if "edit" in scores.conventions:
        told.append(f"edit {scores.conventions['edit']}")
    console.print(Text("conventions: " + ", ".join(told), style="dim"), soft_wrap=True)


def number(value: float | None, digits: int) -> str:
    """A number with its digits, or a dash where it is undefined.

    >>> number(0.51234, 3), number(float("nan"), 3), number(None, 3), number(7, 3)
    ('0.512', '-', '-', '7')
    """
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "-"
    return str(value) if isinstance(value, int) else f"{value:.{digits}f}"


def _said(value: Any) -> str:
    return "none" if value is None else str(value)


def _levels(scores: Scores, digits: int) -> Table:
    table = Table(show_header=False, box=None, pad_edge=False)
    step = scores.step
    right = {
        name: step[name] for name in ("accuracy", "hamming_accuracy", "subset_accuracy", "macro_f1") if name in step
    }
    if scores.conventions["task"]["labels"] == "multilabel":
        right.pop("accuracy")
    said = (f"{name.replace('_', ' ').replace('f1', 'F1')} {number(value, digits)}" for name, value in right.items())
    table.add_row("step", "   ".join(said))
    if scores.segment is None:
        return table
    segment = scores.segment
    f1 = "   ".join(f"{key.upper()} {number(segment[key], digits)}" for key in ("f1@10", "f1@25", "f1@50"))
    macro, edit = number(segment["macro_f1@50"], digits), number(segment["edit"], digits)
    table.add_row("segment", f"{f1}   macro F1@50 {macro}   edit {edit}")
    errors = segment["errors"]
    table.add_row("errors", "   ".join(f"{name.replace('_', ' ')} {value}" for name, value in errors.items()))
    if told := own(scores, digits):
        table.add_row(scores.conventions["preset"], told)
    return table


def own(scores: Scores, digits: int) -> str:
    """The readings that only this convention has, in one line."""
    paths = [path for path in PRESETS[scores.conventions["preset"]].own if len(path) > 2]
    return "   ".join(f"{_called(path)} {number(reading(scores, path), digits)}" for path in paths)


def reading(scores: Scores, path: tuple[str, ...]) -> float | None:
    """The number at a path, None where there is none."""
    value = scores[path[0]]
    for key in path[1:]:
        value = None if value is None else value.get(key)
    return value


def _called(path: tuple[str, ...]) -> str:
    name = path[-1] if len(path) < 4 else f"{path[-2]} {path[-1]}"
    return name.replace("_", " ").replace("f1", "F1")


def _sure(scores: Scores, digits: int) -> str:
    """The main scores with their intervals, in one sentence."""
    assert scores.intervals is not None
    told = []
    for level, name, places in (("step", "macro_f1", digits), ("segment", "f1@50", digits), ("count", "mae", 1)):
        if getattr(scores.intervals, level) is not None:
            low, high = (number(end, places) for end in scores.intervals[level][name])
            told.append(f"{level} {name.replace('_', ' ').replace('f1', 'F1')} {low} to {high}")
    share = f"{scores.intervals.level:.0%}".replace("%", " %")
    return f"{share} intervals over {scores.intervals.unit}: {', '.join(told)} (--json has all)"


def _classes(scores: Scores, digits: int) -> Table:
    table = Table(header_style="bold", box=None, pad_edge=False, padding=(0, 1))
    table.add_column("class", no_wrap=True, min_width=10)
    heads = ["step F1", "IoU"]
    if scores.segment is not None:
        heads += ["F1@50", "reference", "predicted", "matched", "ratio", "MAE"]
    for head in heads:
        table.add_column(head, justify="right")
    for name, step in scores.step["per_class"].items():
        cells = [number(step["f1"], digits), number(step["iou"], digits)]
        if scores.segment is not None and scores.count is not None:
            segment, count = scores.segment["per_class"].get(name, {}), scores.count["per_class"].get(name, {})
            cells.append(number(segment.get("f1@50"), digits))
            cells += [number(count.get(key), 0) for key in ("reference", "predicted", "matched")]
            cells += [number(count.get("ratio"), 2), number(count.get("mae"), 1)]
        table.add_row(Text(name), *cells)
    return table


def _recordings(scores: Scores, digits: int) -> Table:
    table = Table(header_style="bold", box=None, pad_edge=False, padding=(0, 1))
    table.add_column("recording", overflow="ellipsis", no_wrap=True)
    for head in next(iter(scores.by_recording.values()), {}):
        table.add_column(head.rpartition("_")[2].replace("f1", "F1"), justify="right", no_wrap=True, min_width=5)
    for name, row in scores.by_recording.items():
        table.add_row(Text(name), *(number(value, digits) for value in row.values()))
    return table
