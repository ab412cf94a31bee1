"""What the parts of a split are for."""

from __future__ import annotations

from typing import Literal

Purpose = Literal["train", "val", "test"]


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
