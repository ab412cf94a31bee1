"""Segments, objects or labels of new recordings and images, by a trained model."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from segmend.cli import options as shared


def configure(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``segmend predict``."""
    parser.add_argument("run", metavar="RUN", type=Path, help="folder that segmend train wrote")
    parser.add_argument(
        "files", metavar="FILES", type=Path, nargs="+", help="recordings or images, folders of them, or DATA folders"
    )
    parser.add_argument("-o", "--out", metavar="PRED", type=Path, required=True, help="folder to write")
    parser.add_argument("--probabilities", action="store_true", help="also write scores/NAME.npy, classes last")
    parser.add_argument(
        "--format",
        dest="formats",
        choices=("csv", "audacity", "label-studio", "coco"),
        action="append",
        help="what to write beside the tables and masks, to look at and correct; repeatable (default: audacity for "
        "segments of signals, else label-studio; coco holds objects of images)",
    )
    shared.add_overwrite(parser)


def run(options: argparse.Namespace) -> int:
    """Predict, and print what was found in each recording."""
    from segmend.pipeline.predict import predict_files

    def done(name: str, found: str) -> None:
        sys.stdout.write(f"{name}: {found}\n")

    predict_files(
        options.run,
        options.files,
        out=options.out,
        probabilities=options.probabilities,
        formats=options.formats,
        overwrite=options.overwrite,
        done=done,
        warn=lambda line: shared.say(f"segmend: {line}"),
    )
    return 0
