"""Train a model by a plan: writes RUN with the model, its decoder, predictions and scores."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from segmend.cli import options as shared
from segmend.cli.commands.plan import add_plan_options
from segmend.core.task import Task
from segmend.core.words import counted


def configure(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``segmend train``."""
    parser.add_argument("data", metavar="DATA", help="folder of recordings or images")
    parser.add_argument("-o", "--out", metavar="RUN", type=Path, required=True, help="folder to write")
    parser.add_argument("--plan", metavar="FILE", type=Path, help="plan.toml to train by; it may be partial")
    add_plan_options(parser)
    parser.add_argument("--verbose", action="store_true", help="one line for each epoch on stderr")
    parser.add_argument("--tensorboard", metavar="FOLDER", type=Path, help="write logs that TensorBoard shows")
    parser.add_argument("--resume", action="store_true", help="go on with a training that was interrupted")
    shared.add_annotations(parser)
    shared.add_labels(parser)
    shared.add_seed(parser)
    shared.add_overwrite(parser)


def run(options: argparse.Namespace) -> int:
    """Train, and say how it went."""
    from segmend.pipeline.runs.unfinished import Unfinished
    from segmend.pipeline.train import train
    from segmend.planning import toml

    Unfinished.of(options.out).require(overwrite=options.overwrite, resume=options.resume)
    plan = shared.plan_in(options.plan)
    result = train(
        options.data,
        plan,
        out=options.out,
        budget=options.budget,
        seed=options.seed,
        overwrite=options.overwrite,
        resume=options.resume,
        overrides=dict(toml.parse_setting(text) for text in options.settings),
        annotations=options.annotations,
        callbacks=_event_logs(options.tensorboard),
        labels=shared.labels_of(options),
        background=shared.background_of(options),
        listener=shared.listener(
            epochs=shared.say if options.verbose else None,
            bar=sys.stderr.isatty() and not options.verbose,
        ),
    )
    for line in summary(result):
        sys.stdout.write(line + "\n")
    return 0


def _event_logs(folder: Path | None) -> list[Any]:
    """What writes logs for TensorBoard, where somebody asks for them."""
    if folder is None:
        return []
    from segmend.core.backend import choose_backend

    choose_backend()
    from segmend.callbacks import EventLog

    return [EventLog(folder)]


def summary(result: Any) -> list[str]:
    """What people want to know first."""
    about = result.about
    best = ", ".join("none" if epoch is None else str(epoch) for epoch in about["best_epochs"])
    lines = [
        f"{result.path}: {counted(about['epochs'], 'epoch')} in {about['seconds']:.0f} s, best {best} "
        f"({about['stopped_because']}); decoder {result.decoder.name}"
    ]
    task = Task(**about["task"])
    return lines + [f"{role}: {_in_short(scores['decoded'], task)}" for role, scores in result.scores.items()]


def _in_short(scores: dict[str, Any], task: Task) -> str:
    """The figures that answer first whether a task is done well."""
    step, segment, count = scores["step"], scores["segment"], scores["count"]
    if segment is None or count is None:
        ranking = f", macro average precision {_number(step['macro']['average_precision'])}"
        right = f", accuracy {_number(step['accuracy'])}"
        return f"macro F1 {_number(step['macro_f1'])}" + (ranking if task.labels == "multilabel" else right)
    quality = f", panoptic quality {_number(segment['panoptic']['pq'])}" if task.rank > 1 else ""
    return (
        f"{task.item[:-1]} F1@50 {_number(segment['f1@50'])}{quality}, {counted(count['predicted'], task.item[:-1])} "
        f"where there are {count['reference']:,} (ratio {_number(count['ratio'])})"
    )


def _number(value: float | None) -> str:
    return "undefined" if value is None else f"{value:.3f}"
