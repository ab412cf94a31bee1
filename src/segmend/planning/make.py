"""From a fingerprint to a plan: the decisions in their order, each seeing what was given or chosen before it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from segmend.artifacts.fingerprint import Fingerprint
from segmend.artifacts.plan import Choice, Plan
from segmend.planning.check import check
from segmend.planning.decisions import DECISIONS
from segmend.planning.sides import task_of
from segmend.planning.values import Values, check_value, full_key, key_names


def make(
    fingerprint: Fingerprint,
    *,
    budget_s: float = 600.0,
    seed: int = 0,
    given: Plan | None = None,
    overrides: Mapping[str, Any] | None = None,
) -> Plan:
    """A complete plan; later decisions take account of values that were given.

    Args:
        fingerprint: facts about the data.
        budget_s: seconds that training may take.
        seed: seed of everything random.
        given: a plan (plan.toml, perhaps edited or partial) whose values are kept.
        overrides: values by "section.key" (or key alone where one section has it); they win over ``given``.

    Raises:
        InputError: an unknown key, a value of the wrong type, or values that do not fit together.
    """
    fixed = {} if given is None else {f"{s}.{key}": c for s, keys in given.choices.items() for key, c in keys.items()}
    for key in fixed:
        full_key(key, "plan")
    by_hand = {full_key(key): value for key, value in (overrides or {}).items()}
    known = {key: choice.value for key, choice in fixed.items()} | by_hand
    for key, value in known.items():
        check_value(key, value, "--set" if key in by_hand else "plan")
    chosen: dict[str, Any] = {**known, "budget_s": budget_s, "training.seed": seed}
    choices: dict[str, Choice] = {}
    for key, choose in DECISIONS.items():
        choice = fixed[key] if key in fixed else choose(fingerprint, chosen)
        if key in by_hand:
            choice = Choice(value=by_hand[key], because=f"set by hand; planned was {choice.value}", source="--set")
        choices[key] = choice
        chosen[key] = choice.value
    plan = _in_sections(choices)
    check(Values.of(plan), task_of(fingerprint))
    return plan


def _in_sections(choices: Mapping[str, Choice]) -> Plan:
    """The choices by section and key, in the order in which ``Values`` lists them."""
    sections: dict[str, dict[str, Choice]] = {}
    for key in key_names():
        section, _, name = key.partition(".")
        sections.setdefault(section, {})[name] = choices[key]
    return Plan(choices=sections)
