"""What a training that is not done keeps beside the RUN it will become, so that it can go on after an interruption."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from segmend.artifacts.fingerprint import Fingerprint
from segmend.artifacts.plan import Plan
from segmend.core.backend import choose_backend
from segmend.core.dataset import Dataset
from segmend.core.files import locked, nulled, require_free, write_json
from segmend.errors import InputError, OutputExistsError
from segmend.pipeline.runs.run_folder import RUN
from segmend.planning import toml

BEGAN, LOCK = "began.json", "lock"
VERSIONS = ("segmend", "keras", "numpy")
"""Packages of which another version may draw, scale or name things otherwise."""


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A folder beside a RUN with a checkpoint for each network.

    Attributes:
        out: the RUN.
        folder: hidden, and there only while a training is not done.
    """

    out: Path
    folder: Path

    @classmethod
    def of(cls, out: Path) -> Unfinished:
        """That of a RUN, whether or not it is there."""
        beside = out.absolute()  # of a link, where the link is: the RUN takes its place
        return cls(out, beside.parent / f".{beside.name}.unfinished")

    @property
    def whole(self) -> bool:
        """Whether the RUN was written to its end, and nothing is left to go on with."""
        run, began = self.out / RUN, self.folder / BEGAN
        return run.is_file() and not (began.exists() and began.stat().st_mtime_ns > run.stat().st_mtime_ns)

    @property
    def replaces(self) -> bool:
        """Whether the training that was interrupted may replace what is in RUN."""
        return bool(self._began().get("overwrite", False))

    def forget(self) -> None:
        """Remove the folder, if it is there."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _began(self) -> dict[str, Any]:
        file = self.folder / BEGAN
        return dict(json.loads(file.read_text(encoding="utf-8"))) if file.exists() else {}

    def require(self, *, overwrite: bool, resume: bool) -> None:
        """Refuse what would lose something: files in RUN, or a training that was interrupted.

        Raises:
            OutputExistsError: there are such, and neither ``overwrite`` nor ``resume`` was asked for.
            InputError: both were.
        """
        if overwrite and resume:
            raise InputError("resume, overwrite: expected one of the two. Received both")
        if resume and self.whole:
            return
        if self.folder.exists() and not (overwrite or resume):
            raise OutputExistsError(
                f"{self.out}: expected a new RUN. Received one whose training was interrupted, or is going on "
                f"(--resume goes on with it, --overwrite begins anew): {self.folder}"
            )
        require_free(self.out, overwrite=overwrite or (resume and self.replaces))

    def checkpoint(self, member: int) -> Path:
        """Where a network keeps its course."""
        return self.folder / f"member{member + 1}.npz"

    def spent(self, member: int | None = None) -> float:
        """Seconds that went into a network, or into all, before the interruption."""
        from segmend.training.checkpoint import read

        files = sorted(self.folder.glob("member*.npz")) if member is None else [self.checkpoint(member)]
        return sum(course.spent for course in map(read, files) if course is not None)

    @contextmanager
    def going_on(self, data: Dataset, facts: Fingerprint, plan: Plan, *, overwrite: bool) -> Iterator[Path]:
        """The folder while a training lasts; afterwards it stays only where there is something to go on from.

        Raises:
            InputError: another training was interrupted: of other data, by another plan, or on another backend.
        """
        began = {
            "backend": choose_backend(),
            "versions": {name: version(name) for name in VERSIONS},
            "split": {role: list(names) for role, names in data.split.items()},
            "fingerprint": facts.to_dict(),
            "plan": toml.loads(toml.dumps(plan)).to_dict(),
        }
        self.folder.mkdir(parents=True, exist_ok=True)
        with locked(self.folder / LOCK):
            if not overwrite and (self.folder / BEGAN).exists():
                self._require_alike(json.loads(json.dumps(nulled(began))))
                self._clear(keep=(BEGAN, LOCK, "member*.npz"))  # half a RUN is written anew
            else:
                self._clear(keep=(LOCK,))
                write_json(self.folder / BEGAN, {**began, "overwrite": overwrite})
            done = False
            try:
                yield self.folder
                done = True
            finally:
                if done or not any(self.folder.glob("member*.npz")):
                    self.forget()

    def _clear(self, keep: Sequence[str]) -> None:
        """Remove what is not kept."""
        for path in self.folder.iterdir():
            if not any(path.match(pattern) for pattern in keep):
                shutil.rmtree(path) if path.is_dir() else path.unlink()

    def _require_alike(self, now: dict[str, Any]) -> None:
        told = _difference(self._began(), now)
        if told is not None:
            raise InputError(
                f"{self.out}: expected the training that was interrupted. {told} (--overwrite begins anew)"
            )


def _difference(before: dict[str, Any], now: dict[str, Any]) -> str | None:
    """The first thing in which two beginnings differ, in words."""
    if before["backend"] != now["backend"]:
        return f"It began on the backend {before['backend']}. Received {now['backend']}"
    if before["versions"] != now["versions"]:
        return f"It began with {_listed(before['versions'])}. Received {_listed(now['versions'])}"
    if before["split"] != now["split"] or before["fingerprint"] != now["fingerprint"]:
        return "Received other recordings, annotations, labels or another split than it began with"
    for section, keys in now["plan"]["choices"].items():
        for key, choice in keys.items():
            was = before["plan"]["choices"].get(section, {}).get(key, {}).get("value")
            if was != choice["value"]:
                return f"Its plan has {section}.{key} = {was!r:.60}. Received {choice['value']!r:.60}"
    return None


def _listed(versions: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {number}" for name, number in versions.items())
