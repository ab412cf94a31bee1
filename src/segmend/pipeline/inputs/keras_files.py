"""Saved Keras models, with the custom layers that people bring."""

from __future__ import annotations

import importlib.util
import inspect
import logging
import re
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from segmend.core.backend import choose_backend
from segmend.errors import InputError

MODEL_SUFFIXES = (".keras", ".h5", ".hdf5")
"""Endings of files that hold a whole Keras model."""

_FOREIGN = re.compile(r"Could not locate (\w+) '([^']+)'|Unknown (\w+): '([^']+)'")


class Loaded(NamedTuple):
    """A model from a file.

    Attributes:
        model: as it was saved; not compiled where its loss could not be restored.
        loss_lost: why that was; None where it could, or where the model was saved without a loss.
    """

    model: Any
    loss_lost: str | None = None


def load_keras(path: str | Path, imports: Sequence[str | Path] = (), *, compiled: bool = True) -> Loaded:
    """Load a whole model from a .keras or .h5 file, without running code that the file brings.

    Args:
        path: the file.
        imports: Python files with custom layers, run first; what they define is known by its name, registered or not.
        compiled: with its loss, where that is known.

    Raises:
        InputError: a file is not there, holds no whole model, or a model of unknown layers; the message names the file
            and says what is needed.
    """
    file = Path(path)
    require_model(file)
    choose_backend()
    known: dict[str, Any] = {}
    for script in imports:
        known |= run_script(Path(script))
    import keras

    import segmend.losses
    import segmend.metrics
    import segmend.models  # noqa: F401 - these three register what our own models are saved with
    from segmend.pipeline.inputs.keras_settings import settings_of, with_settings

    with _quiet(), keras.saving.custom_object_scope(known):
        try:
            if compiled:
                return Loaded(keras.saving.load_model(file, safe_mode=True))
        except Exception:  # noqa: BLE001 - a stranger's classes may raise anything; told apart just below
            pass
        try:
            model = keras.saving.load_model(file, compile=False, safe_mode=True)
        except Exception as error:
            raise InputError(f"{file}: {reason(error)}") from error
        return Loaded(model, with_settings(model, settings_of(file)) if compiled else None)


def require_model(file: Path) -> None:
    """Refuse what is no file of a whole Keras model; neither Keras nor the model is loaded.

    Raises:
        InputError: names the file, and what it holds instead.
    """
    if file.is_dir():
        raise InputError(
            f'{file}: expected a saved Keras model. Received a folder (save with model.save("model.keras"); '
            "TensorFlow's SavedModel folders are not read)"
        )
    if not file.is_file():
        raise InputError(f"{file}: expected a saved Keras model. Received no such file")
    if file.suffix not in MODEL_SUFFIXES:
        raise InputError(f'{file}: expected a saved Keras model, .keras or .h5. Received "{file.suffix}"')
    received = _not_in_zip(file) if file.suffix == ".keras" else _not_in_hdf5(file)
    if received:
        raise InputError(f"{file}: expected a saved Keras model. Received {received}")


def _not_in_zip(file: Path) -> str | None:
    """What a .keras file holds in place of a model."""
    if not zipfile.is_zipfile(file):
        return "another format or a truncated file"
    with zipfile.ZipFile(file) as archive:
        return None if "config.json" in archive.namelist() else "a zip archive without a model"


def _not_in_hdf5(file: Path) -> str | None:
    """What an .h5 file holds in place of a model."""
    import h5py

    if not h5py.is_hdf5(file):
        return "another format or a truncated file"
    with h5py.File(file, "r") as content:
        if "model_config" in content.attrs:
            return None
        if "layer_names" in content.attrs or {"layers", "vars"} & set(content) or file.name.endswith(".weights.h5"):
            return (
                "weights only, which do not say what the layers are: build the model in Python, call "
                f'model.load_weights("{file.name}") and model.save("model.keras"), and give that file'
            )
        return f"an HDF5 file without a model (it holds {', '.join(sorted(content)[:5]) or 'nothing'})"


def reason(error: Exception) -> str:
    """Why a model could not be loaded, in one sentence that says what helps."""
    text = " ".join(str(error).split())
    if "Python lambda" in text:
        return (
            "expected layers that can be loaded safely. Received a Lambda layer with code of its own, which could do "
            "anything: save the model with a registered layer class in its place, or, if you trust the file, load it "
            "in Python with safe_mode=False and call segmend.diagnose(model, x, y)"
        )
    foreign = _FOREIGN.search(text)
    if foreign:
        kind, name = (part for part in foreign.groups() if part)
        return (
            f'expected layers that are known here. Received the {kind} "{name}": '
            "--import FILE.py brings the Python file that defines it"
        )
    return f"expected a saved Keras model (--import FILE.py brings custom layers). Received: {text[:200]}"


def run_script(path: Path) -> dict[str, Any]:
    """Run a Python file for the classes and functions that it defines, by name.

    Raises:
        InputError: it is not there, or does not run.
    """
    spec = importlib.util.spec_from_file_location(f"segmend_import_{path.stem}", path)
    if not path.is_file() or spec is None or spec.loader is None:
        raise InputError(f"--import {path}: expected a Python file. Received none")
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise InputError(
            f"--import {path}: expected a Python file that runs. Received {type(error).__name__}: {error}"
        ) from error
    own = (item for item in vars(module).items() if getattr(item[1], "__module__", None) == module.__name__)
    return {name: value for name, value in own if inspect.isclass(value) or inspect.isfunction(value)}


@contextmanager
def _quiet() -> Iterator[None]:
    """Without Keras' remarks on optimizers and metrics, which no diagnosis depends on."""
    log = logging.getLogger("absl")
    level = log.level
    log.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            yield
    finally:
        log.setLevel(level)
