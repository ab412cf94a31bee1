"""What the parts of a split are for."""

from __future__ import annotations

from typing import Literal

Purpose = Literal["train", "val", "test"]

ALIASES = {"training": "train", "valid": "val", "validation": "val", "testing": "test"}
"""What other people call the parts of a split."""


def role(part: str) -> str:
    """The name of a part of a split as it is used here; folds and groups keep their own.

    Examples:
        >>> [role(part) for part in ("Training", "valid", "Test", "test_room2", "Split_1")]
        ['train', 'val', 'test', 'test_room2', 'Split_1']
    """
    small = part.lower()
    known = ALIASES.get(small, small)
    return part if purpose(known) is None else known


def purpose(part: str) -> Purpose | None:
    """What a part of a split is for, None where its name says that it is a fold or a group.

    Examples:
        >>> [purpose(part) for part in ("train", "val", "test", "test_room2", "split_1")]
        ['train', 'val', 'test', 'test', None]
    """
    if part == "train":
        return "train"
    if part == "val":
        return "val"
    return "test" if part.startswith("test") else None
