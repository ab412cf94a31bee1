"""What the numbers of masks mean."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from segmend.errors import InputError
from segmend.loading.description import read_json_object


@dataclass(frozen=True, slots=True)
class Meaning:
    """What dataset.json says of masks: what their numbers are, and which number is not judged."""

    mask: Literal["class", "instance"] = "class"
    ignore: int | None = None


def read_meaning(path: Path | None) -> Meaning:
    """What a dataset.json says of masks.

    Raises:
        InputError: another word for what masks hold, or no number.
    """
    content: dict[str, Any] = {} if path is None else read_json_object(path)
    mask, ignore = content.get("mask", "class"), content.get("ignore")
    if mask not in ("class", "instance"):
        raise InputError(f'{path}: mask: expected "class" or "instance". Received {json.dumps(mask):.80}')
    if ignore is not None and (isinstance(ignore, bool) or not isinstance(ignore, int)):
        raise InputError(f"{path}: ignore: expected the number of pixels that are not judged. Received {ignore!r:.80}")
    return Meaning(mask, ignore)
