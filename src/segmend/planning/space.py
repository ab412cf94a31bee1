"""Which of a plan's values may be tuned, and over what: pure functions of the fingerprint and the plan."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from segmend.artifacts.fingerprint import Fingerprint
from segmend.artifacts.plan import Plan
from segmend.core.stages import field_of_stages
from segmend.errors import InputError
from segmend.planning.architectures import fitting
from segmend.planning.check import total_stride
from segmend.planning.decisions.loss import CAP, class_shares, weights_by
from segmend.planning.decisions.sampling import choose_augment
from segmend.planning.decisions.stages import KERNEL, dilated_stacks, down_and_back
from segmend.planning.reach import round_up
from segmend.planning.sides import learnt_from, side, task_of
from segmend.planning.values import Values, as_stages, full_key

Pick = str | float
"""The name of an option, or a number in a range."""


@dataclass(frozen=True, slots=True)
class Tunable:
    """What one key of a plan may be.

    Attributes:
        options: values by name, the planned one first; of a range, those that a grid takes.
        bounds: lowest and highest value where it is a number on a logarithmic scale, else None.
    """

    options: MappingProxyType[str, Any]
    bounds: tuple[float, float] | None = None

    @property
    def planned(self) -> Pick:
        """The pick that leaves the plan as it is."""
        name, value = next(iter(self.options.items()))
        return name if self.bounds is None else float(value)

    @property
    def picks(self) -> tuple[Pick, ...]:
        """What a grid takes, the planned one first."""
        return tuple(self.options) if self.bounds is None else tuple(float(value) for value in self.options.values())

    def value(self, pick: Pick) -> Any:
        """The plan's value for a pick; a number of a range with three digits."""
        if self.bounds is None:
            return self.options[str(pick)]
        return next((value for value in self.options.values() if value == pick), float(f"{pick:.3g}"))


Tuning = Callable[[Fingerprint, Values], Tunable | None]


def space(
    facts: Fingerprint, plan: Plan, *, fixed: Collection[str] = (), keys: Sequence[str] | None = None
) -> dict[str, Tunable]:
    """What may be tuned of a plan, by "section.key".

    Args:
        facts: about the data.
        plan: complete; its values are the first options.
        fixed: keys that keep the plan's value.
        keys: the only ones to tune, by "section.key" or key alone; None for all that the task takes.

    Raises:
        InputError: a key is unknown, cannot be tuned here, or is both named and fixed; or nothing is left to tune.
    """
    values = Values.of(plan)
    found = {key: tunable for key, tune in TUNED.items() if (tunable := tune(facts, values)) is not None}
    left = {key: tunable for key, tunable in found.items() if key not in fixed}
    named = list(left) if keys is None else [full_key(key, "keys") for key in keys]
    for key in named:
        if key not in left:
            why = "one that is set by hand" if key in fixed else f'"{key}"'
            raise InputError(f"keys: expected names among {list(left)}. Received {why}")
    if not named:
        raise InputError("keys: expected one or more to tune. Received none that is not set by hand")
    return {key: tunable for key, tunable in left.items() if key in named}


def one_of(values: Iterable[Any], name: Callable[[Any], str] = str) -> Tunable | None:
    """The values as options, each once; None where there is no choice between two.

    Examples:
        >>> dict(one_of([32, 16, 32, 64]).options), one_of([1, 1])
        ({'32': 32, '16': 16, '64': 64}, None)
    """
    options: dict[str, Any] = {}
    for value in values:
        if value not in options.values():
            options[name(value)] = value
    return _named(options)


def _named(options: Mapping[str, Any]) -> Tunable | None:
    return Tunable(MappingProxyType(dict(options))) if len(options) > 1 else None


def _with_planned(planned: Any, named: Mapping[str, Any]) -> Tunable | None:
    """Named values, the planned one first, by its own name where it is one of them."""
    own = next((name for name, value in named.items() if value == planned), "planned")
    return _named({own: planned, **{name: value for name, value in named.items() if value != planned}})


def tune_length(facts: Fingerprint, values: Values) -> Tunable | None:
    """Half the window and twice; no longer than the longest recording, and on the grid of the stages."""
    planned, stride = values.window.length, total_stride(as_stages(values.model.stages))
    task = task_of(facts)
    longest = side(facts, 50) if task.rank > 1 else max((r.steps for r in learnt_from(facts)), default=planned)
    most = max(planned, round_up(longest, stride))
    half, twice = (round_up(factor * planned, stride) for factor in (0.5, 2))
    return one_of(length for length in (planned, half, min(twice, most)) if length > 1)


def tune_stages(facts: Fingerprint, values: Values) -> Tunable | None:
    """Fields of about half and twice the planned size, on the same grid; of images a halving less and one more."""
    planned = [stage.model_dump(exclude_unset=True) for stage in values.model.stages]
    if not _takes(facts, values, "stages") or not planned:
        return None
    stride, size = total_stride(planned), field_of_stages(planned).size or 1
    if task_of(facts).rank > 1:
        levels = stride.bit_length() - 1
        others = [down_and_back(count) for count in (levels - 1, levels + 1) if count >= 1]
    else:
        every = dilated_stacks(stride, last_kernel=KERNEL if values.model.detail else 1)
        others = [min(every, key=lambda each: abs(each[0] - factor * size))[1] for factor in (0.5, 2)]
    named: dict[str, Any] = {f"field of {size}": planned}
    for stages in others:
        if (reach := field_of_stages(stages).size) != size:
            named[f"field of {reach}"] = stages
    return _named(named)


