"""Memory and speed of an audit of many long recordings, beside reading the same bytes with NumPy.

    python benchmarks/audit_memory.py [--recordings 1000] [--steps 1000000] [--segments 20] [--folder DIR]

Writes a DATA folder of recordings of one channel of float32, noise with segments that lie higher, each different from
the others (4 GB by default; removed afterwards), with annotations.csv and a group for each recording. Then, in turns:
``np.load`` with ``mmap_mode`` and the sum of every recording, one after the other; ``segmend.audit`` of the folder,
from the files to the findings, with resident memory as it goes on; NumPy again. First all three find the files in the
page cache, then none does: the kernel is told to drop them before each. Resident memory is that of the process, mapped
pages of files included. Prints Markdown.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

import segmend

LENGTH = 400


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--recordings", type=int, default=1000)
    parser.add_argument("--steps", type=int, default=1_000_000)
    parser.add_argument("--segments", type=int, default=20)
    parser.add_argument("--folder", type=Path, help="where the data are written, for a while")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as name:
        folder = Path(name)
        write(folder, options.recordings, options.steps, options.segments)
        files = sorted((folder / "signals").iterdir())
        read(files)
        for source, prepare in (("page cache", lambda: None), ("disk", lambda: evict(files))):
            measure(folder, files, source, prepare)


def write(folder: Path, recordings: int, steps: int, segments: int) -> None:
    """A DATA folder; recordings are one noise turned round by different amounts."""
    rng = np.random.default_rng(0)
    noise = rng.normal(0, 1, steps).astype(np.float32)
    (folder / "signals").mkdir()
    rows = ["recording,start,end,label"]
    for number in range(recordings):
        values = np.roll(noise, 977 * number)
        for k, start in enumerate((np.arange(segments) * (steps // segments) + rng.integers(LENGTH)).tolist()):
            values[start : start + LENGTH] += 2 + k % 2
            rows.append(f"r{number:04d},{start},{start + LENGTH},{'ab'[k % 2]}")
        np.save(folder / "signals" / f"r{number:04d}.npy", values[:, np.newaxis])
    (folder / "annotations.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    (folder / "dataset.json").write_text(json.dumps({"sampling_rate_hz": 100}), encoding="utf-8")


def read(files: list[Path]) -> tuple[float, float]:
    """Seconds by the clock and of processor time that NumPy takes for the sum of every recording."""
    begun = time.perf_counter(), time.process_time()
    for file in files:
        np.load(file, mmap_mode="r").sum()
    return time.perf_counter() - begun[0], time.process_time() - begun[1]


def evict(files: list[Path]) -> None:
    """Have the kernel drop its copies of files."""
    for file in files:
        number = os.open(file, os.O_RDONLY)
        os.fsync(number)
        os.posix_fadvise(number, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(number)


def measure(folder: Path, files: list[Path], source: str, prepare: Callable[[], None]) -> None:
    """Both arms in turns, and resident memory as the audit goes on."""
    size = sum(file.stat().st_size for file in files)
    resident: dict[int, float] = {}
    marks = {1, len(files) // 10, len(files) // 2, len(files)}

    def progress(done: int, total: int) -> None:
        if done in marks:
            resident[done] = megabytes()

    prepare()
    before, first = megabytes(), read(files)
    prepare()
    begun = time.perf_counter(), time.process_time()
    diagnosis = segmend.audit(folder, progress=progress)
    audit = time.perf_counter() - begun[0], time.process_time() - begun[1]
    prepare()
    second = read(files)
    facts = diagnosis.chart.fingerprint
    print(f"\nFrom the {source}: {len(files):,} recordings, {size / 1e9:.2f} GB, {facts.segments:,} segments\n")
    print("| recordings done | resident, MB |\n|---|---|")
    for done, memory in ((0, before), *sorted(resident.items())):
        print(f"| {done:,} | {memory:.0f} |")
    print("\n| | seconds | GB/s | processor seconds |\n|---|---|---|---|")
    for name, (taken, used) in (("NumPy, before", first), ("audit", audit), ("NumPy, after", second)):
        print(f"| {name} | {taken:.2f} | {size / taken / 1e9:.2f} | {used:.2f} |")
    print(f"\naudit / NumPy: {(first[0] + second[0]) / 2 / audit[0]:.2f} of the throughput (target 0.5)")
    floor = facts.separability
    print(f"separability floor: {floor.samples:,} samples, AUC {floor.auc:.3f}" if floor else "no separability floor")


def megabytes() -> float:
    """Resident memory of this process."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1000


if __name__ == "__main__":
    main()
