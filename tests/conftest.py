"""Tests run on JAX unless KERAS_BACKEND says otherwise.

Small networks cost more to compile than to train, so programs are compiled without optimisation, and each once for all
processes of a run: they share a folder, which goes when the run ends.
"""

import gc
import os
import tempfile

os.environ.setdefault("KERAS_BACKEND", "jax")
os.environ.setdefault("JAX_DISABLE_MOST_OPTIMIZATIONS", "1")
if "JAX_COMPILATION_CACHE_DIR" not in os.environ:  # else this is a worker, which shares the folder of its parent
    COMPILED = tempfile.TemporaryDirectory(prefix="compiled-", ignore_cleanup_errors=True)
    os.environ["JAX_COMPILATION_CACHE_DIR"] = COMPILED.name
    os.environ.setdefault("JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS", "0")


def pytest_collection_finish():
    """Thousands of tests and their modules stay to the end: no look for garbage goes through them."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000)
