"""One HTML page to look at: counts, findings, what repair could bring, and a timeline of each recording."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from segmend.cli import options as shared


def configure(parser: argparse.ArgumentParser) -> None:
    """Options of ``segmend report``."""
    parser.add_argument(
        "folder", metavar="RUN", type=Path, help="what train or mend wrote, or a folder with scores/ and labels/"
    )
    parser.add_argument("-o", "--out", metavar="FILE", type=Path, help="page to write (default RUN/report.html)")
    parser.add_argument("--data", metavar="DATA", type=Path, help="recordings whose signals or images the page shows")
    shared.add_annotations(parser)


def run(options: argparse.Namespace) -> int:
    """Write the page and say where; exit code 0."""
    from segmend.core.files import require_file
    from segmend.pipeline.report import write_run

    if options.out:
        require_file(options.out)
    page = write_run(options.folder, options.out, data=options.data, annotations=options.annotations)
    sys.stdout.write(f"{page}\n")
    return 0
