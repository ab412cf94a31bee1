"""The whole house on real recordings: a model that miscounts, why, mended, and planned anew. Takes about 4 minutes."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from segmend.cli import options as shared

if TYPE_CHECKING:
    from segmend.pipeline.demos.story import Demo


def configure(parser: argparse.ArgumentParser) -> None:
    """Options of ``segmend demo``."""
    parser.add_argument(
        "--out", metavar="DIR", type=Path, default=Path("demo"), help="folder for what it writes (default demo)"
    )
    shared.add_seed(parser)
    shared.add_overwrite(parser)


def run(options: argparse.Namespace) -> int:
    """Tell the story on stderr, print the table; exit code 0."""
    from segmend.pipeline.demo import demo

    told = demo(options.out, seed=options.seed, overwrite=options.overwrite, say=shared.say)
    _show(told)
    return 0


def _show(told: Demo) -> None:
    """The three results side by side, and where to look next."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    from segmend.pipeline.demos.story import JOINED, UNSEEN

    table = Table(title=f"On {UNSEEN}", box=SIMPLE_HEAD, title_justify="left", title_style="bold")
    table.add_column("")
    for head in ("bouts", "there are", "ratio", "segment F1@50", "step accuracy"):
        table.add_column(head, justify="right")
    for name, scores in told.scores.items():
        count = scores["count"]
        table.add_row(
            f"{name}: {told.captions[name]}",
            f"{count['predicted']:,}",
            f"{count['reference']:,}",
            f"{count['ratio']:.2f}",
            f"{scores['segment']['f1@50']:.3f}",
            f"{scores['step']['accuracy']:.3f}",
        )
    console = Console(file=sys.stdout, highlight=False, width=None if sys.stdout.isatty() else 110)
    console.print(table)
    console.print(JOINED)
    console.print(
        f"{sum(told.seconds.values()):.0f} seconds. Written: {told.path}/report.html and {told.path}/demo.json"
    )
