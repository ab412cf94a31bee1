"""Packages that only some formats and verbs need."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

from segmend.errors import MissingDependencyError


def need(module: str, extra: str, path: Path | None = None, *, what: str = "this format") -> Any:
    """A module that an extra brings.

    Args:
        module: what is imported.
        extra: the extra of segmend that installs it.
        path: the file that it is needed for, if any.
        what: needs it.

    Raises:
        MissingDependencyError: it is not installed; the message gives the command that installs it.

    Examples:
        >>> need("no_such_module", "audio", Path("a.flac"))
        Traceback (most recent call last):
        segmend.errors.MissingDependencyError: a.flac: this format needs no_such_module: pip install "segmend[audio]"
    """
    try:
        return importlib.import_module(module)
    except ImportError:
        where = "" if path is None else f"{path}: "
        raise MissingDependencyError(f'{where}{what} needs {module}: pip install "segmend[{extra}]"') from None
