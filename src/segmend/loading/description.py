"""dataset.json and splits.json: what a folder says about itself."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from segmend.core.roles import purpose, role
from segmend.core.task import NAMES
from segmend.errors import InputError

FILE = "dataset.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """The keys of dataset.json that are read; all others are ignored.

    Attributes:
        task: one of ``segmend.core.task.NAMES``.
        says_task: whether the file names the task.
        rank: number of spatial axes of the recordings: 1 for signals, 2 for images; None where the file does not say.
        sampling_rate_hz: steps per second.
        channels: one name per channel.
        labels: class names without the background, in the order of their numbers.
        background: the class number of the background or None, where the file says; "auto" where it does not.
        split: names of recordings by role, whatever other people call the roles.
        groups: group by name of recording.
        costs: what it costs to predict the column's class where the row's is true, as the file has it; None without.
        path: the file, for messages; None where there is none.
    """

    task: str = "segmentation"
    says_task: bool = False
    rank: int | None = None
    sampling_rate_hz: float | None = None
    channels: tuple[str, ...] | None = None
    labels: tuple[str, ...] | None = None
    background: int | str | None = "auto"
    split: dict[str, tuple[str, ...]] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)
    costs: Any = None
    path: Path | None = None

    @property
    def multilabel(self) -> bool:
        """Whether labels may overlap."""
        return self.task.startswith("multilabel-")


def read_description(folder: Path) -> Description:
    """The description of a folder; an empty one where it has no dataset.json.

    Raises:
        InputError: broken JSON, or a key of the wrong type.
    """
    path = folder / FILE
    if not path.exists():
        return Description()
    content = read_json_object(path)
    task = content.get("task", "segmentation")
    if task not in NAMES:
        raise InputError(f"{path}: task: expected one of {list(NAMES)}. Received {task!r}")
    background = content.get("background", "auto")
    if background not in ("auto", None) and (isinstance(background, bool) or not isinstance(background, int)):
        raise InputError(f"{path}: background: expected a class number or null. Received {background!r:.80}")
    return Description(
        task=task,
        says_task="task" in content,
        rank=_rank(path, content.get("rank")),
        sampling_rate_hz=_rate(path, content.get("sampling_rate_hz")),
        channels=_names(path, "channels", content.get("channels")),
        labels=_names(path, "labels", content.get("labels")),
        background=background,
        split=_split(path, content.get("split")),
        groups=_groups(path, content.get("groups")),
        costs=content.get("costs"),
        path=path,
    )


def read_json_object(path: Path) -> dict[str, Any]:
    """One JSON object.

    Raises:
        InputError: the file is no JSON (the message names line and column) or no object.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except json.JSONDecodeError as error:
        raise InputError(
            f"{path}, line {error.lineno}, column {error.colno}: expected JSON. Received: {error.msg.lower()}"
        ) from None
    except RecursionError:
        raise InputError(f"{path}: expected a JSON object. Received one nested too deeply") from None
    except (OSError, UnicodeDecodeError) as error:
        fault = "other bytes than UTF-8" if isinstance(error, UnicodeDecodeError) else error.strerror
        raise InputError(f"{path}: expected a JSON file. Received: {fault}") from None
    if not isinstance(content, dict):
        raise InputError(f"{path}: expected a JSON object. Received {type(content).__name__}")
    return content


def parts_of(path: Path, content: Any, key: str = "") -> dict[str, tuple[str, ...]]:
    """Lists of recording names by role or fold.

    Raises:
        InputError: something other than lists of names, or a name twice in one list.
    """
    where = f"{path}: {key}: " if key else f"{path}: "
    if content is None:
        return {}
    if not isinstance(content, dict) or not all(isinstance(names, list) for names in content.values()):
        raise InputError(f"{where}expected lists of recording names by role. Received {content!r:.80}")
    parts = {str(part): tuple(str(name) for name in names) for part, names in content.items()}
    for part, names in parts.items():
        if len(set(names)) != len(names):
            twice = next(name for k, name in enumerate(names) if name in names[:k])
            raise InputError(f'{where}{part}: expected each recording once. Received "{twice}" twice')
    return parts


def _split(path: Path, content: Any) -> dict[str, tuple[str, ...]]:
    """The parts of a split by their roles; beside "train" there are no others."""
    split: dict[str, tuple[str, ...]] = {}
    for part, names in parts_of(path, content, "split").items():
        if role(part) in split:
            raise InputError(f'{path}: split: expected one list for "{role(part)}". Received "{part}" beside another')
        split[role(part)] = names
    others = [part for part in split if purpose(part) is None]
    if others and "train" in split:
        raise InputError(f'{path}: split: expected the roles train, val and test... Received "{others[0]}"')
    return {part: names for part, names in split.items() if names}


def _rank(path: Path, value: Any) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or value not in (1, 2):
        raise InputError(f"{path}: rank: expected 1 (signals) or 2 (images). Received {value!r:.80}")
    return int(value)


def _rate(path: Path, value: Any) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < float("inf"):
        raise InputError(f"{path}: sampling_rate_hz: expected a positive number or null. Received {value!r:.80}")
    return float(value)


def _names(path: Path, key: str, value: Any) -> tuple[str, ...] | None:
    if value is None:
        return None
    if not isinstance(value, list) or not all(_is_name(name) for name in value):
        raise InputError(f"{path}: {key}: expected a list of names. Received {value!r:.80}")
    if len(set(value)) != len(value):
        raise InputError(f"{path}: {key}: expected distinct names. Received {value!r:.200}")
    return tuple(str(name) for name in value)


def _groups(path: Path, value: Any) -> dict[str, str]:
    if value is None:
        return {}
    if not isinstance(value, dict) or not all(isinstance(group, str | int) for group in value.values()):
        raise InputError(f"{path}: groups: expected a group by name of recording. Received {value!r:.80}")
    return {name: str(group) for name, group in value.items()}


def _is_name(value: Any) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool) and value != ""
