"""Why the model miscounts: causes with evidence, and what to do. Exit code 1 when there is a warning or an error."""

from __future__ import annotations

import argparse
import contextlib
import sys
from pathlib import Path

from segmend.cli import options as shared


def configure(parser: argparse.ArgumentParser) -> None:
    """Options of ``segmend diagnose``."""
    parser.add_argument(
        "first",
        metavar="RUN|PREDICTIONS|MODEL",
        type=Path,
        help="a run, a folder with scores/ and labels/, or a model (.keras, .h5)",
    )
    parser.add_argument("data", metavar="DATA", type=Path, nargs="?", help="recordings to judge the model on")
    parser.add_argument("--report", metavar="FILE", type=Path, help="also write one self-contained HTML page")
    shared.add_labels(parser)
    shared.add_annotations(parser)
    shared.add_import(parser)
    shared.add_output(parser)
    shared.add_preview(parser)
    shared.add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Diagnose and print; exit code 1 when a finding is a warning or an error."""
    from segmend.core.files import require_file
    from segmend.pipeline.on_files.diagnose_files import diagnose_files

    if options.report:
        require_file(options.report)
    with _waiting():
        diagnosis = diagnose_files(
            options.first,
            options.data,
            labels=shared.labels_of(options),
            background=shared.background_of(options),
            annotations=options.annotations,
            imports=options.imports,
            output=options.output,
            preview=options.preview,
        )
    if options.json:
        for note in diagnosis.notes:
            shared.say(f"segmend: {note}")
        shared.print_json(diagnosis.to_dict())
    else:
        from segmend.pipeline.results.diagnosis_text import as_text

        sys.stdout.write(as_text(diagnosis, colour=sys.stdout.isatty()) + "\n")
    if options.report and diagnosis.chart.prediction is None:
        shared.say("segmend: no report: there is no prediction that could be judged, see the findings")
    elif options.report:
        shared.say(f"segmend: wrote {diagnosis.report(options.report)}")
    return 1 if diagnosis.is_grave else 0


def _waiting() -> contextlib.AbstractContextManager[object]:
    """A sign of life on a terminal, nothing in a pipe."""
    if not sys.stderr.isatty():
        return contextlib.nullcontext()
    from rich.console import Console

    return Console(stderr=True).status("predicting and diagnosing")
