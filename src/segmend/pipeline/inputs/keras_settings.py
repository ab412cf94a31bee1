"""What a saved Keras model was compiled with, part by part, where Keras could not restore all of it."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any


def settings_of(file: Path) -> dict[str, Any]:
    """The saved settings of ``compile``; empty where there are none."""
    if file.suffix == ".keras":
        with zipfile.ZipFile(file) as archive:
            saved = json.loads(archive.read("config.json")).get("compile_config")
    else:
        import h5py

        with h5py.File(file, "r") as content:
            saved = json.loads(content.attrs.get("training_config", "null"))
    return dict(saved or {})


def with_settings(model: Any, settings: Mapping[str, Any]) -> str | None:
    """Compile a model with those settings that are known here: a metric or an optimizer that is not is left out.

    Args:
        model: a Keras model that is not compiled.
        settings: as ``settings_of`` reads them.

    Returns:
        Why the loss could not be restored, and the model was therefore not compiled; None where it could.
    """
    from keras import losses, metrics, optimizers

    if settings.get("loss") is None:
        return None
    try:
        loss = _restored(settings["loss"], losses)
    except Exception as error:  # noqa: BLE001 - Keras raises many kinds, a stranger's class any
        return _why(error, settings["loss"])
    watched = _known(lambda: _restored(settings.get("metrics"), metrics))
    optimizer = _known(lambda: _restored(settings.get("optimizer", settings.get("optimizer_config")), optimizers))
    try:
        model.compile(optimizer=optimizer, loss=loss, metrics=watched)
    except Exception as error:  # noqa: BLE001 - a model's own compile may raise anything
        return _why(error, settings["loss"])
    return None


def _restored(saved: Any, family: Any) -> Any:
    """What was saved for one loss, metric or optimizer, or for a list or dict of them; lambdas are refused.

    In a .keras file a class says its module, in an .h5 file it is named alone; both name functions of Keras by text.
    """
    import keras

    if isinstance(saved, Mapping) and "class_name" not in saved:
        return {name: _restored(part, family) for name, part in saved.items()}
    if isinstance(saved, list | tuple):
        return [_restored(part, family) for part in saved]
    if isinstance(saved, Mapping) and "module" in saved:
        return keras.saving.deserialize_keras_object(dict(saved), safe_mode=True)
    return (keras.saving.get_registered_object(saved) if isinstance(saved, str) else None) or family.get(saved)


def _known(restore: Callable[[], Any]) -> Any:
    """What is restored; None where something of it is not known here."""
    try:
        return restore()
    except Exception:  # noqa: BLE001 - as above; neither metrics nor the optimizer decide whether there is a loss
        return None


def _why(error: Exception, saved: Any) -> str:
    text = " ".join(str(error).split())
    if "lambda" in text or saved == "<lambda>":
        return "it is a Python lambda, and a file that brings code is not run"
    foreign = re.search(r"Could not locate (\w+) '([^']+)'", text)
    name = foreign[2] if foreign else saved if isinstance(saved, str) else None
    if name is None and isinstance(saved, Mapping):
        name = saved.get("class_name")
    return (
        text[:200] if name is None else f'"{name}" is not known here; --import FILE.py brings the file that defines it'
    )
