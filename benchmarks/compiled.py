"""Networks that are alike share their compiled code, where JAX compiles it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import keras

FOLDER, SHORTEST = "jax_compilation_cache_dir", "jax_persistent_cache_min_compile_time_secs"
"""JAX's settings of where compiled code is kept, and from how many seconds of compiling on."""


@contextlib.contextmanager
def compiled_once(folder: Path) -> Iterator[None]:
    """What is compiled meanwhile is kept in a folder, and taken from there."""
    if keras.backend.backend() != "jax":
        yield
        return
    import jax
    from jax.experimental.compilation_cache import compilation_cache

    before = {name: getattr(jax.config, name) for name in (FOLDER, SHORTEST)}
    try:
        jax.config.update(FOLDER, str(folder))
        jax.config.update(SHORTEST, 0.0)
        compilation_cache.reset_cache()
        yield
    finally:
        for name, value in before.items():
            jax.config.update(name, value)
        compilation_cache.reset_cache()
