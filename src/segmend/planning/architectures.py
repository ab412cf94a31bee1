"""Which of the plan's values each architecture takes, and which task it is for."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from segmend.core.task import Kind, Task
from segmend.errors import InputError


@dataclass(frozen=True, slots=True)
class Architecture:
    """One architecture.

    Attributes:
        kind: "segmentation" gives a label per step, "classification" one per recording.
        ranks: numbers of spatial axes that it takes.
        takes: the model section's keys that it takes, each with the name of its argument.
    """

    kind: Kind
    ranks: tuple[int, ...]
    takes: MappingProxyType[str, str]


def _same(*keys: str, **renamed: str) -> MappingProxyType[str, str]:
    return MappingProxyType({**{key: key for key in keys}, **renamed})


ARCHITECTURES = {
    "tcn": Architecture("segmentation", (1, 2), _same("stages", "detail", "filters", "dropout", "drop_path", "norm")),
    "unet": Architecture("segmentation", (1, 2), _same("stages", "detail", "filters", "dropout", "norm")),
    "recurrent": Architecture(
        "segmentation", (1,), _same("stages", "detail", "filters", "depth", "dropout", "drop_path", "norm")
    ),
    "attention": Architecture(
        "segmentation", (1,), _same("stages", "detail", "filters", "depth", "dropout", "drop_path", "norm")
    ),
    "lstm": Architecture("segmentation", (1,), _same("depth", "dropout", filters="units")),
    "inception": Architecture("classification", (1, 2), _same("depth", "filters", "dropout", "drop_path", "norm")),
    "rocket": Architecture("classification", (1,), _same("depth", "dropout")),
    "residual": Architecture(
        "classification", (1, 2), _same("filters", "dropout", "drop_path", "norm", depth="levels")
    ),
}
"""By the names of the catalogue; what is not here takes arguments that no plan has."""


def fitting(name: str, task: Task) -> Architecture:
    """The architecture of a name.

    Raises:
        InputError: no plan can name it, or it is for another task.

    Examples:
        >>> sorted(fitting("residual", Task.named("classification", 4, rank=2)).takes.values())
        ['drop_path', 'dropout', 'filters', 'levels', 'norm']
    """
    fit = [key for key, each in ARCHITECTURES.items() if each.kind == task.kind and task.rank in each.ranks]
    if name not in fit:
        raise InputError(
            f"plan: model.architecture: expected names among {sorted(fit)}, which are for {task.kind} of "
            f'{"images" if task.rank > 1 else "signals"}. Received "{name}"'
        )
    return ARCHITECTURES[name]
