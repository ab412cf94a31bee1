"""Which framework Keras runs on, decided before Keras is imported."""

from __future__ import annotations

import importlib.util
import os
import sys

from segmend.core.cores import cores
from segmend.errors import MissingDependencyError

BACKENDS = {"jax": "jax", "tensorflow": "tensorflow", "torch": "torch"}


def choose_backend() -> str:
    """The backend that KERAS_BACKEND names, or the first that is installed: JAX, TensorFlow, PyTorch.

    Where Keras is imported already, its backend stays. On a single core JAX is given a second thread.

    Raises:
        MissingDependencyError: none is installed; the message has the command that brings one.
    """
    spare_a_thread()
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


def spare_a_thread() -> None:
    """Give JAX two threads where there is one core: a NumPy function inside of a compiled step waits for the other.

    JAX reads NPROC when it makes its CPU client, with the first array. A client with one thread runs the step on it and
    copies large arrays for the function by it, so that both would wait for ever (jax-ml/jax#24255).
    """
    if cores() == 1:
        os.environ.setdefault("NPROC", "2")
