"""What a training that is not done keeps beside the RUN it will become, so that it can go on after an interruption."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from segmend.artifacts.fingerprint import Fingerprint
from segmend.artifacts.plan import Plan
from segmend.core.backend import choose_backend
from segmend.core.dataset import Dataset
from segmend.core.files import nulled, require_free, write_json
from segmend.errors import InputError, OutputExistsError
from segmend.pipeline.runs.run_folder import RUN
from segmend.planning import toml

BEGAN = "began.json"


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
        whole = out.resolve()
        return cls(out, whole.parent / f".{whole.name}.unfinished")

    @property
    def whole(self) -> bool:
        """Whether the RUN was written to its end, and nothing is left to go on with."""
        return (self.out / RUN).is_file() and not self.folder.exists()

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
        require_free(self.out, overwrite=overwrite)
        if self.folder.exists() and not (overwrite or resume):
            raise OutputExistsError(
                f"{self.out}: expected a new RUN. Received one whose training was interrupted, or is going on "
                f"(--resume goes on with it, --overwrite begins anew): {self.folder}"
            )

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
            "split": {role: list(names) for role, names in data.split.items()},
            "fingerprint": facts.to_dict(),
            "plan": toml.loads(toml.dumps(plan)).to_dict(),
        }
        if overwrite:
            shutil.rmtree(self.folder, ignore_errors=True)
        if (self.folder / BEGAN).exists():
            self._require_alike(json.loads(json.dumps(nulled(began))))
            for stage in (path for path in self.folder.iterdir() if path.is_dir()):
                shutil.rmtree(stage)  # half a RUN, which is written anew
        else:
            self.folder.mkdir(parents=True, exist_ok=True)
            write_json(self.folder / BEGAN, began)
        done = False
        try:
            yield self.folder
            done = True
        finally:
            if done or not any(self.folder.glob("member*.npz")):
                shutil.rmtree(self.folder, ignore_errors=True)

    def _require_alike(self, now: dict[str, Any]) -> None:
        before = json.loads((self.folder / BEGAN).read_text(encoding="utf-8"))
        told = _difference(before, now)
        if told is not None:
            raise InputError(
                f"{self.out}: expected the training that was interrupted. {told} (--overwrite begins anew)"
            )


def _difference(before: dict[str, Any], now: dict[str, Any]) -> str | None:
    """The first thing in which two beginnings differ, in words."""
    if before["backend"] != now["backend"]:
        return f"It began on the backend {before['backend']}. Received {now['backend']}"
    if before["split"] != now["split"] or before["fingerprint"] != now["fingerprint"]:
        return "Received other recordings, annotations, labels or another split than it began with"
    for section, keys in now["plan"]["choices"].items():
        for key, choice in keys.items():
            was = before["plan"]["choices"].get(section, {}).get(key, {}).get("value")
            if was != choice["value"]:
                return f"Its plan has {section}.{key} = {was!r:.60}. Received {choice['value']!r:.60}"
    return None
