"""What mending asks for and what came of it."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from segmend.artifacts.base import Artifact


class Trial(Artifact):
    """One remedy to try.

    Attributes:
        name: the remedy, such as "decode-semi-markov".
        edits: what to change, such as {"decoder": "semi_markov"}.
        because: rules whose findings named the remedy.
        control: True for a remedy drawn at random, blind to the diagnosis.
    """

    name: str
    edits: dict[str, Any]
    because: tuple[str, ...] = ()
    control: bool = False


class Interval(Artifact):
    """A difference with its paired bootstrap interval."""

    difference: float | None
    low: float | None
    high: float | None
    level: float = 0.95
    unit: str = "groups"


class Outcome(Artifact):
    """What a trial brought, on groups used neither to fit nor to select it.

    Attributes:
        before, after: objective, segment_f1@50, step_accuracy, count_mae, count_ratio.
        change: the objective's paired difference with its interval.
        inner: mean objective on the inner folds, by which remedies are selected.
        seconds: wall clock of the trial.
        failed: why the trial gave no result, None if it did.
        per_group: objective before and after, per held-out group.
    """

    trial: Trial
    before: dict[str, float | None]
    after: dict[str, float | None]
    change: Interval | None
    inner: float | None
    seconds: float
    failed: str | None = None
    per_group: dict[str, tuple[float | None, float | None]] = Field(default_factory=dict)


class Untried(Artifact):
    """A remedy that findings name and that was not tried.

    Attributes:
        trial: the remedy.
        gain: what it could have gained at most beyond the best so far; None where nobody knows.
        seconds: what it was expected to take.
        why: "gain" where that gain is not worth those seconds, "time" where none was left.
    """

    trial: Trial
    gain: float | None
    seconds: float
    why: Literal["gain", "time"]


class Certificate(Artifact):
    """The proof of a mend.

    Attributes:
        verdict: "helped", "nothing helped" or "not proven".
        objective: what was optimised, as the user wrote it.
        chosen: name of the remedy kept, None if none was.
        outcome: the chosen remedy's outcome on held-out groups.
        tried: the outcomes of every remedy tried.
        untried: the remedies that were named and not tried, and why.
        control: how many random remedies were drawn and the share that the chosen one beats.
        mean_count_mae: count MAE of always answering the mean count of the other groups.
        judged_on: what "held out" means here.
        note: what a person should look at next.
    """

    schema_: int = Field(default=1, alias="schema")
    verdict: str
    objective: str
    chosen: str | None
    outcome: Outcome | None
    tried: tuple[Outcome, ...]
    untried: tuple[Untried, ...] = ()
    control: dict[str, Any]
    mean_count_mae: float | None
    judged_on: str
    note: str = ""
