"""Writing folders and files whole or not at all."""

from __future__ import annotations

import contextlib
import json
import math
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from segmend.errors import InputError, OutputExistsError


def require_free(out: Path, *, overwrite: bool) -> None:
    """Refuse an output folder that holds something, before any work is done.

    Raises:
        OutputExistsError: the folder is not empty (or is a file) and overwriting was not asked for.
        InputError: nothing can be written there: it lies inside a file.
    """
    _require_place(out)
    if overwrite:
        return
    if out.is_file():
        raise OutputExistsError(f"{out}: expected a new path. Received a file that is there (--overwrite replaces it)")
    if out.is_dir() and any(out.iterdir()):
        raise OutputExistsError(
            f"{out}: expected an empty or new folder. Received one that holds files (--overwrite replaces it)"
        )


def require_file(out: Path) -> None:
    """Refuse a path that no file can be written to, before any work is done.

    Raises:
        InputError: it is a folder, or lies inside a file.
    """
    _require_place(out)
    if out.is_dir():
        raise InputError(f"{out}: expected a file to write to. Received a folder")


def _require_place(out: Path) -> None:
    above = next((folder for folder in out.parents if folder.exists()), None)
    if above is not None and not above.is_dir():
        raise InputError(f"{out}: expected a path inside of folders. Received one inside of the file {above}")


@contextlib.contextmanager
def staged_folder(out: Path, *, overwrite: bool = False, inside: Path | None = None) -> Iterator[Path]:
    """A folder to write into, moved to ``out`` in one step once the block has ended without an error.

    Args:
        out: where it is moved to.
        overwrite: whether what is there may be replaced.
        inside: a folder of the same file system to write in until then; beside ``out`` by default.

    Raises:
        OutputExistsError: ``out`` is not empty and ``overwrite`` is False.
    """
    require_free(out, overwrite=overwrite)
    out.parent.mkdir(parents=True, exist_ok=True)
    stage = Path(tempfile.mkdtemp(prefix=f".{out.name}.", dir=inside or out.parent))
    try:
        yield stage
        stage.chmod(0o777 & ~_umask())
        require_free(out, overwrite=overwrite)
        _put(stage, out)
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _put(stage: Path, out: Path) -> None:
    """Move a folder to its place; what is there is removed once that has worked, and put back where it has not."""
    if not out.exists():
        stage.rename(out)
        return
    aside = Path(tempfile.mkdtemp(prefix=f".{out.name}.old.", dir=out.parent)) / out.name
    out.rename(aside)
    try:
        stage.rename(out)
    except OSError:
        aside.rename(out)
        aside.parent.rmdir()  # where nothing could be put back, it stays where it is
        raise
    shutil.rmtree(aside.parent)


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a file while the block lasts, so that no other process does the same work; the lock dies with the process.

    Where the system has no such locks, nothing is held.

    Raises:
        OutputExistsError: another process holds it.
    """
    try:
        import fcntl
    except ImportError:
        yield
        return
    with path.open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            told = f"{path.parent}: expected to be alone here. Received a folder in which another process is at work"
            raise OutputExistsError(told) from None
        yield


@contextlib.contextmanager
def staged_file(out: Path) -> Iterator[Path]:
    """A path to write to, moved to ``out`` in one step once the block has ended without an error.

    Raises:
        InputError: ``out`` is a folder, or lies inside a file.
    """
    require_file(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{out.stem}.", suffix=out.suffix, dir=out.parent)
    os.close(handle)
    stage = Path(name)
    try:
        yield stage
        stage.chmod(0o666 & ~_umask())
        stage.replace(out)
    finally:
        stage.unlink(missing_ok=True)


def write_json(out: Path, content: Any) -> None:
    """Write JSON whole or not at all; NaN and infinities become null."""
    with staged_file(out) as stage:
        stage.write_text(json.dumps(nulled(content), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def nulled(content: Any) -> Any:
    """The same content with NaN and infinities as None, tuples as lists and NumPy scalars as Python's.

    >>> nulled({"f1": float("nan"), "n": (1, 2)})
    {'f1': None, 'n': [1, 2]}
    """
    if isinstance(content, dict):
        return {str(key): nulled(value) for key, value in content.items()}
    if isinstance(content, list | tuple):
        return [nulled(value) for value in content]
    if hasattr(content, "tolist") and not isinstance(content, str | bytes):
        return nulled(content.tolist())
    if isinstance(content, float) and not math.isfinite(content):
        return None
    return content


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
