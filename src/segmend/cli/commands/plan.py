"""Configure a model and its training from data: plan.toml, with the reason beside each value."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from segmend.cli import options as shared


def configure(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``segmend plan``."""
    parser.add_argument("data", metavar="DATA", help="folder of recordings or images")
    parser.add_argument("-o", "--out", metavar="FILE", type=Path, help="write plan.toml here instead of printing it")
    add_plan_options(parser)
    shared.add_annotations(parser)
    shared.add_labels(parser)
    shared.add_seed(parser)
    shared.add_overwrite(parser)


def add_plan_options(parser: argparse.ArgumentParser) -> None:
    """``--set`` and ``--budget``, which ``segmend train`` takes too."""
    shared.add_settings(parser)
    parser.add_argument("--budget", metavar="TIME", default="10m", help="what training may take (default 10m)")


def run(options: argparse.Namespace) -> int:
    """Print or write the plan."""
    from segmend.core.files import require_file, require_free, staged_file
    from segmend.pipeline.plan import plan_files
    from segmend.planning import toml

    if options.out is not None:
        require_file(options.out)
        require_free(options.out, overwrite=options.overwrite)
    plan = plan_files(
        options.data,
        annotations=options.annotations,
        labels=shared.labels_of(options),
        background=shared.background_of(options),
        budget=options.budget,
        seed=options.seed,
        overrides=dict(toml.parse_setting(text) for text in options.settings),
    )
    text = toml.dumps(plan)
    if options.out is None:
        sys.stdout.write(text)
        return 0
    with staged_file(options.out) as stage:
        stage.write_text(text, encoding="utf-8")
    return 0
