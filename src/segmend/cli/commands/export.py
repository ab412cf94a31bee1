"""Write the network of a RUN as a file for other runtimes, compared with it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from segmend.cli import options as shared


def configure(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``segmend export``."""
    parser.add_argument("run", metavar="RUN", type=Path, help="folder that segmend train wrote")
    parser.add_argument("--format", choices=("onnx",), default="onnx", help="kind of file (default onnx)")
    parser.add_argument("-o", "--out", metavar="FILE", type=Path, help="file to write (default RUN/model.onnx)")
    shared.add_overwrite(parser)


def run(options: argparse.Namespace) -> int:
    """Export, and print the file."""
    from segmend.pipeline.export import export

    file = export(options.run, out=options.out, overwrite=options.overwrite)
    sys.stdout.write(f"{file}\n")
    return 0
