"""A plan with other values for some of its keys, and what follows from them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from segmend.artifacts.fingerprint import Fingerprint
from segmend.artifacts.plan import Choice, Plan
from segmend.planning.decisions import DECISIONS
from segmend.planning.make import make

CAUSES = ("window.length", "model.stages")
FOLLOWERS = ("window.tile", "window.hop", "training.batch_size", "training.steps")
"""What is planned anew where one of the causes changes."""


def with_values(
    facts: Fingerprint,
    plan: Plan,
    values: Mapping[str, Any],
    *,
    fixed: Collection[str] = (),
    budget_s: float,
    because: str = "tried by tuning",
) -> Plan:
    """The plan with other values, each with its reason; all others keep theirs.

    Tiles, batches and their number follow the window and the stages, unless they are fixed.

    Args:
        facts: about the data.
        plan: complete.
        values: by "section.key"; those that the plan has already change nothing.
        fixed: keys that follow nothing.
        budget_s: seconds of a training.
        because: why the changed values were chosen, after which the planned one is told.

    Raises:
        InputError: the values do not fit together.
    """
    kept = {f"{section}.{key}": choice for section, keys in plan.choices.items() for key, choice in keys.items()}
    changed = {key: value for key, value in values.items() if value != kept[key].value}
    if not changed:
        return plan
    follow = [key for key in FOLLOWERS if key not in fixed] if any(key in changed for key in CAUSES) else []
    choices: dict[str, dict[str, Choice]] = {}
    for key, choice in kept.items():
        section, _, name = key.partition(".")
        if key in changed:
            choices.setdefault(section, {})[name] = Choice(
                value=changed[key], because=f"{because}; planned was {choice.value}", source="tune"
            )
        elif key not in follow:
            choices.setdefault(section, {})[name] = choice
    seed = int(kept["training.seed"].value)
    return make(facts, budget_s=budget_s, seed=seed, given=Plan(choices=choices))


def names_of(plan: Plan) -> list[str]:
    """The keys that a plan has, by "section.key"."""
    return [f"{section}.{key}" for section, keys in plan.choices.items() for key in keys]


def only(plan: Plan, names: Collection[str]) -> Plan:
    """A partial plan of these keys."""
    choices = {
        section: {key: choice for key, choice in keys.items() if f"{section}.{key}" in names}
        for section, keys in plan.choices.items()
    }
    return Plan(choices={section: keys for section, keys in choices.items() if keys})


def for_any_budget(plan: Plan, *, kept: Collection[str]) -> Plan:
    """A partial plan without what was chosen for the seconds of a training, which is left to be planned anew.

    Args:
        plan: complete.
        kept: keys that stay, whatever they were chosen for, and what follows from them alone.

    Examples:
        >>> told = {"filters": ("16", "budget"), "norm": ("batch", "default"), "dropout": ("0.1", "budget")}
        >>> model = {key: Choice(value=value, because="", source=source) for key, (value, source) in told.items()}
        >>> names_of(for_any_budget(Plan(choices={"model": model}), kept=["model.dropout"]))
        ['model.norm', 'model.dropout']
    """
    gone = {"budget"}
    for key in DECISIONS:  # each comes after those that it follows from
        section, _, name = key.partition(".")
        choice = plan.choices.get(section, {}).get(name)
        if choice is not None and key not in kept and gone.intersection(choice.source.split(", ")):
            gone.add(key)
    return only(plan, set(names_of(plan)) - gone)


def changes(plan: Plan, other: Plan) -> dict[str, tuple[Any, Any]]:
    """The keys whose values differ, with the value of each plan.

    Examples:
        >>> few, many = (Plan(choices={"model": {"filters": Choice(value=n, because="", source="")}}) for n in (8, 16))
        >>> changes(few, many)
        {'model.filters': (8, 16)}
    """
    return {
        f"{section}.{key}": (choice.value, other.choices[section][key].value)
        for section, keys in plan.choices.items()
        for key, choice in keys.items()
        if choice.value != other.choices[section][key].value
    }
