"""Many patients, in processes beside each other, each kept when it is done."""

from __future__ import annotations

import functools
import hashlib
import json
import multiprocessing
import sys
import time
from pathlib import Path
from typing import Any


def perform(chosen: list[Any], cache: Path, jobs: int, *, because: bool = True) -> None:
    """Run the patients whose diagnosis is missing or of other code; ``because`` tries the remedies, too."""
    code = source_digest() + ("" if because else " named only")
    waiting = [each for each in chosen if not is_current(record_of(each, cache), code)]
    began, done = time.monotonic(), 0
    context = multiprocessing.get_context("spawn")
    # A process is left after a few patients, since compiled functions pile up in it.
    with context.Pool(jobs, maxtasksperchild=8) as pool:
        for word in pool.imap_unordered(functools.partial(one, cache=cache, code=code, because=because), waiting):
            done += 1
            print(f"{done}/{len(waiting)} {time.monotonic() - began:.0f} s  {word}", file=sys.stderr, flush=True)


def one(patient: Any, cache: Path, code: str, because: bool) -> str:
    """Run one patient in a process that others use too."""
    import keras
    from benchmarks.faults.running import run

    keras.backend.clear_session()
    result = run(patient, cache, because=because) | {"code": code}
    file = record_of(patient, cache)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.with_suffix(".part").write_text(json.dumps(result))
    file.with_suffix(".part").replace(file)
    first = [finding["rule"] for finding in result["findings"][:4]]
    return f"{patient.name}: fit {result['fit_s']:.0f} s, diagnosed {result['diagnose_s']:.1f} s, {first}"


def record_of(patient: Any, cache: Path) -> Path:
    """Where a patient's diagnosis is kept."""
    return cache / "diagnosed" / f"{patient.name}.json"


def is_current(file: Path, code: str) -> bool:
    """Whether a diagnosis is there and of this code."""
    return file.is_file() and json.loads(file.read_text()).get("code") == code


def source_digest() -> str:
    """Of all that a diagnosis depends on but the training."""
    import segmend

    known = hashlib.sha256()
    for folder in (Path(segmend.__file__).parent, Path(__file__).parent):
        for file in sorted(folder.rglob("*.py")):
            known.update(file.read_bytes())
    return known.hexdigest()[:20]
