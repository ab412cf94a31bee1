"""Options that several verbs share."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from segmend.core.durations import seconds_of
from segmend.errors import InputError

if TYPE_CHECKING:
    from segmend.artifacts.plan import Plan
    from segmend.pipeline.runs.training import Listener


def add_json(parser: argparse.ArgumentParser) -> None:
    """``--json``."""
    parser.add_argument("--json", action="store_true", help="print one JSON object on stdout and nothing else")


def add_labels(parser: argparse.ArgumentParser) -> None:
    """``--labels`` and ``--background``."""
    parser.add_argument("--labels", metavar="A,B,...", help="class names in the order of their numbers")
    parser.add_argument(
        "--background",
        metavar="N",
        default="auto",
        help='class number that is no segment, or "none" (default: from the data)',
    )


def add_annotations(parser: argparse.ArgumentParser) -> None:
    """``--annotations``."""
    parser.add_argument("--annotations", metavar="FILE", help="annotations of any format (or a folder) to use instead")


def add_seed(parser: argparse.ArgumentParser) -> None:
    """``--seed``."""
    parser.add_argument("--seed", type=_seed, default=0, help="seed of everything random (default 0)")


def add_overwrite(parser: argparse.ArgumentParser) -> None:
    """``--overwrite``."""
    parser.add_argument("--overwrite", action="store_true", help="replace an output folder that holds files")


def add_settings(parser: argparse.ArgumentParser) -> None:
    """``--set``, once for each value."""
    parser.add_argument(
        "--set",
        dest="settings",
        metavar="KEY=VALUE",
        action="append",
        default=[],
        help="a plan value by hand, such as filters=64 or loss.dice=0.5; may be repeated",
    )


def add_preview(parser: argparse.ArgumentParser) -> None:
    """``--preview``."""
    parser.add_argument("--preview", action="store_true", help="also run rules that are not yet proven")


def add_import(parser: argparse.ArgumentParser) -> None:
    """``--import``."""
    parser.add_argument(
        "--import",
        dest="imports",
        metavar="FILE.py",
        action="append",
        default=[],
        help="Python file that defines custom layers or losses of the model",
    )


def add_output(parser: argparse.ArgumentParser) -> None:
    """``--output``."""
    parser.add_argument(
        "--output",
        metavar="NAME|N",
        type=lambda text: int(text) if text.isascii() and text.isdecimal() else text,
        help="which of several outputs of the model, by its name or number",
    )


def _seed(text: str) -> int:
    """What every generator takes: NumPy's, Keras' and Python's."""
    if not (text.isascii() and text.isdecimal() and int(text) < 2**32):
        raise argparse.ArgumentTypeError(f'expected a whole number from 0 to {2**32 - 1}. Received "{text}"')
    return int(text)


def labels_of(options: argparse.Namespace) -> list[str] | None:
    """The names behind ``--labels``."""
    return options.labels.split(",") if options.labels else None


def background_of(options: argparse.Namespace) -> int | str | None:
    """The number behind ``--background``: a number, None for "none", or "auto".

    Raises:
        InputError: neither a number nor "none".
    """
    text = options.background
    if text == "auto":
        return "auto"
    if text.lower() == "none":
        return None
    if not text.isdecimal():
        raise InputError(f'--background: expected a class number or "none". Received "{text}"')
    return int(text)


def seconds(text: str) -> float:
    """The seconds in a budget such as "90s", "10m", "1.5h" or "600".

    Raises:
        InputError: no positive duration.
    """
    return seconds_of(text)


def print_json(content: Any) -> None:
    """One JSON object on stdout."""
    sys.stdout.write(json.dumps(content, ensure_ascii=False, indent=1) + "\n")


def say(text: str) -> None:
    """One line for people on stderr."""
    sys.stderr.write(text + "\n")


def listener(**more: Any) -> Listener:
    """Who tells people on stderr what happens; ``more`` are further fields of a ``Listener``."""
    from segmend.pipeline.runs.training import Listener

    return Listener(
        say=lambda line: say(f"segmend: {line}"), warn=lambda line: say(f"segmend: warning: {line}"), **more
    )


@contextmanager
def status() -> Iterator[Callable[[str], None] | None]:
    """A line that says what is being tried, on a terminal; None in a pipe."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console

    with Console(stderr=True).status("reading") as shown:
        yield shown.update


def plan_in(path: Path | None) -> Plan | None:
    """The plan of a file, None without one.

    Raises:
        InputError: it cannot be read, or is no plan.
    """
    from segmend.planning import toml

    if path is None:
        return None
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        fault = "other bytes than UTF-8" if isinstance(error, UnicodeDecodeError) else error.strerror
        raise InputError(f"{path}: expected a plan.toml. Received: {fault}") from None
    return toml.loads(text, source=str(path))
