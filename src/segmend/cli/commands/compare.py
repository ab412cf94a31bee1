"""Whether one prediction scores better than another, with an interval for every difference."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from segmend.cli import options as shared
from segmend.cli.commands.score import PRESETS


def configure(parser: argparse.ArgumentParser) -> None:
    """Options of ``segmend compare``."""
    parser.add_argument(
        "reference",
        metavar="REFERENCE",
        type=Path,
        help="what is true: a DATA folder, a folder of labels/NAME.npy, an annotations.csv, or predictions that were "
        "corrected",
    )
    for name in ("first", "second"):
        parser.add_argument(
            name,
            metavar=name.upper(),
            type=Path,
            help=f"the {name} prediction: a folder with segments/NAME.csv, masks/NAME.png, recordings.csv, "
            "labels/NAME.npy or scores/NAME.npy, or a file like annotations.csv",
        )
    parser.add_argument("--preset", choices=PRESETS, default="segmend", help="conventions, as for segmend score")
    parser.add_argument(
        "--split", metavar="ROLE", help="compare only on these recordings: train, val, test or a fold's name"
    )
    parser.add_argument("--no-edit", action="store_true", help="leave out the edit score, the one slow part")
    parser.add_argument("--every", action="store_true", help="one row for each class and kind of error too")
    parser.add_argument("--draws", metavar="N", type=int, default=1000, help="number of resamples (default 1000)")
    parser.add_argument(
        "--level", metavar="SHARE", type=float, default=0.95, help="share of the resamples in an interval (0.95)"
    )
    shared.add_annotations(parser)
    shared.add_labels(parser)
    shared.add_seed(parser)
    shared.add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Compare and print; exit code 0."""
    from segmend.pipeline.on_files.compare_files import compare_files

    comparison, notes = compare_files(
        options.reference,
        options.first,
        options.second,
        annotations=options.annotations,
        labels=shared.labels_of(options),
        background=shared.background_of(options),
        split=options.split,
        preset=options.preset,
        edit=not options.no_edit,
        seed=options.seed,
        draws=options.draws,
        level=options.level,
    )
    for note in notes:
        shared.say(f"segmend: {note}")
    if options.json:
        shared.print_json(comparison.to_dict())
        return 0
    from segmend.pipeline.results.comparison_text import as_text

    sys.stdout.write(as_text(comparison.record, every=options.every) + "\n")
    return 0
