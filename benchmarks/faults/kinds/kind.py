"""What a kind of fault is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from benchmarks.faults.data import Subset
from benchmarks.faults.kinds.proofs import always
from benchmarks.faults.recipe import Recipe

SEGMENTATION = {"ludb": "tcn", "finch_gy6or6": "unet", "dsb_nuclei": "unet"}
SIGNALS = {"ludb": "unet", "finch_gy6or6": "tcn"}
WHOLES = {"ludb_waves": "pooled", "finch_syllables": "pooled", "bccd_cells": "pooled"}
RECURRENT = {"ludb_waves": "both_states", "finch_syllables": "both_states"}
ANY = {"ludb": "unet", "finch_syllables": "pooled", "dsb_nuclei": "unet"}
OTHER = {"ludb_waves": "both_states", "finch_gy6or6": "tcn", "bccd_cells": "pooled"}
WHOLES_OF_SEVERAL = {"finch_presence": "pooled", "bccd_mosaics": "pooled"}
SEVERAL = {"ludb_overlapping": "unet", **WHOLES_OF_SEVERAL}


def same_recipe(recipe: Recipe) -> Recipe:
    """The recipe as it is."""
    return recipe


def same_data(data: Subset, rng: Any) -> Subset:
    """The data as they are."""
    return data


def untouched(model: Any, data: Subset, rng: Any) -> None:
    """The model as trained."""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A fault that is put into healthy programs.

    Attributes:
        name: of the kind; what follows a colon tells several of one fault apart.
        right: names of rules that are as right, since they are the same fault seen from another side.
        sets: style of the healthy program by data set.
        recipe: changes the program.
        data: changes the data.
        after: changes the trained model.
        fits: whether the program can be trained at all; otherwise the doctor sees it untrained.
        arguments: of ``segmend.diagnose``, made of the data.
        took: whether the fault took place, of the record of a model and that of its healthy twin (None where it was
            not run); a model in which it did not is no case.
    """

    name: str
    right: tuple[str, ...] = ()
    sets: dict[str, str]
    recipe: Callable[[Recipe], Recipe] = same_recipe
    data: Callable[[Subset, Any], Subset] = same_data
    after: Callable[[Any, Subset, Any], None] = untouched
    fits: bool = True
    arguments: Callable[[Subset], dict[str, Any]] = field(default=lambda data: {})
    took: Callable[[dict[str, Any], dict[str, Any] | None], bool] = always

    @property
    def rules(self) -> tuple[str, ...]:
        """Names of rules that name the fault, the best first."""
        return (self.name.partition(":")[0], *self.right)