def tune_depth(facts: Fingerprint, values: Values) -> Tunable | None:
    """Half and half as much again of the blocks of signals; of images a grid less, and one more where it has pixels."""
    task, planned = task_of(facts), values.model.depth
    if not _takes(facts, values, "depth"):
        return None
    if task.rank == 1:
        half = max(1, planned // 2)
        return one_of([planned, half, planned + half])
    more = [planned + 1] if values.window.length // 2**planned >= 4 else []
    return one_of([planned, max(1, planned - 1), *more])


def tune_filters(facts: Fingerprint, values: Values) -> Tunable | None:
    """Half and twice as many."""
    planned = values.model.filters
    return one_of([planned, max(1, planned // 2), 2 * planned]) if _takes(facts, values, "filters") else None


def tune_dropout(facts: Fingerprint, values: Values) -> Tunable | None:
    """From none to two channels in five."""
    return one_of([values.model.dropout, 0.0, 0.1, 0.2, 0.4]) if _takes(facts, values, "dropout") else None


def tune_drop_path(facts: Fingerprint, values: Values) -> Tunable | None:
    """None, and up to one recording in five; of networks with shortcuts."""
    return one_of([values.model.drop_path, 0.0, 0.1, 0.2]) if _takes(facts, values, "drop_path") else None


def tune_norm(facts: Fingerprint, values: Values) -> Tunable | None:
    """Every normalisation there is."""
    return one_of([values.model.norm, "batch", "layer", "none"]) if _takes(facts, values, "norm") else None


def tune_dice(facts: Fingerprint, values: Values) -> Tunable | None:
    """Without the overlap of classes, with half, one and two of it."""
    if task_of(facts).kind == "classification":
        return None
    return one_of([values.loss.dice, 0.0, 0.5, 1.0, 2.0])


def tune_class_weights(facts: Fingerprint, values: Values) -> Tunable | None:
    """Flat, balanced, and between the two; not where labels overlap, whose shares do not add up."""
    shares, planned = class_shares(facts), list(values.loss.class_weights)
    if task_of(facts).labels == "multilabel" or not any(shares):
        return None
    named = {"flat": 0.0, "sqrt": 0.5, "balanced": 1.0}
    schemes = {name: weights_by(shares, power, max(1.0, CAP ** (2 * power))) for name, power in named.items()}
    if all(weight == 1 for weight in planned):
        schemes["flat"] = planned
    return _with_planned(planned, schemes)


def tune_balanced(facts: Fingerprint, values: Values) -> Tunable | None:
    """No window, half of them or nearly all around a class drawn evenly; not where there is one class alone."""
    if sum(bool(each.segments) for each in facts.classes) < 2:
        return None
    return one_of([values.sampling.balanced, 0.0, 0.5, 0.9])


def tune_augment(facts: Fingerprint, values: Values) -> Tunable | None:
    """None, the task's usual ones, and those stronger."""
    planned = [dict(each) for each in values.sampling.augment]
    usual: list[dict[str, Any]] = choose_augment(facts, {}).value
    return _with_planned(planned, {"none": [], "usual": usual, "stronger": [stronger(each) for each in usual]})


def stronger(transform: Mapping[str, Any]) -> dict[str, Any]:
    """The same transform with about twice the change.

    Examples:
        >>> stronger({"name": "scaling", "factor": 1.5}), stronger({"name": "noise", "snr": [20.0, 40.0]})
        ({'name': 'scaling', 'factor': 2.25}, {'name': 'noise', 'snr': [10.0, 30.0]})
    """
    grown: dict[str, Callable[[Any], Any]] = {
        "factor": lambda value: round(value**2, 4),
        "speed": lambda value: round(value**2, 4),
        "height": lambda value: 2 * value,
        "distance": lambda value: min(1.0, 2 * value),
        "by": lambda value: min(1.0, 2 * value),
        "snr": lambda value: [decibels - 10 for decibels in value],
    }
    return {key: grown[key](value) if key in grown else value for key, value in transform.items()}


def tune_learning_rate(facts: Fingerprint, values: Values) -> Tunable | None:
    """From a fifth of the planned rate to five times; a grid takes a third and three times."""
    planned = values.training.learning_rate
    rates = (planned, float(f"{planned / 3:.3g}"), float(f"{planned * 3:.3g}"))
    return Tunable(MappingProxyType({f"{rate:g}": rate for rate in rates}), (planned / 5, planned * 5))


def tune_weight_decay(facts: Fingerprint, values: Values) -> Tunable | None:
    """None, and ten times as much; of the optimizer that decays weights."""
    planned = values.training.weight_decay
    return one_of([planned, 0.0, 10 * planned or 0.01]) if values.training.optimizer == "adamw" else None


def _takes(facts: Fingerprint, values: Values, key: str) -> bool:
    return key in fitting(values.model.architecture, task_of(facts)).takes


TUNED: dict[str, Tuning] = {
    "window.length": tune_length,
    "model.stages": tune_stages,
    "model.depth": tune_depth,
    "model.filters": tune_filters,
    "model.dropout": tune_dropout,
    "model.drop_path": tune_drop_path,
    "model.norm": tune_norm,
    "loss.dice": tune_dice,
    "loss.class_weights": tune_class_weights,
    "sampling.balanced": tune_balanced,
    "sampling.augment": tune_augment,
    "training.learning_rate": tune_learning_rate,
    "training.weight_decay": tune_weight_decay,
}
