"""What kind of question the labels answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from segmend.errors import InputError

Kind = Literal["segmentation", "classification"]
Structure = Literal["binary", "multiclass", "multilabel"]

NAMES = ("segmentation", "multilabel-segmentation", "classification", "multilabel-classification")


@dataclass(frozen=True, slots=True)
class Task:
    """A task.

    Attributes:
        kind: "segmentation" (a label per step) or "classification" (a label per recording).
        labels: label structure, in scikit-learn's words.
        rank: number of spatial axes: 1 for signals, 2 for images.
        classes: number of classes, the background included.
    """

    kind: Kind
    labels: Structure
    rank: int
    classes: int

    def to_dict(self) -> dict[str, object]:
        """The task as it stands in JSON."""
        return {"kind": self.kind, "labels": self.labels, "rank": self.rank, "classes": self.classes}

    @property
    def unit(self) -> str:
        """What carries a label: "steps", "pixels", "recordings" or "images"."""
        if self.kind == "classification":
            return self.holders
        return "steps" if self.rank == 1 else "pixels"

    @property
    def item(self) -> str:
        """What is counted: "segments", "objects", or, where each has its label, "recordings" or "images"."""
        if self.kind == "classification":
            return self.unit
        return "segments" if self.rank == 1 else "objects"

    @property
    def holders(self) -> str:
        """What the data consist of: "recordings" or "images"."""
        return "recordings" if self.rank == 1 else "images"

    @property
    def name(self) -> str:
        """The task as dataset.json and ``task=`` spell it."""
        return f"multilabel-{self.kind}" if self.labels == "multilabel" else self.kind

    @classmethod
    def named(cls, name: str, classes: int, rank: int = 1) -> Task:
        """The task that dataset.json or ``task=`` names.

        Raises:
            InputError: the name is no task.
        """
        if name not in NAMES:
            raise InputError(f'task: expected one of {list(NAMES)}. Received "{name}"')
        structure: Structure = "multilabel" if name.startswith("multilabel-") else "multiclass"
        kind: Kind = get_args(Kind)[0] if name.endswith("segmentation") else get_args(Kind)[1]
        return cls(kind, structure, rank, classes)
