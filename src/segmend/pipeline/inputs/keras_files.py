"""Saved Keras models, with the custom layers that people bring."""

from __future__ import annotations

import importlib.util
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from segmend.core.backend import choose_backend
from segmend.errors import InputError


def load_keras(path: str | Path, imports: Sequence[str | Path] = (), *, compiled: bool = True) -> Any:
    """Load a model from a .keras file.

    Args:
        path: the file.
        imports: Python files that register custom layers, run first.
        compiled: with its loss, where that is known.

    Raises:
        InputError: a file is not there or cannot be read; the message names it and says why.
    """
    file = Path(path)
    if not file.is_file():
        raise InputError(f"{file}: expected a saved Keras model. Received no such file")
    if file.suffix == ".keras" and not zipfile.is_zipfile(file):
        raise InputError(f"{file}: expected a saved Keras model. Received another format or a truncated file")
    choose_backend()
    for script in imports:
        run_script(Path(script))
    import keras

    import segmend.losses
    import segmend.metrics
    import segmend.models  # noqa: F401 - these three register what our own models are saved with

    try:
        return _loaded(keras, file, compiled)
    except (ValueError, TypeError, OSError, KeyError) as error:
        reason = " ".join(str(error).split())[:200]
        raise InputError(
            f"{file}: expected a saved Keras model (--import FILE.py brings custom layers). Received: {reason}"
        ) from error


def _loaded(keras: Any, file: Path, compiled: bool) -> Any:
    """The model with its loss; without it where the loss is not known here, for the layers are what matters."""
    try:
        return keras.saving.load_model(file, compile=compiled, safe_mode=True)
    except (ValueError, TypeError, KeyError):
        return keras.saving.load_model(file, compile=False, safe_mode=True)


def run_script(path: Path) -> None:
    """Run a Python file for what it registers.

    Raises:
        InputError: it is not there, or does not run.
    """
    spec = importlib.util.spec_from_file_location(f"segmend_import_{path.stem}", path)
    if not path.is_file() or spec is None or spec.loader is None:
        raise InputError(f"--import {path}: expected a Python file. Received none")
    try:
        spec.loader.exec_module(importlib.util.module_from_spec(spec))
    except Exception as error:
        raise InputError(
            f"--import {path}: expected a Python file that runs. Received {type(error).__name__}: {error}"
        ) from error
