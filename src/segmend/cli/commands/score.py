"""Step, segment and count scores of predictions."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from segmend.cli import options as shared

if TYPE_CHECKING:
    from segmend.artifacts.scores import Scores

PRESETS = ("segmend", "ms-tcn", "lea", "sed-eval", "psds", "panoptic")


def configure(parser: argparse.ArgumentParser) -> None:
    """Options of ``segmend score``."""
    parser.add_argument(
        "first",
        metavar="PREDICTIONS|REFERENCE",
        type=Path,
        help="a folder with scores/ and labels/ (or a RUN); or, before PREDICTION, what is true: a DATA folder, a "
        "folder of labels/NAME.npy, an annotations.csv, or predictions that were corrected",
    )
    parser.add_argument(
        "prediction",
        metavar="PREDICTION",
        type=Path,
        nargs="?",
        help="a folder with segments/NAME.csv, masks/NAME.png, recordings.csv, labels/NAME.npy or scores/NAME.npy, "
        "or a file like annotations.csv",
    )
    parser.add_argument(
        "--preset",
        choices=PRESETS,
        default="segmend",
        help="conventions: segmend (fractions, optimal matching, pooled), lea (per cent, mean over recordings) or "
        "ms-tcn (per cent, pooled), which match as published scripts do; sed-eval (collars), psds "
        "(detection), panoptic (images)",
    )
    parser.add_argument(
        "--tolerance",
        type=float,
        metavar="T",
        help="collar within which onsets and offsets agree: seconds where the sampling rate is known (0.2), else steps",
    )
    parser.add_argument(
        "--compare-conventions", action="store_true", help="one prediction under all conventions, side by side"
    )
    parser.add_argument(
        "--split", metavar="ROLE", help="score only these recordings: train, val, test or a fold's name"
    )
    parser.add_argument("--no-edit", action="store_true", help="leave out the edit score, the one slow part")
    parser.add_argument(
        "--intervals", action="store_true", help="how sure each score is: 95 %% bootstrap intervals over groups"
    )
    parser.add_argument("--by-recording", action="store_true", help="one row for each recording too")
    shared.add_annotations(parser)
    shared.add_labels(parser)
    shared.add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Score and print; exit code 0."""
    from segmend.pipeline.on_files import score_files as verb

    files = {
        "annotations": options.annotations,
        "labels": shared.labels_of(options),
        "background": shared.background_of(options),
        "split": options.split,
        "edit": not options.no_edit,
        "tolerance": options.tolerance,
    }
    if options.compare_conventions:
        found, notes = verb.compare_conventions_of_files(options.first, options.prediction, **files)
        return _conventions(found, notes, as_json=options.json)
    scores, notes = verb.score_files(
        options.first, options.prediction, preset=options.preset, intervals=options.intervals, **files
    )
    _say(notes)
    if options.json:
        from segmend.core.files import nulled

        content = scores.to_dict()
        if options.by_recording:
            content["by_recording"] = nulled(scores.by_recording)
        shared.print_json(content)
        return 0
    from segmend.cli.score_table import print_scores

    print_scores(scores, by_recording=options.by_recording)
    return 0


def _conventions(found: dict[str, Scores | str], notes: tuple[str, ...], *, as_json: bool) -> int:
    _say(notes)
    if as_json:
        told = {name: {"because": each} if isinstance(each, str) else each.to_dict() for name, each in found.items()}
        shared.print_json({"schema": 1, "presets": told})
        return 0
    from segmend.cli.convention_table import print_conventions

    print_conventions(found)
    return 0


def _say(notes: tuple[str, ...]) -> None:
    for note in notes:
        shared.say(f"segmend: {note}")
