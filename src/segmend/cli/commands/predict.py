"""Segments and counts of new recordings, by a trained model."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from segmend.cli import options as shared


def configure(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``segmend predict``."""
    parser.add_argument("run", metavar="RUN", type=Path, help="folder that segmend train wrote")
    parser.add_argument(
        "files", metavar="FILES", type=Path, nargs="+", help="recordings, folders of them, or DATA folders"
    )
    parser.add_argument("-o", "--out", metavar="PRED", type=Path, required=True, help="folder to write")
    parser.add_argument("--probabilities", action="store_true", help="also write scores/NAME.npy (steps, classes)")
    parser.add_argument(
        "--format",
        dest="formats",
        choices=("csv", "audacity", "label-studio"),
        action="append",
        help="what to write beside segments/NAME.csv, to look at and correct; repeatable (default: audacity)",
    )
    shared.add_overwrite(parser)


def run(options: argparse.Namespace) -> int:
    """Predict, and print the counts of each recording."""
    from segmend.pipeline.predict import predict_files

    def done(name: str, counts: dict[str, int]) -> None:
        listed = ", ".join(f"{label} {count}" for label, count in counts.items())
        sys.stdout.write(f"{name}: {sum(counts.values())} segments ({listed})\n")

    predict_files(
        options.run,
        options.files,
        out=options.out,
        probabilities=options.probabilities,
        formats=options.formats or ("audacity",),
        overwrite=options.overwrite,
        done=done,
    )
    return 0
