"""What is wrong with the data: signals, annotations, splits. Needs no model."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from segmend.cli import options as shared


def configure(parser: argparse.ArgumentParser) -> None:
    """Options of ``segmend audit``."""
    parser.add_argument(
        "data",
        metavar="DATA",
        help="folder of recordings or images and their labels, or X.npy and y.npy",
    )
    shared.add_annotations(parser)
    shared.add_labels(parser)
    parser.add_argument(
        "--review", metavar="FOLDER", type=Path, help="write the places whose labels look wrong, for people to look at"
    )
    shared.add_overwrite(parser)
    shared.add_preview(parser)
    shared.add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Print the data in figures and the findings; 1 where one of them is a warning or an error."""
    from segmend.core.files import require_free
    from segmend.pipeline.audit import audit, write_review
    from segmend.pipeline.load import load
    from segmend.pipeline.results.data_summary import summary
    from segmend.pipeline.results.data_text import table

    if options.review:
        require_free(options.review, overwrite=options.overwrite)
    data = load(
        options.data,
        annotations=options.annotations,
        labels=shared.labels_of(options),
        background=shared.background_of(options),
    )
    diagnosis = audit(data, progress=_progress if sys.stderr.isatty() else None, preview=options.preview)
    facts = diagnosis.chart.fingerprint
    assert facts is not None
    if options.json:
        shared.print_json({**diagnosis.to_dict(), "data": summary(facts)})
    else:
        sys.stdout.write(f"{table(facts)}\n\n{diagnosis}\n")
    if options.review:
        places = write_review(data, diagnosis, options.review, overwrite=options.overwrite)
        told = f"wrote {places} places to {options.review}" if places else "no label looks wrong: nothing to review"
        shared.say(f"segmend: {told}")
    return 1 if diagnosis.is_grave else 0


def _progress(done: int, total: int) -> None:
    sys.stderr.write(f"\rreading {done} of {total}" + ("\r\x1b[K" if done == total else ""))
    sys.stderr.flush()
