"""Which framework Keras runs on, decided before Keras is imported."""

from __future__ import annotations

import importlib.util
import os
import sys

from segmend.errors import MissingDependencyError

BACKENDS = {"jax": "jax", "tensorflow": "tensorflow", "torch": "torch"}


def choose_backend() -> str:
    """The backend that KERAS_BACKEND names, or the first that is installed: JAX, TensorFlow, PyTorch.

    Where Keras is imported already, its backend stays.

    Raises:
        MissingDependencyError: none is installed; the message has the command that brings one.
    """
    if "keras" in sys.modules:
        backend: str = sys.modules["keras"].backend.backend()
        return backend
    if "KERAS_BACKEND" not in os.environ:
        found = [name for name, module in BACKENDS.items() if importlib.util.find_spec(module)]
        if not found:
            raise MissingDependencyError('Keras needs a backend: run pip install "segmend[jax]"')
        os.environ["KERAS_BACKEND"] = found[0]
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    return os.environ["KERAS_BACKEND"]
