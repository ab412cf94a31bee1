"""The ``segmend`` command. One verb, one file in ``commands``; a verb's code is imported only when it is called."""

from __future__ import annotations

import argparse
import importlib
import os
import sys

from segmend import __version__
from segmend.errors import SegmendError

COMMANDS = {
    "demo": "the whole house on real data: writes report.html and demo.json",
    "audit": "what is wrong with the data",
    "plan": "a model and its training, configured from the data, with a reason for each choice",
    "train": "train a model by a plan",
    "tune": "other values for a plan, tried by training and kept where proven",
    "predict": "segments and counts of new recordings",
    "score": "step, segment and count scores of predictions",
    "compare": "two predictions side by side, with an interval for every difference",
    "diagnose": "why the model miscounts: causes with evidence",
    "mend": "remedies from the cheapest up, kept where proven",
    "report": "one HTML page to look at",
    "export": "a run's network as an ONNX file, compared with it",
    "explain": "what a rule finds, why it matters and what to do",
    "rules": "all rules",
    "formats": "file formats that can be read and written",
}


def run(arguments: list[str]) -> int:
    """Run one command line.

    Args:
        arguments: without the program's name.

    Returns:
        0 done; 1 findings of severity error or warning (audit, diagnose); 2 the call or the input was wrong.
    """
    try:
        code = _dispatch(arguments)
        sys.stdout.flush()  # what the buffer still holds can meet a closed pipe or a full disk too
        return code
    except SegmendError as error:
        return _fail(str(error))
    except SystemExit as stop:  # argparse has said what is wrong
        return stop.code if isinstance(stop.code, int) else 2
    except KeyboardInterrupt:
        return _fail("interrupted", 130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if os.environ.get("SEGMEND_TRACEBACK"):
            raise
        if isinstance(error, OSError) and error.strerror:  # no permission, no space, a broken disk
            return _fail(f"{error.filename or 'output'}: {error.strerror}")
        return _fail(f"internal error: {type(error).__name__}: {error} (SEGMEND_TRACEBACK=1 shows where)")


def _dispatch(arguments: list[str]) -> int:
    verb = arguments[0] if arguments else ""
    if verb not in COMMANDS:
        _top().parse_args(arguments)
        _top().print_help(sys.stderr)
        return 2
    command = importlib.import_module(f"segmend.cli.commands.{verb}")
    parser = argparse.ArgumentParser(prog=f"segmend {verb}", description=command.__doc__, allow_abbrev=False)
    command.configure(parser)
    code: int = command.run(parser.parse_intermixed_args(arguments[1:]))
    return code


def _top() -> argparse.ArgumentParser:
    width = max(map(len, COMMANDS))
    verbs = "\n".join(f"  {verb:<{width}}  {text}" for verb, text in COMMANDS.items())
    parser = argparse.ArgumentParser(
        prog="segmend",
        description="The doctor for models that miscount.",
        epilog=f"verbs:\n{verbs}\n\nsegmend VERB --help tells more.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"segmend {__version__}")
    parser.add_argument("verb", choices=list(COMMANDS), metavar="VERB", help="what to do; see below")
    return parser


def _fail(message: str, code: int = 2) -> int:
    sys.stderr.write(f"segmend: {message}\n")
    return code
