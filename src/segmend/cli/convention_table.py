"""One prediction under all conventions, for people."""

from __future__ import annotations

from collections.abc import Mapping

from rich.console import Console
from rich.table import Table
from rich.text import Text

from segmend.artifacts.scores import Scores
from segmend.cli.score_lines import number, own, reading
from segmend.scoring.presets import PRESETS

SHARED = (("segment", "f1@10"), ("segment", "f1@25"), ("segment", "f1@50"), ("segment", "edit"), ("step", "accuracy"))
"""Readings that every convention has, each in its own way."""


def print_conventions(found: Mapping[str, Scores | str]) -> None:
    """Print a row per convention, what it has of its own, and which do not fit and why."""
    console = Console(highlight=False)
    table = Table(header_style="bold", box=None, pad_edge=False, padding=(0, 1))
    table.add_column("convention", no_wrap=True)
    for _, name in SHARED:
        table.add_column(name.replace("f1", "F1"), justify="right")
    table.add_column("its own")
    for name, scores in found.items():
        if isinstance(scores, Scores):
            digits = 1 if scores.conventions["unit"] == "per cent" else 3
            table.add_row(name, *(number(reading(scores, path), digits) for path in SHARED), own(scores, digits))
    console.print(table)
    for name, scores in found.items():
        told = scores if isinstance(scores, str) else PRESETS[name].says
        console.print(Text(f"{name}: {told}", style="dim"), soft_wrap=True)
