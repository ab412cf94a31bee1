"""Try other values for a plan by training, and keep what is better than the planned ones by more than chance."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from segmend.cli import options as shared


def configure(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``segmend tune``."""
    parser.add_argument("data", metavar="DATA", help="folder of recordings or images")
    parser.add_argument("-o", "--out", metavar="STUDY", type=Path, required=True, help="folder to write")
    parser.add_argument("--trials", metavar="N", type=int, default=20, help="trials to finish (default 20)")
    parser.add_argument("--sampler", choices=("tpe", "random", "grid"), default="tpe", help="who picks (default tpe)")
    parser.add_argument(
        "--pruner", choices=("median", "none"), default="median", help="who gives up trials (default median)"
    )
    parser.add_argument(
        "--objective",
        help='what to make large, such as "segment_f1@50 - 0.02*count_mae" (default: validation.metric of the plan)',
    )
    parser.add_argument("--keys", metavar="KEY", nargs="+", help="tune these alone, such as filters learning_rate")
    parser.add_argument("--plan", metavar="FILE", type=Path, help="plan.toml to begin from; it may be partial")
    shared.add_settings(parser)
    parser.add_argument("--budget", metavar="TIME", default="30m", help="wall clock of the whole command (default 30m)")
    parser.add_argument("--trial-budget", metavar="TIME", help="wall clock of a trial (default: the budget shared out)")
    parser.add_argument("--workers", metavar="N", type=int, default=1, help="processes that train at once (default 1)")
    parser.add_argument("--resume", action="store_true", help="go on with the study in the folder")
    parser.add_argument("--verbose", action="store_true", help="a line for each trial on stderr")
    shared.add_annotations(parser)
    shared.add_labels(parser)
    shared.add_seed(parser)
    shared.add_overwrite(parser)
    shared.add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Tune, and print the front and the verdict; exit code 0, "nothing better was found" included."""
    from segmend.core.files import require_free
    from segmend.pipeline.tune import tune
    from segmend.planning import toml

    if not options.resume:
        require_free(options.out, overwrite=options.overwrite)
    plan = shared.plan_in(options.plan)
    with shared.status() as status:
        line = shared.say if options.verbose else status
        tuned = tune(
            options.data,
            plan,
            out=options.out,
            trials=options.trials,
            sampler=options.sampler,
            pruner=options.pruner,
            objective=options.objective,
            keys=options.keys,
            budget=options.budget,
            trial_budget=options.trial_budget,
            seed=options.seed,
            workers=options.workers,
            overwrite=options.overwrite,
            resume=options.resume,
            overrides=dict(toml.parse_setting(text) for text in options.settings),
            annotations=options.annotations,
            labels=shared.labels_of(options),
            background=shared.background_of(options),
            listener=shared.listener(),
            **({"tell": line} if line else {}),
        )
    if options.json:
        shared.print_json(tuned.to_dict())
    else:
        sys.stdout.write(f"{tuned}\n")
    return 0
