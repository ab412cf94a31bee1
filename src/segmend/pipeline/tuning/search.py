"""What is searched: data, plan, space and objective, the same in every process of a study."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from segmend import planning
from segmend.artifacts.fingerprint import Fingerprint
from segmend.artifacts.history import History
from segmend.artifacts.plan import Choice, Plan
from segmend.core.dataset import Dataset
from segmend.pipeline.runs.training import TRAINING_SHARE, Listener, Training
from segmend.pipeline.tuning.picking import grid_size
from segmend.pipeline.tuning.wanted import wanted_text
from segmend.planning.picked import for_any_budget, names_of, only, with_values
from segmend.planning.sides import task_of
from segmend.planning.space import Pick, Tunable, space
from segmend.planning.values import full_key, key_names

CONFIRMING = 2
"""Trainings after the trials: the best and the planned values by another seed."""

Prepared = tuple[Dataset, Fingerprint, Plan]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a user asked for; all but a data set in memory can be written as JSON for another process."""

    data: Dataset | Path | str
    plan: Plan | None
    overrides: Mapping[str, Any]
    keys: Sequence[str] | None
    objective: str | None
    sampler: str
    pruner: str
    trials: int
    workers: int
    seed: int
    reading: Mapping[str, Any]

    @property
    def by_hand(self) -> frozenset[str]:
        """The keys of the overrides."""
        return frozenset(full_key(key) for key in self.overrides)

    @property
    def named_in_part(self) -> frozenset[str]:
        """The keys of a plan that is partial: one that is complete names what was planned, too."""
        names = frozenset() if self.plan is None else frozenset(names_of(self.plan))
        return names if names != set(key_names()) else frozenset()

    def to_prepare(self, listener: Listener) -> dict[str, Any]:
        """What ``prepared`` takes."""
        told = {"data": self.data, "plan": self.plan, "seed": self.seed, "overrides": self.overrides}
        return {**told, "listener": listener, **self.reading}

    def to_dict(self) -> dict[str, Any]:
        """As JSON can hold it; the data are a folder."""
        content = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        annotations = self.reading.get("annotations")
        reading = {**self.reading, "annotations": None if annotations is None else str(annotations)}
        plan = None if self.plan is None else self.plan.to_dict()
        return {**content, "data": str(self.data), "plan": plan, "reading": reading}

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> Asked:
        """Back from ``to_dict``."""
        plan = None if content["plan"] is None else Plan.from_dict(content["plan"])
        return cls(**{**content, "plan": plan})


@dataclass(frozen=True, slots=True)
class Search:
    """One search, as every process has it.

    Attributes:
        asked: for.
        data: recordings of the roles "train" and "val" alone.
        facts: about all of the data.
        plan: the planned values, complete.
        space: what is tuned, by "section.key".
        objective: made large.
        seconds: wall clock of a trial.
    """

    asked: Asked
    data: Dataset
    facts: Fingerprint
    plan: Plan
    space: dict[str, Tunable]
    objective: str
    seconds: float

    @classmethod
    def of(cls, asked: Asked, known: Prepared, seconds: float) -> Search:
        """The search that was asked for.

        Args:
            asked: for.
            known: what ``prepared`` gave.
            seconds: wall clock of a trial, for which the values are planned.

        Raises:
            InputError: plan, keys or objective are not of this task.
        """
        dataset, facts, given = known
        plan = planning.make(facts, budget_s=seconds, seed=asked.seed, given=given, overrides=asked.overrides)
        if asked.objective is not None:
            text = wanted_text(asked.objective, task_of(facts))
            told = Choice(value=text, because="what the plan was tuned for", source="--objective")
            plan = Plan(choices={**plan.choices, "validation": {**plan.choices["validation"], "metric": told}})
        objective: str = plan.choices["validation"]["metric"].value
        roles = {role: dataset.split[role] for role in ("train", "val")}
        names = {name for part in roles.values() for name in part}
        kept = tuple(recording for recording in dataset.recordings if recording.name in names)
        found = space(facts, plan, fixed=asked.by_hand, keys=asked.keys)
        seen = dataclasses.replace(dataset, recordings=kept, split=roles)
        return cls(asked, seen, facts, plan, found, objective, seconds)

    @property
    def goal(self) -> int:
        """How many trials are to be finished: no more than a grid has points."""
        asked = self.asked.trials
        return min(asked, grid_size(self.space)) if self.asked.sampler == "grid" else asked

    def plan_of(self, picks: Mapping[str, Pick], because: str = "tried by tuning") -> Plan:
        """The plan with picked values.

        Raises:
            InputError: the values do not fit together.
        """
        values = {key: self.space[key].value(pick) for key, pick in picks.items()}
        fixed = {*self.asked.by_hand, *self.asked.named_in_part}
        return with_values(self.facts, self.plan, values, fixed=fixed, budget_s=self.seconds, because=because)

    def handed_over(self, plan: Plan, *, better: bool) -> Plan:
        """What a training of any length is given of a plan: nothing that was chosen for the seconds of a trial.

        Args:
            plan: of a trial.
            better: whether it was confirmed; if not, only what was given by hand is handed over.
        """
        given = {*self.asked.by_hand, *({} if self.asked.plan is None else names_of(self.asked.plan))}
        if self.asked.objective is not None:
            given.add("validation.metric")
        return for_any_budget(plan, kept={*given, *self.space}) if better else only(plan, given)

    def trained(self, plan: Plan, seconds: float, watchers: Sequence[Any] = ()) -> History:
        """One network of a plan, trained and judged in the seconds of a trial.

        Raises:
            TooLittleTimeError: nothing could be trained in them.
        """
        budget_s, started = seconds / TRAINING_SHARE, time.monotonic()
        return Training(self.data, self.facts, plan, Path(), started, budget_s, Listener(), watchers).network()[1]

    def identity(self) -> dict[str, Any]:
        """What must be the same for trials to be compared: digests, and what is read by people."""
        keys = {key: {"options": list(each.picks), "bounds": each.bounds} for key, each in self.space.items()}
        values = {s: {key: choice.value for key, choice in keys.items()} for s, keys in self.plan.choices.items()}
        return {
            "data": digest(self.facts.to_dict()),
            "plan": digest(values),
            "keys": json.loads(json.dumps(keys)),
            "objective": self.objective,
        }


def digest(content: Any) -> str:
    """Sixteen digits that tell whether two contents are the same.

    >>> digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})
    True
    """
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]
