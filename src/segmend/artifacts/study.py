"""A search over the values of a plan, and what came of it."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from segmend.artifacts.base import Artifact


class StudyTrial(Artifact):
    """One training with other values, judged on the role "val".

    Attributes:
        number: from 0, in the order in which they began.
        state: "complete"; "pruned" where it was not worth its seconds or could not be, "failed" where its
            process ended.
        picks: by "section.key", the name of an option or a number.
        scores: of whole validation recordings, argmax decoded, at the epoch that was best by the objective.
        objective: the value to be made large; None where there is none.
        seconds: wall clock.
        because: why it was pruned or failed, "" where it was not.
    """

    number: int
    state: Literal["complete", "pruned", "failed"]
    picks: dict[str, str | float]
    scores: dict[str, float | None] = Field(default_factory=dict)
    objective: float | None = None
    seconds: float | None = None
    because: str = ""


class Confirmation(Artifact):
    """The best and the planned values trained once more by another seed.

    Attributes:
        seed: of the second training.
        planned: the objective of the planned values by either seed.
        best: that of the best ones.
        gain: of the best by the second seed, over the mean of the planned: free of having been picked as the best.
        needed: the gain that chance does not explain.
        confirmed: whether the gain is larger.
        because: why there is no gain, "" where there is one.
    """

    seed: int
    planned: tuple[float | None, float | None]
    best: tuple[float | None, float | None]
    gain: float | None
    needed: float | None
    confirmed: bool
    because: str = ""


class TunedKey(Artifact):
    """What one key could be.

    Attributes:
        planned: the pick that left the plan as it was.
        options: values by the names that picks have, the planned one first; of a range, those that a grid takes.
        bounds: of a range, whose picks are the values themselves; else None.
    """

    planned: str | float
    options: dict[str, Any]
    bounds: tuple[float, float] | None = None


class StudyRecord(Artifact):
    """A search over the values of a plan.

    Attributes:
        task: what the labels answer.
        data: digest of the fingerprint.
        objective: what was made large.
        scores: names of the scores whose Pareto front is shown; errors are made small.
        sampler, pruner, seed, workers: how it was searched.
        asked: trials asked for.
        seconds_each: wall clock that each trial may take.
        seconds: wall clock of the last call.
        keys: what was tuned.
        trials: in their order.
        planned: number of the trial of the planned values.
        best: number of the trial with the highest objective.
        front: numbers of the trials that no other one beats in all scores.
        confirmation: of the best, None where the planned values were the best.
        changes: by "section.key", planned and new value in the plan that is handed over; empty where nothing is better.
        verdict: one sentence.
    """

    schema_: int = Field(default=1, alias="schema")
    version: str
    backend: str
    task: dict[str, Any]
    data: str
    objective: str
    scores: tuple[str, ...]
    sampler: str
    pruner: str
    seed: int
    workers: int
    asked: int
    seconds_each: float
    seconds: float
    keys: dict[str, TunedKey]
    trials: tuple[StudyTrial, ...]
    planned: int
    best: int
    front: tuple[int, ...]
    confirmation: Confirmation | None
    changes: dict[str, tuple[Any, Any]]
    verdict: str
