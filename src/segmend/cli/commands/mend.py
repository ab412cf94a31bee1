"""Try the remedies that the diagnosis names, from the cheapest up, and keep what held-out recordings prove."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from segmend.cli import options as shared


def configure(parser: argparse.ArgumentParser) -> None:
    """Options of ``segmend mend``."""
    parser.add_argument(
        "first",
        metavar="RUN|PREDICTIONS|MODEL",
        type=Path,
        help="a run, a model, or a folder with scores/ and labels/ of recordings that the model was not trained on",
    )
    parser.add_argument("data", metavar="DATA", type=Path, nargs="?", help="recordings to judge the model on")
    parser.add_argument("-o", "--out", metavar="OUT", type=Path, required=True, help="folder for what comes of it")
    parser.add_argument(
        "--objective",
        help='what to maximise, such as "segment_f1@50 - 0.02*count_mae" (default segment_f1@50, or macro_f1 where '
        "whole recordings have a label)",
    )
    parser.add_argument("--budget", default="2m", help="wall clock of the whole command (default 2m)")
    parser.add_argument("--unsafe", action="store_true", help="try remedies that are marked unsafe too")
    parser.add_argument("--report", metavar="FILE", type=Path, help="also write one self-contained HTML page")
    shared.add_labels(parser)
    shared.add_annotations(parser)
    shared.add_import(parser)
    shared.add_output(parser)
    shared.add_seed(parser)
    shared.add_overwrite(parser)
    shared.add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Mend, write OUT and print the certificate; exit code 0, "nothing helped" included."""
    from segmend.core.files import require_file, require_free
    from segmend.pipeline.on_files.mend_files import mend_files

    require_free(options.out, overwrite=options.overwrite)
    if options.report:
        require_file(options.report)
    with shared.status() as say:
        mended = mend_files(
            options.first,
            options.data,
            labels=shared.labels_of(options),
            background=shared.background_of(options),
            annotations=options.annotations,
            imports=options.imports,
            output=options.output,
            objective=options.objective,
            budget=options.budget,
            seed=options.seed,
            unsafe=options.unsafe,
            say=say,
        )
    mended.save(options.out, overwrite=options.overwrite)
    if options.json:
        shared.print_json({**mended.to_dict(), "out": str(options.out)})
    else:
        sys.stdout.write(f"{mended}\nWritten to {options.out}.\n")
    if options.report:
        from segmend.pipeline.report import write_run

        page = write_run(options.out, options.report, data=options.data, annotations=options.annotations)
        shared.say(f"segmend: wrote {page}")
    return 0
